/** The files of a site: hostile names, many frames, videos, web servers, the content security policy. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { main } from '../../src/cli.js';
import { writeFilm } from '../oracle/made-films.js';
import { recordingIo } from '../recording-io.js';
import { temporaryFolder } from '../temporary-folder.js';
import { arrive, explore, heading, sampleSite, sintel, siteBrowser } from './site.js';

const open = siteBrowser();
const folder = temporaryFolder();
const site = sampleSite();

test('hostile names stay text in pages and in addresses', async () => {
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
  const start = await open(look, '');
  assert.equal(await start.page.locator('.film-name').count(), names.length);
  await start.page.close();
  for (const name of names) {
    const { page, complaints } = await open(look, `#/film/${encodeURIComponent(name)}/1`);
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

test('times are links into the video if it is known, else plain text', async () => {
  const data = join(folder, 'times');
  mkdirSync(data);
  const rows = Array.from({ length: 6 }, (_, i) => [Math.sin(i >> 1), Math.cos(i >> 1), 1]);
  const films = {
    'a film': { interval: 0.4, start: 1, video: '../films/a #1?.mp4' },
    hostile: { interval: 1, video: 'javascript:alert(1)' },
    timed: { fps: 24 },
  };
  writeFileSync(join(data, 'films.json'), JSON.stringify({ v: 1, films }));
  for (const name of [...Object.keys(films), 'untimed']) await writeFilm(data, { name, dim: 3, rows });
  const look = await explore(join(folder, 'below/look'), data, '-k', '3');
  const { page, complaints } = await open(look, '#/film/a%20film/5');
  const moments = page.locator('.lanes .framed');
  await moments.locator('time').first().waitFor();
  const links = await moments.evaluateAll((tiles) =>
    tiles.map((tile) => [
      tile.querySelector('a')?.hash.split('/')[2],
      tile.querySelector('time')?.textContent,
      tile.querySelector<HTMLAnchorElement>('a.moment')?.href,
    ]),
  );
  const film = (name: string) => links.filter(([of]) => decodeURIComponent(of ?? '') === name);
  const places = pathToFileURL(join(folder, 'films')).href;
  assert.equal(await page.locator('h1 a.moment').getAttribute('href'), '../../films/a%20%231%3F.mp4#t=3');
  for (const [, time, href] of film('a film')) {
    const seconds = Number(time?.slice(-4));
    assert.equal(href, `${places}/a%20%231%3F.mp4#t=${seconds}`);
  }
  assert.ok(film('a film').length > 0 && film('hostile').length > 0);
  for (const [, , href] of film('hostile'))
    assert.match(href ?? '', /^file:.*\/times\/javascript%3Aalert\(1\)#t=\d$/);
  for (const [, time, href] of film('timed')) assert.deepEqual([time?.length, href], [9, undefined]);
  for (const [, ...rest] of film('untimed')) assert.deepEqual(rest, [undefined, undefined]);
  assert.deepEqual(complaints, []);
  await page.close();
});

test('a film of 30,000 frames and its last frame can be opened', async () => {
  const data = join(folder, 'long');
  mkdirSync(data);
  // Most rows are excluded from searches, so that the pages are made quickly.
  const rows = Array.from({ length: 30_000 }, (_, i) =>
    i % 50 === 0 ? [Math.sin(i), Math.cos(i), 1] : [Number.NaN, 0, 0],
  );
  await writeFilm(data, { name: 'Long', dim: 3, rows });
  const look = await explore(join(folder, 'long look'), data, '-k', '1');
  const film = await open(look, '#/film/Long');
  await film.page.locator('.sheet .tile').first().waitFor();
  assert.ok((await film.page.locator('.tile').count()) < 1000, 'what is far below is not drawn');
  await film.page.close();
  const last = await open(look, '#/film/Long/29999');
  assert.match(await heading(last.page), /^Frame 29999\b/);
  assert.deepEqual(last.complaints, []);
  await last.page.close();
});

test('a film without frames and a frame without neighbours say so', async () => {
  const data = join(folder, 'odd');
  mkdirSync(data);
  for (const [name, rows] of Object.entries({
    none: [],
    one: [[1, 2, 3]],
    nan: [[Number.NaN, 0, 0]],
    some: [
      [0, 0, 0],
      [1, 2, 4],
    ],
  }))
    await writeFilm(data, { name, dim: 3, rows });
  const look = await explore(join(folder, 'odd look'), data);
  for (const [hash, said, not] of [
    ['#/film/none', /0 frames\s+0 shots.*The film has no frames\./s, /cut/],
    ['#/film/one', /1 frame\s+1 shot\b/, /cut/],
    ['#/film/nan/0', /Nothing is near: the vector of this frame has NaN or Inf/, /other film/],
    ['#/film/some/0', /Nothing is near: the vector of this frame is all zero/, /other film/],
    ['#/film/some/1', /In other films/, /Nothing/],
    ['#/map/nan', /There is nothing to compare\./, /matches/],
    ['#/map/one/none', /There is nothing to compare\./, /matches/],
    ['#/map/one/two', /There is no film two in this collection\./, /in two/],
  ] as const) {
    const { page, complaints } = await open(look, hash);
    const main = page.locator('main');
    await main.filter({ hasText: said }).waitFor({ timeout: 10_000 });
    assert.doesNotMatch(await main.innerText(), not, hash);
    assert.deepEqual(complaints, []);
    await page.close();
  }
});

test('a site works on a web server at any path', async () => {
  const types: Record<string, string> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.webp': 'image/webp',
  };
  const root = await site;
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(new URL(url, 'http://x').pathname);
    const file = resolve(root, `.${path.replace(/^\/a\/b/, '')}`.replace(/\/$/, '/index.html'));
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
    const { page, complaints } = await open(address, `${sintel}/66`);
    await page.waitForFunction(() => [...document.images].some((image) => image.naturalWidth > 0));
    await page.keyboard.press('Escape');
    await arrive(page, sintel);
    assert.equal(await heading(page), 'Sintel.Trailer.2010.mp4');
    assert.deepEqual(complaints, []);
    await page.close();
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test('a picture that was removed is shown as a tile with its name', async () => {
  const { page } = await open(site, `${sintel}/66`);
  await page.locator('.large img').waitFor();
  await page.evaluate(() => document.querySelector('.large img')?.dispatchEvent(new Event('error')));
  await page.getByText('Unreadable picture').waitFor();
  assert.match(await page.locator('.large').innerText(), /000067\.jpg/);
  await page.close();
});

test('the policy of the pages blocks foreign scripts and requests to other places', async () => {
  const { page } = await open(site, '');
  const stopped = await page.evaluate(async () => {
    const violations: string[] = [];
    addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
    await fetch('http://127.0.0.1:9/').catch(() => {});
    const script = document.createElement('script');
    script.textContent = 'document.title = "in"';
    document.body.append(script);
    document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.1:9/x"><p onclick="1"></p>');
    for (let wait = 0; new Set(violations).size < 4 && wait < 100; wait++)
      await new Promise((done) => setTimeout(done, 50));
    return [...new Set(violations)].sort();
  });
  assert.deepEqual(stopped, ['connect-src', 'img-src', 'script-src-attr', 'script-src-elem']);
  await page.close();
});
