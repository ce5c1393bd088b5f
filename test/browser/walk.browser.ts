/** A walk through a site: the pages and what is on them, by mouse, keys and fingers. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { writeFilm } from '../oracle/made-films.js';
import { temporaryFolder } from '../temporary-folder.js';
import { violations } from './browser.js';
import { arrive, explore, heading, leave, sampleSite, sintel, siteBrowser } from './site.js';

const open = siteBrowser();
const site = sampleSite();

describe('a walk', () => {
  test('of five clicks leads back over the same pages, with the focus where it was', async () => {
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
    assert.equal(await page.title(), 'data_embeddings');
    await page.goForward();
    await arrive(page, sintel);
    assert.equal(await heading(page), 'Sintel.Trailer.2010.mp4');
    assert.deepEqual(complaints, []);
    await page.close();
  });

  test('to a film that is not loaded puts the focus on its heading', async () => {
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

  test('goes along the film by the slider and by swipes over the picture', async () => {
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

test('a lane says so if everything that was found is the same picture', async () => {
  const data = temporaryFolder();
  const row = (i: number) => ((i >> 2) % 2 === 0 ? [1, 0, 0] : [0, (i >> 2) % 4, 1]);
  await writeFilm(data, { name: 'film', dim: 3, rows: Array.from({ length: 24 }, (_, i) => row(i)) });
  const { page } = await open(explore(join(temporaryFolder(), 'look'), data, '-k', '3'), '#/film/film/0');
  assert.match(await page.locator('.lane').first().innerText(), /All that was found is the same picture/);
  await page.close();
});

test('the frames of a shot unfold by mouse and keys, and are still unfolded after Back', async () => {
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
