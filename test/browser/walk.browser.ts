/** A walk through a site: the pages and the way back, by mouse, keys and fingers; and the commands that it copies. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { main } from '../../src/cli.js';
import type { Result } from '../../src/search/answer.js';
import { writeFilm } from '../oracle/made-films.js';
import { recordingIo } from '../recording-io.js';
import { temporaryFolder } from '../temporary-folder.js';
import { violations } from './browser.js';
import { arrive, explore, heading, leave, samples, sintel, siteBrowser } from './site.js';

const open = siteBrowser();
const site = explore(join(temporaryFolder(), 'look'), samples);
const fiveFilms = makeFiveFilms();

describe('a walk', () => {
  test('of five hops leads back over the same pages, the focus where it was', async () => {
    const { page, complaints } = await open(site, '');
    await page.locator('.film-name', { hasText: 'Sintel' }).click();
    await arrive(page, sintel);
    await page.locator('.sheet .tile').nth(15).click();
    const hashes = [await leave(page, sintel)];
    for (let hop = 0; hop < 3; hop++) {
      await page.locator('.lane .tile').nth(hop).click();
      hashes.push(await leave(page, hashes[hop]));
      assert.match(await heading(page), /^Frame \d+/);
    }
    assert.equal(new Set(hashes).size, hashes.length);
    for (const hash of hashes.slice(0, -1).reverse()) {
      await page.goBack();
      await arrive(page, hash);
      await page.waitForFunction(() => document.activeElement?.matches('.lane .tile'));
    }
    await page.goBack();
    await arrive(page, sintel);
    await page.goBack();
    await arrive(page, '');
    assert.equal(await heading(page), 'data_embeddings');
    await page.goForward();
    await arrive(page, sintel);
    assert.equal(await heading(page), 'Sintel.Trailer.2010.mp4');
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('to a film that is not loaded has the focus on its heading', async () => {
    const { page } = await open(site, `${sintel}/66`);
    await page.locator('.lane', { hasText: 'In other films' }).locator('.tile').first().click();
    await leave(page, `${sintel}/66`);
    await page.locator('.lane .tile').first().waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.localName), 'h1');
    await page.close();
  });

  test('works by the keyboard alone', async () => {
    const { page, complaints } = await open(site, '');
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('ArrowDown', 'Enter');
    await page.locator('.sheets').waitFor();
    const film = await leave(page, '');
    await press('ArrowRight', 'ArrowRight', 'Enter');
    const first = await leave(page, film);
    await press('ArrowRight');
    await leave(page, first);
    await press('ArrowLeft');
    await arrive(page, first);
    await press('ArrowDown', 'ArrowRight');
    const href = await page.evaluate(() => document.activeElement?.getAttribute('href'));
    assert.ok(href);
    await press('Enter');
    await arrive(page, href);
    const hop = Number(href.split('/').at(-1));
    await page.locator('.large img').waitFor();
    while (!(await page.evaluate(() => document.activeElement?.matches('.large')))) await press('Tab');
    await press('Enter', 'ArrowLeft', 'Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await arrive(page, href.replace(/\d+$/, String(hop - 1)), 'enlarged, and along the film');
    while (!(await page.evaluate(() => document.activeElement?.textContent === 'Copy command')))
      await press('Tab');
    await press('Enter');
    await page.locator('.stage').getByText('Copied').waitFor();
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^giallo similar \S+ \d+ --all /);
    await press('Escape');
    await arrive(page, href.replace(/\/\d+$/, ''));
    await press('Escape');
    await arrive(page, '#/');
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('along the film by the slider, and by a swipe over the picture', async () => {
    const { page } = await open(site, `${sintel}/66`);
    await page.locator('input[type=range]').fill('100');
    await arrive(page, `${sintel}/100`);
    assert.match(await heading(page), /^Frame 100\b/);
    await page.evaluate(() => {
      const target = document.querySelector('.large') as Element;
      for (const [type, clientX, key] of [
        ['touchstart', 200, 'touches'],
        ['touchend', 100, 'changedTouches'],
      ] as const) {
        const touch = new Touch({ identifier: 1, target, clientX, clientY: 10 });
        target.dispatchEvent(new TouchEvent(type, { bubbles: true, [key]: [touch] }));
      }
    });
    await arrive(page, `${sintel}/101`);
    await page.close();
  });
});

describe('the way back leads to a page as it was left', () => {
  test('far down a film of many shots, by Back and by Esc', async () => {
    const data = temporaryFolder();
    const rows = Array.from({ length: 300 }, (_, i) => [Math.sin(i * i), Math.cos(3 * i), 1]);
    await writeFilm(data, { name: 'Stills', dim: 3, rows });
    const look = await explore(join(temporaryFolder(), 'look'), data, '-k', '2');
    const { page } = await open(look, '#/film/Stills', { width: 1000 });
    const tile = page.locator('[href="#/film/Stills/222"]');
    while ((await tile.count()) === 0) await page.mouse.wheel(0, 1000);
    await tile.scrollIntoViewIfNeeded();
    const top = async () => Math.round((await tile.boundingBox())?.y ?? -1);
    const before = await top();
    for (const back of [() => page.goBack(), () => page.keyboard.press('Escape')]) {
      await tile.click();
      await leave(page, '#/film/Stills');
      await back();
      await arrive(page, '#/film/Stills');
      assert.equal(await top(), before);
    }
    await page.close();
  });

  test('to what was typed, to what grew, and to what is far below', async () => {
    const { page } = await open(fiveFilms, '');
    await page.locator('input[type=search]').fill('film e');
    await page.keyboard.press('Enter');
    await arrive(page, '#/film/film%20e');
    await page.keyboard.press('Escape');
    await arrive(page, '#/');
    await page.locator('.film-name:focus').waitFor();
    assert.deepEqual(await page.locator('.film-name').allInnerTexts(), ['film e']);
    await page.goto(page.url().replace(/#.*/, '#/cuts'));
    await page.getByRole('button', { name: 'Show more' }).click();
    const last = page.locator('.pair .tile').last();
    const href = await last.getAttribute('href');
    await last.click();
    await leave(page, '#/cuts');
    await page.goBack();
    await page.locator('.pair .tile:focus').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), href);
    await page.close();
  });

  test('while a link leads to it anew', async () => {
    const { page } = await open(fiveFilms, '');
    const shown = () => page.locator('.film-name').allInnerTexts();
    const follow = (name: string) => page.getByRole('link', { name, exact: true }).first().click();
    await page.locator('input[type=search]').fill('film e');
    await follow('Films');
    assert.deepEqual(await shown(), ['film e'], 'the page is there already');
    await follow('Films');
    await follow('film e');
    await arrive(page, '#/film/film%20e');
    await follow('Films');
    await arrive(page, '#/');
    assert.equal((await shown()).length, 5);
    assert.equal(await page.locator('input[type=search]').inputValue(), '');
    await follow('Match cuts');
    await arrive(page, '#/cuts');
    await page.keyboard.press('Escape');
    await arrive(page, '#/');
    assert.equal((await shown()).length, 5);
    for (const hash of ['#/cuts', '#/', '#/film/film%20e', '#/']) {
      await page.goBack();
      await arrive(page, hash);
    }
    assert.deepEqual(await shown(), ['film e']);
    await page.locator('.film-name:focus').waitFor();
    await page.close();
  });

  test('Esc from a film that was come to by its address leads to it on the first page', async () => {
    const { page } = await open(site, sintel);
    await page.keyboard.press('Escape');
    await page.locator(`.film-name[href="${sintel}"]:focus`).waitFor();
    await page.close();
  });
});

test('the large picture fills the screen with a click; arrows go along the film, Esc comes back', async () => {
  const { page, complaints } = await open(site, `${sintel}/66`);
  await page.locator('.large img').waitFor();
  await page.locator('h1 .moment').waitFor();
  await page.locator('.large').click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  assert.equal(
    await page.locator('.enlarged img').getAttribute('alt'),
    'Frame 67 of Sintel.Trailer.2010.mp4',
  );
  assert.match(await page.getByRole('dialog').innerText(), /Frame 67\s+0:00:26\.8/);
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await arrive(page, `${sintel}/67`);
  assert.match(await heading(page), /^Frame 67\b/);
  assert.ok(await page.evaluate(() => document.activeElement?.matches('.large')));
  await page.keyboard.press('Escape');
  await arrive(page, sintel);
  assert.equal(await heading(page), 'Sintel.Trailer.2010.mp4');
  assert.deepEqual(complaints, []);
  await page.close();
});

test('copies commands that bash runs as they are, and that ask the same', async () => {
  const { page } = await open(site, `${sintel}/66`);
  const lane = page.locator('.lane', { hasText: 'Elsewhere' });
  await lane.getByRole('button', { name: 'Copy command' }).click();
  await page.getByText('Copied').waitFor();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(line, await lane.getByRole('button', { name: 'Copy command' }).getAttribute('title'));
  await page.close();
  await asksTheSame(site, sintel, 66);
});

test('with --per-shot lanes have no more frames of a shot, and neither has what is copied', async () => {
  const look = explore(join(temporaryFolder(), 'look'), samples, '--per-shot', '1');
  const { page } = await open(look, `${sintel}/66`);
  assert.equal(await page.locator('.lane', { hasText: 'In other films' }).locator('.tile').count(), 12);
  assert.equal(await page.locator('.fold').count(), 0);
  await page.close();
  await asksTheSame(look, sintel, 66);
});

test('shots most alike are found from the page of a film, and Esc leads back to it', async () => {
  const { page, complaints } = await open(site, '#/film/Krank.Red.Sea');
  await page.getByRole('link', { name: 'Shots most alike' }).click();
  const first = page.locator('.pair').first();
  await first.waitFor();
  assert.match(await first.innerText(), /^1\.0000\s+Shot 0 frame 0\s+Shot 35 frame 35$/);
  await first.locator('.tile').last().click();
  await arrive(page, '#/film/Krank.Red.Sea/35');
  await page.goBack();
  await page.locator('.pair .tile:focus').waitFor();
  await page.keyboard.press('Escape');
  await arrive(page, '#/film/Krank.Red.Sea');
  assert.deepEqual(complaints, []);
  await page.close();
});

test('commands of films that lie elsewhere name them by their paths, and no folder that is not there', async () => {
  const folder = temporaryFolder();
  const paths = [
    ['Sintel.Trailer.2010.mp4', '-a b.npz'],
    ['Krank.Red.Sea', "c/it's.npz"],
  ].map(([name, path]) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    copyFileSync(join(samples, `${name}.npz`), join(folder, path));
    return `./${path}`;
  });
  const before = process.cwd();
  process.chdir(folder);
  try {
    const words = ['explore', ...paths, '-o', 'look'];
    assert.equal(await main(words, recordingIo({ env: {} }).io), 0);
    const elsewhere = join(folder, 'look');
    await areAnswered(elsewhere, '#/film/-a%20b', "it's");
    await asksTheSame(elsewhere, '#/film/-a%20b', 66);
    const among = await explore(join(folder, 'among'), samples, ...paths, 'Bunny');
    await asksTheSame(among, '#/film/-a%20b', 66);
  } finally {
    process.chdir(before);
  }
});

test('a lane says where all that was found is the same picture', async () => {
  const data = temporaryFolder();
  const row = (i: number) => ((i >> 2) % 2 === 0 ? [1, 0, 0] : [0, (i >> 2) % 4, 1]);
  await writeFilm(data, { name: 'film', dim: 3, rows: Array.from({ length: 24 }, (_, i) => row(i)) });
  const { page } = await open(explore(join(temporaryFolder(), 'look'), data, '-k', '3'), '#/film/film/0');
  assert.match(await page.locator('.lane').first().innerText(), /All that was found is the same picture/);
  await page.close();
});

/** Runs what the pages of all films, and of one, copy. */
async function areAnswered(of: string, film: string, other: string): Promise<void> {
  const map = film.replace('film', 'map');
  const { page } = await open(of, '');
  for (const [hash, command] of [
    [film, 'shots'],
    ['#/map', 'compare'],
    ['#/cuts', 'pairs'],
    [map, 'compare'],
    ['#/reused', 'duplicates'],
    [`${map}/${encodeURIComponent(other)}`, 'compare'],
  ]) {
    await page.goto(page.url().replace(/(#.*)?$/, hash));
    await ask(await page.locator(`header [title^="giallo ${command} "]`).getAttribute('title'));
  }
  await page.close();
}

/** Runs what the page of a frame copies, and compares its lanes with what is printed. */
async function asksTheSame(of: string | Promise<string>, film: string, index: number): Promise<void> {
  const { page } = await open(of, `${film}/${index}`);
  await page.locator('.lane .tile').first().waitFor();
  for (const lane of await page.locator('.lane', { has: page.locator('.tile') }).all()) {
    const all = lane.getByRole('button', { name: 'Unfold all' });
    if ((await all.count()) > 0) await all.click();
    else for (const fold of await lane.locator('.fold').all()) await fold.click();
    const shown = await lane.locator('.tile').evaluateAll((tiles) =>
      tiles.map((tile) => ({
        frame: decodeURIComponent(tile.getAttribute('href')?.replace('#/film/', '') ?? ''),
        score: tile.querySelector('.score strong')?.textContent,
      })),
    );
    const line = await lane.getByRole('button', { name: 'Copy command' }).getAttribute('title');
    const { results } = await ask(line);
    const found = new Map<string, string>(
      results.map((one: Result) => [`${one.film}/${one.index}`, one.score.toFixed(4)]),
    );
    for (const { frame, score } of shown) assert.equal(found.get(frame), score, line ?? '');
  }
  await page.close();
}

/** What a line answers that is pasted into bash. */
async function ask(line: string | null) {
  const words = execFileSync('bash', ['--norc', '-c', `giallo() { printf '%s\\0' "$@"; }; ${line}`], {
    encoding: 'utf8',
  });
  const recording = recordingIo({ env: {} });
  const end = words.split('\0').slice(0, -1);
  const place = end.includes('--') ? end.indexOf('--') : end.length;
  const status = await main(end.toSpliced(place, 0, '--json'), recording.io);
  assert.equal(status, 0, `${line}: ${recording.stderr()}`);
  return JSON.parse(recording.stdout());
}

test('the frames of a shot unfold behind the closest, by mouse and keys, and are there on the way back', async () => {
  const { page, complaints } = await open(site, `${sintel}/66`);
  const lane = page.locator('.lane', { hasText: 'In other films' });
  const indices = () =>
    lane.locator('.tile').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('href')));
  await lane.locator('.fold').first().waitFor();
  const folded = await indices();
  const more = await lane.locator('.fold').allInnerTexts();
  const hidden = more.reduce((sum, text) => sum + Number.parseInt(text, 10), 0);
  assert.equal(folded.length + hidden, 12, 'every neighbour is there to be reached');
  await lane.locator('.fold').first().click();
  const unfolded = await indices();
  assert.equal(unfolded.length, folded.length + Number.parseInt(more[0], 10));
  assert.deepEqual(await violations(page), []);
  await lane.locator('.tile').nth(1).click();
  await leave(page, `${sintel}/66`);
  await page.goBack();
  await page.waitForFunction((href) => document.activeElement?.getAttribute('href') === href, unfolded[1]);
  assert.deepEqual(await indices(), unfolded);
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Space');
  await lane.locator('.fold[aria-expanded=false]').first().waitFor();
  assert.deepEqual(await indices(), folded);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), folded[0]);
  const own = page.locator('.lane', { hasText: 'Elsewhere' });
  await own.getByRole('button', { name: 'Unfold all' }).click();
  await own.getByRole('button', { name: 'Fold all' }).waitFor();
  assert.equal(await own.locator('.tile').count(), 12);
  assert.deepEqual(complaints, []);
  await page.close();
});

/** A site of films whose frames have nothing to do with each other. */
async function makeFiveFilms(): Promise<string> {
  const data = temporaryFolder();
  for (const [film, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
    const row = (i: number) =>
      Array.from({ length: 8 }, (_, d) => Math.sin((film + 1) * (i + 3) * (d + 2) ** 2));
    const rows = Array.from({ length: 40 }, (_, i) => row(i));
    await writeFilm(data, { name: `film ${name}`, dim: 8, rows });
  }
  return explore(join(temporaryFolder(), 'look'), data, '-k', '2');
}
