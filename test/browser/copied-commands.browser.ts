/** Commands copied from the pages of a site: they run in bash, and give the answers that the page shows. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../src/cli.js';
import type { Result } from '../../src/search/answer.js';
import { recordingIo } from '../recording-io.js';
import { temporaryFolder } from '../temporary-folder.js';
import { explore, sampleSite, samples, sintel, siteBrowser } from './site.js';

const open = siteBrowser();
const site = sampleSite();

test('copied commands run in bash as they are, and give the same answers', async () => {
  const { page } = await open(site, `${sintel}/66`);
  const lane = page.locator('.lane', { hasText: 'Elsewhere' });
  await lane.getByRole('button', { name: 'Copy command' }).click();
  await page.getByText('Copied').waitFor();
  const line = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(line, await lane.getByRole('button', { name: 'Copy command' }).getAttribute('title'));
  await page.close();
  await asksTheSame(site, sintel, 66);
});

test('--per-shot limits the frames of a shot in lanes and in copied commands', async () => {
  const look = explore(join(temporaryFolder(), 'look'), samples, '--per-shot', '1');
  const { page } = await open(look, `${sintel}/66`);
  assert.equal(await page.locator('.lane', { hasText: 'In other films' }).locator('.tile').count(), 12);
  assert.equal(await page.locator('.fold').count(), 0);
  await page.close();
  await asksTheSame(look, sintel, 66);
});

test('commands name films outside the folder by their paths, and do not name the folder', async () => {
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

/** Runs the commands copied from the pages about all films and about one film. */
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

/** Runs the commands copied from the page of a frame, and compares their output with its lanes. */
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

/** The output of a line that is pasted into bash. */
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
