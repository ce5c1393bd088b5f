/** `giallo explore` in a browser: the walk and the way back, keys, phones, names, and where its files may lie. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { main } from '../../src/cli.js';
import { writeFilm } from '../oracle/made-films.js';
import { recordingIo } from '../recording-io.js';
import { temporaryFolder } from '../temporary-folder.js';
import { browserForTests, type OpenPage, type Viewing } from './browser.js';

const openFile = browserForTests();
const folder = temporaryFolder();
const samples = join(import.meta.dirname, '../../data_embeddings');
const sintel = '#/film/Sintel.Trailer.2010.mp4';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const site = join(folder, 'look');
before(() => explore(site, samples));

async function explore(to: string, data: string, ...words: string[]): Promise<void> {
  const recording = recordingIo();
  const status = await main(['explore', '-d', data, '-o', to, ...words], recording.io);
  assert.equal(status, 0, recording.stderr());
}

/** A page of a site, which may load that site's files and nothing else. */
async function open(hash: string, viewing: Viewing = {}, of = site): Promise<OpenPage> {
  const within = of.startsWith('http:') ? of : pathToFileURL(of).href;
  const opened = await openFile(of.startsWith('http:') ? of : join(of, 'index.html'), {
    ...viewing,
    hash,
    within,
  });
  await opened.page
    .locator('main h1')
    .waitFor({ timeout: 30_000 })
    .catch((error) => {
      throw new Error(`${hash}: ${opened.complaints.join(' ')}`, { cause: error });
    });
  return opened;
}

const heading = (page: Page) => page.locator('main h1').innerText();
const hashOf = (page: Page) => new URL(page.url()).hash;

describe('a walk', () => {
  test('of five hops leads back over the same pages, the focus where it was', async () => {
    const { page, complaints } = await open('');
    await page.locator('.film-name', { hasText: 'Sintel' }).click();
    await page.locator('.sheet .tile').nth(15).click();
    const hashes = [hashOf(page)];
    for (let hop = 0; hop < 3; hop++) {
      await page.locator('.lane .tile').nth(hop).click();
      await page.waitForFunction((before) => location.hash !== before, hashes.at(-1));
      assert.match(await heading(page), /^Frame \d+/);
      hashes.push(hashOf(page));
    }
    assert.equal(new Set(hashes).size, hashes.length);
    for (const hash of hashes.slice(0, -1).reverse()) {
      await page.goBack();
      assert.equal(hashOf(page), hash);
      await page.waitForFunction(() => document.activeElement?.matches('.lane .tile'));
    }
    await page.goBack();
    assert.equal(hashOf(page), sintel);
    await page.goBack();
    assert.equal(await heading(page), samples);
    await page.goForward();
    assert.equal(await heading(page), 'Sintel.Trailer.2010.mp4');
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('works by the keyboard alone', async () => {
    const { page, complaints } = await open('');
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('ArrowDown', 'Enter');
    await page.locator('.sheets').waitFor();
    await press('ArrowRight', 'ArrowRight', 'Enter');
    await page.locator('.stage').waitFor();
    const first = hashOf(page);
    await press('ArrowRight');
    assert.notEqual(hashOf(page), first, 'along the film');
    await press('ArrowLeft');
    assert.equal(hashOf(page), first);
    await press('ArrowDown', 'ArrowRight');
    const href = await page.evaluate(() => document.activeElement?.getAttribute('href'));
    await press('Enter');
    assert.equal(hashOf(page), href);
    await press('Escape');
    assert.match(hashOf(page), /^#\/film\/[^/]+$/);
    await press('Escape');
    assert.equal(hashOf(page), '#/');
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('along the film by the slider, and by a swipe over the picture', async () => {
    const { page } = await open(`${sintel}/66`);
    await page.locator('input[type=range]').fill('100');
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
    await page.waitForFunction(() => location.hash.endsWith('/101'));
    await page.close();
  });
});

test('copies commands that bash runs as they are, and that ask the same', async () => {
  const { page } = await open(`${sintel}/66`);
  await page.locator('.lane', { hasText: 'Elsewhere' }).getByRole('button', { name: 'Copy command' }).click();
  await page.getByText('Copied').waitFor();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  const words = execFileSync('bash', ['-c', `giallo() { printf '%s\\n' "$@"; }; ${line}`], {
    encoding: 'utf8',
  });
  const recording = recordingIo();
  assert.equal(await main([...words.trimEnd().split('\n'), '--json'], recording.io), 0);
  const { results } = JSON.parse(recording.stdout());
  const shown = await page.locator('.lane').first().locator('.score strong').allInnerTexts();
  const scores = results.map(({ score }: { score: number }) => score.toFixed(4));
  assert.equal(scores[0], shown[0]);
  assert.ok(shown.every((score) => scores.includes(score)));
  await page.close();
});

const views = ['', '#/map', '#/map/Krank.Red.Sea', '#/cuts', '#/reused', sintel, `${sintel}/66`];

for (const scheme of ['light', 'dark'] as const) {
  test(`every page is accessible and within its width: ${scheme}`, async () => {
    for (const hash of views) {
      for (const [width, height] of scheme === 'light' ? [[2560, 1440]] : [[1280, 800]]) {
        const { page, complaints } = await open(hash, { scheme, width, height });
        await page
          .locator('.tile img')
          .first()
          .waitFor({ state: 'attached', timeout: 3000 })
          .catch(() => {});
        await page.evaluate(axe);
        const { violations } = (await page.evaluate('axe.run({ preload: false })')) as AxeResults;
        const found = violations.map(({ id, nodes }) => `${hash} ${id}: ${nodes[0].html.slice(0, 150)}`);
        assert.deepEqual(found, []);
        assert.deepEqual(await sideways(page), [], hash);
        assert.deepEqual(complaints, []);
        await page.close();
      }
    }
  });
}

test('seven films fit on a phone without sideways scrolling', async () => {
  const data = join(folder, 'seven');
  mkdirSync(data);
  const rows = Array.from({ length: 20 }, (_, i) => [Math.sin(i >> 2), Math.cos(i * i), 1]);
  const names = ['The.Bird.With.The.Crystal.Plumage.1970.Remastered.mp4', 'b', 'c', 'd', 'e', 'f'];
  for (const name of [...names, 'x'.repeat(200)]) await writeFilm(data, { name, dim: 3, rows });
  await explore(join(folder, 'seven look'), data, '-k', '3');
  const phone = { width: 390, height: 844 };
  for (const hash of [
    '',
    '#/map',
    '#/map/b',
    '#/cuts',
    '#/reused',
    '#/film/b',
    '#/film/b/3',
    `#/film/${'x'.repeat(200)}/3`,
  ]) {
    const { page } = await open(hash, phone, join(folder, 'seven look'));
    assert.deepEqual(await sideways(page), [], hash);
    await page.close();
  }
});

test('names stay text, in pages and in addresses', async () => {
  const names = [
    '<img src=x onerror=alert(1)>',
    `quo"te's & 100% #1?`,
    '-dash',
    'bi\u202edi',
    '__proto__',
    'a\\b',
  ];
  const data = join(folder, 'hostile');
  mkdirSync(data);
  for (const [i, name] of names.entries()) {
    const frames = {
      [`</script><script>alert(${i})</script>`]: [1, i, 0],
      '"><img src=x onerror=alert(2)>': [1, i, 5],
    };
    writeFileSync(join(data, `${i}.json`), JSON.stringify({ ...frames, '\u0000%2e\n#?': [i, 3, 1] }));
    const recording = recordingIo();
    const words = ['convert', join(data, `${i}.json`), '-o', join(data, `${name}.npz`)];
    assert.equal(await main(words, recording.io), 0, recording.stderr());
  }
  const look = join(folder, `ho<st>ile #1 100% '?`);
  await explore(look, data, '-k', '4');
  const start = await open('', {}, look);
  assert.equal(await start.page.locator('.film-name').count(), names.length);
  await start.page.close();
  for (const name of names) {
    const { page, complaints } = await open(`#/film/${encodeURIComponent(name)}/1`, {}, look);
    await page.locator('.lane .tile').first().waitFor();
    await page.getByRole('button', { name: 'Copy command' }).first().click();
    assert.equal(await page.locator('img, script:not([src])').count(), 0);
    await page.locator('.lane .tile').first().click();
    await page.waitForFunction(
      () => !location.hash.endsWith('/1') || document.activeElement?.localName === 'h1',
    );
    for (const hash of ['#/cuts', '#/map', '#/reused']) await page.goto(page.url().replace(/#.*/, hash));
    assert.deepEqual(complaints, [], name);
    await page.close();
  }
});

test('a film of 30,000 frames opens, and so does its last frame', async () => {
  const data = join(folder, 'long');
  mkdirSync(data);
  // Most of them in no search, so that the pages are made in a moment.
  const rows = Array.from({ length: 30_000 }, (_, i) =>
    i % 50 === 0 ? [Math.sin(i), Math.cos(i), 1] : [Number.NaN, 0, 0],
  );
  await writeFilm(data, { name: 'Long', dim: 3, rows });
  await explore(join(folder, 'long look'), data, '-k', '1');
  const film = await open('#/film/Long', {}, join(folder, 'long look'));
  await film.page.locator('.sheet .tile').first().waitFor();
  assert.ok((await film.page.locator('.tile').count()) < 1000, 'what is far below is not drawn');
  await film.page.close();
  const last = await open('#/film/Long/29999', {}, join(folder, 'long look'));
  assert.match(await heading(last.page), /^Frame 29999\b/);
  assert.deepEqual(last.complaints, []);
  await last.page.close();
});

test('opens from a web server below any path', async () => {
  const types: Record<string, string> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.webp': 'image/webp',
  };
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(new URL(url, 'http://x').pathname);
    const file = resolve(site, `.${path.replace(/^\/a\/b/, '')}`.replace(/\/$/, '/index.html'));
    try {
      response.setHeader('content-type', types[extname(file)] ?? 'text/plain');
      response.end(readFileSync(path.startsWith('/a/b/') ? file : ''));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a/b/`;
    const { page, complaints } = await open(`${sintel}/66`, {}, address);
    await page.waitForFunction(() => [...document.images].some((image) => image.naturalWidth > 0));
    await page.keyboard.press('Escape');
    assert.equal(await heading(page), 'Sintel.Trailer.2010.mp4');
    assert.deepEqual(complaints, []);
    await page.close();
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('prints a frame with its neighbours, and none of the buttons', async () => {
  const { page } = await open(`${sintel}/66`);
  await page.locator('.lane img').first().waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('button, nav').filter({ visible: true }).count(), 0);
  assert.ok((await page.locator('.lane .tile').filter({ visible: true }).count()) > 6);
  await page.close();
});

test('a picture that is gone is a tile with its name', async () => {
  const { page } = await open(`${sintel}/66`);
  await page.locator('.large img').waitFor();
  await page.evaluate(() => document.querySelector('.large img')?.dispatchEvent(new Event('error')));
  await page.getByText('Unreadable picture').waitFor();
  assert.match(await page.locator('.large').innerText(), /000067\.jpg/);
  await page.close();
});

test('the policy of the pages lets nothing in and nothing out', async () => {
  const { page } = await open('');
  const stopped = await page.evaluate(async () => {
    const violations: string[] = [];
    addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    await fetch('http://127.0.0.1:9/').catch(() => {});
    const script = document.createElement('script');
    script.textContent = 'document.title = "in"';
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.1:9/x"><p onclick="1"></p>');
    await new Promise((done) => setTimeout(done, 100));
    return [...new Set(violations)].sort();
  });
  assert.deepEqual(stopped, ['connect-src', 'img-src', 'script-src-attr', 'script-src-elem']);
  await page.close();
});

/** What stands out of the page to the right, but for what scrolls within it. */
function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll('main *')]
      .filter(
        (element) =>
          !element.closest('.heat table') && element.getBoundingClientRect().right > clientWidth + 1,
      )
      .map((element) => element.outerHTML.slice(0, 100));
  });
}
