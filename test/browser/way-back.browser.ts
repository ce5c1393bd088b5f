/** The way back through a site: Back and Esc restore a page as it was left; a link opens it afresh. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { writeFilm } from '../oracle/made-films.js';
import { temporaryFolder } from '../temporary-folder.js';
import { arrive, explore, leave, sampleSite, sintel, siteBrowser } from './site.js';

const open = siteBrowser();
const site = sampleSite();
const fiveFilms = makeFiveFilms();

describe('the way back leads to a page as it was left', () => {
  test('scrolled far down in a film of many shots, by Back and by Esc', async () => {
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

  test('with the typed text, the longer list and the scroll position', async () => {
    const { page } = await open(fiveFilms, '');
    await page.locator('input[type=search]').fill('film e');
    await page
      .getByRole('status')
      .filter({ hasText: /^1 film$/ })
      .waitFor({ state: 'attached' });
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

  test('but a link leads to a fresh page', async () => {
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

  test('Esc on a film opened by its address leads to the film’s place on the first page', async () => {
    const { page } = await open(site, sintel);
    await page.keyboard.press('Escape');
    await page.locator(`.film-name[href="${sintel}"]:focus`).waitFor();
    await page.close();
  });
});

/** A site of five films whose frames are unrelated. */
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
