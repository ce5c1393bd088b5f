/** How the pages of a site look: in every size and both schemes, to assistive technology, on paper. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { packMap } from '../../src/explore/site-data.js';
import { writeDataScript } from '../../src/explore/site-files.js';
import type { CompareReport } from '../../src/reports/compare.js';
import { filenameOf, writeFilm } from '../oracle/made-films.js';
import { picture } from '../pictures/make-picture.js';
import { temporaryFolder } from '../temporary-folder.js';
import { sideways, smallTargets, violations } from './browser.js';
import { explore, sampleSite, sintel, siteBrowser } from './site.js';

const open = siteBrowser();
const folder = temporaryFolder();
const site = sampleSite();

const withoutPictures = ['#/map', '#/film/nothing', `${sintel}/999`];
const views = [
  ...withoutPictures,
  '',
  '#/map/Krank.Red.Sea',
  '#/cuts',
  '#/reused',
  '#/alike/Krank.Red.Sea',
  sintel,
  `${sintel}/66`,
];

/** Each page in both schemes and two widths: light on a large screen, dark on a small one. */
const sizes = { light: { width: 2560, height: 1440 }, dark: { width: 1280, height: 800 } } as const;

for (const scheme of ['light', 'dark'] as const) {
  test(`every page is accessible and within its width: ${scheme}`, async () => {
    for (const hash of views) {
      const { page, complaints } = await open(site, hash, { scheme, ...sizes[scheme] });
      if (!withoutPictures.includes(hash))
        await page.locator('.tile img').first().waitFor({ state: 'attached' });
      assert.deepEqual(await violations(page), [], hash);
      assert.deepEqual(await sideways(page), [], hash);
      assert.deepEqual(complaints, []);
      await page.close();
    }
  });
}

test('the map of many films begins with the films nearest to each other', async () => {
  const data = join(folder, 'many');
  mkdirSync(data);
  const near = [
    [1, 0, 0],
    [0, 1, 0],
  ];
  for (let i = 0; i < 30; i++) {
    const rows =
      i % 29 === 0
        ? near
        : [
            [i, 1, -i],
            [1, -i, 30],
          ];
    await writeFilm(data, {
      name: `film ${String(i).padStart(2, '0')} of ${'many '.repeat(9)}`,
      dim: 3,
      rows,
    });
  }
  const many = await explore(join(folder, 'many look'), data, '-k', '1');
  for (const way of ['desk', 'phone'] as const) {
    const { page } = await open(many, '#/map', { way });
    const first = await page.locator('.nearest li').first().innerText();
    assert.match(first, /^1\.0000\s+film 00 of many .* in film 29 of many/);
    assert.deepEqual(await sideways(page), []);
    assert.deepEqual(await violations(page), []);
    if (way === 'phone') assert.deepEqual(await smallTargets(page), []);
    await page.close();
  }
});

test('the map of hundreds of films draws only rows that can be seen', async () => {
  const films = Array.from({ length: 200 }, (_, i) => `film ${i}`);
  const comparisons = films.flatMap((film, i) =>
    films.map((other, j) => ({ film, other, value: i === j ? null : (i + j) / 400, witnesses: [] })),
  );
  const look = join(folder, 'hundreds look');
  cpSync(await site, look, { recursive: true });
  const map = packMap({ films, comparisons } as unknown as CompareReport);
  await writeDataScript(look, 'map.js', { v: 1, key: '', ...map });
  const { page } = await open(look, '#/map', { width: 1280, height: 800 });
  const values = page.locator('.heat td a');
  await values.first().waitFor();
  assert.ok((await values.count()) < 20_000, 'of 39,800');
  const height = () => page.locator('.heat').evaluate((heat) => heat.scrollHeight);
  const before = await height();
  await page.locator('.heat tr').last().scrollIntoViewIfNeeded();
  await page.getByLabel('film 199 in film 198: 0.99').waitFor();
  assert.equal(await height(), before);
  await page.close();
});

test('every level of the map is readable in the dark scheme', async () => {
  const { page } = await open(site, '#/map', { scheme: 'dark' });
  for (const levels of [
    [0, 1, 2, 3, 4, 5],
    [6, 7, 8, 9, 10],
  ]) {
    await page.locator('.heat td:not(.same)').evaluateAll((cells, levels) => {
      for (const [i, level] of levels.entries()) cells[i].setAttribute('class', `h${level}`);
    }, levels);
    assert.deepEqual(await violations(page), []);
  }
  await page.close();
});

describe('if pictures are missing', () => {
  const some = makeSome();

  async function makeSome(): Promise<string> {
    const data = join(folder, 'some');
    mkdirSync(join(data, 'screenshots/film'), { recursive: true });
    const film = { name: 'film', dim: 3, rows: Array.from({ length: 20 }, (_, i) => [i, i >> 3, 1]) };
    await writeFilm(data, film);
    const black = await picture([[[0, 0, 0]]]);
    for (let i = 0; i < 10; i++) writeFileSync(join(data, 'screenshots/film', filenameOf(film, i)), black);
    return explore(join(folder, 'some look'), data, '-k', '3');
  }

  test('the bar of the film is empty at their places, and black only at black pictures', async () => {
    for (const hash of ['', '#/film/film']) {
      const { page } = await open(some, hash);
      const opacity = await page.locator('.barcode canvas').evaluate((canvas: HTMLCanvasElement) => {
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        const { data } = context.getImageData(0, 0, canvas.width, 1);
        return data.filter((_, i) => i % 4 === 3);
      });
      assert.deepEqual(
        Object.values(opacity),
        Array.from({ length: 20 }, (_, i) => (i < 10 ? 255 : 0)),
      );
      await page.close();
    }
  });

  test('frames around the current one are shown as whole numbers', async () => {
    const { page } = await open(some, '#/film/film/15', { way: 'phone' });
    const numbers = page.locator('.around .missing');
    await numbers.first().waitFor();
    assert.deepEqual(await numbers.allInnerTexts(), ['12', '13', '14', '15', '16', '17', '18']);
    const cut = await numbers.evaluateAll((all) =>
      all.filter((one) => one.clientHeight > (one.closest('.mat')?.clientHeight ?? 0)),
    );
    assert.deepEqual(cut, []);
    await page.close();
  });
});

describe('on a phone', () => {
  const long = 'x'.repeat(200);
  const seven = makeSeven();

  for (const hash of [
    '',
    '#/map',
    '#/map/b',
    '#/cuts',
    '#/reused',
    '#/film/b',
    '#/film/b/3',
    `#/film/${long}/3`,
  ]) {
    test(`seven films fit without sideways scrolling: ${hash.slice(0, 20)}`, async () => {
      const { page } = await open(seven, hash, { way: 'phone' });
      assert.deepEqual(await sideways(page), []);
      await page.close();
    });
  }

  for (const hash of views) {
    test(`everything to touch is large enough: ${hash}`, async () => {
      const { page } = await open(site, hash, { way: 'phone' });
      if (!withoutPictures.includes(hash))
        await page.locator('.tile img').first().waitFor({ state: 'attached' });
      assert.deepEqual(await sideways(page), []);
      assert.deepEqual(await smallTargets(page), []);
      await page.close();
    });
  }

  async function makeSeven(): Promise<string> {
    const data = join(folder, 'seven');
    mkdirSync(data);
    const rows = Array.from({ length: 20 }, (_, i) => [Math.sin(i >> 2), Math.cos(i * i), 1]);
    const names = ['The.Bird.With.The.Crystal.Plumage.1970.Remastered.mp4', 'b', 'c', 'd', 'e', 'f', long];
    for (const name of names) await writeFilm(data, { name, dim: 3, rows });
    return explore(join(folder, 'seven look'), data, '-k', '3');
  }
});

test('the first page begins with pictures that are not black', async () => {
  const { page } = await open(site, '');
  await page.locator('.beginning .pair').first().scrollIntoViewIfNeeded();
  await page.locator('.beginning .group').first().waitFor();
  const ranks = await page.locator('.beginning .pair .score .soft').allInnerTexts();
  assert.deepEqual(ranks, ['2', '3', '4', '5'], 'the best match cut is black and black');
  assert.match(await page.locator('.beginning .group h2').first().innerText(), /^Group 3\b/);
  await page.close();
});

test('pictures with another shape than their row are shown whole', async () => {
  const { page } = await open(site, '#/map/Krank.Red.Sea');
  await page.locator('.pair img').first().waitFor();
  const cut = await page.locator('.pair .mat').evaluateAll((mats) =>
    mats.filter((mat) => {
      const [outer, inner] = [mat, mat.firstElementChild].map((element) => element?.getBoundingClientRect());
      return inner?.height !== outer?.height || inner?.width !== outer?.width;
    }),
  );
  assert.equal(cut.length, 0);
  await page.close();
});

test('a frame is printed with its neighbours and without buttons', async () => {
  const { page } = await open(site, `${sintel}/66`);
  await page.locator('.lane img').first().waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('button:not(.large, .fold), nav').filter({ visible: true }).count(), 0);
  assert.ok((await page.locator('.lane .tile').filter({ visible: true }).count()) > 6);
  await page.close();
});

test('all shots of a film are printed, also those not drawn yet', async () => {
  const data = join(folder, 'stills');
  mkdirSync(data);
  const rows = Array.from({ length: 300 }, (_, i) => [Math.sin(i * i), Math.cos(3 * i), 1]);
  await writeFilm(data, { name: 'Stills', dim: 3, rows });
  const { page } = await open(explore(join(folder, 'stills look'), data, '-k', '1'), '#/film/Stills');
  const tiles = page.locator('.sheet .tile');
  await tiles.first().waitFor();
  assert.ok((await tiles.count()) < rows.length);
  await page.pdf({ format: 'A4' });
  assert.equal(await tiles.count(), rows.length);
  await page.close();
});
