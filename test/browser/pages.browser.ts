/** Every kind of page in a browser: pictures, no complaints, widths, colour schemes, accessibility. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { temporaryFolder } from '../temporary-folder.js';
import { browserForTests, decodeAll, sideways, smallTargets, violations } from './browser.js';
import { makePage, samplePages } from './sample-pages.js';

const open = browserForTests();
const folder = temporaryFolder();
const sampleFilm = join(import.meta.dirname, '../../data_embeddings/Krank.Red.Sea.npz');
const screenshots = join(import.meta.dirname, '../../data_embeddings/screenshots');

test('the values of seven films fit on a phone', async () => {
  const data = temporaryFolder();
  for (let i = 1; i <= 7; i++) copyFileSync(sampleFilm, join(data, `A.Film.Of.Some.Length.197${i}.mkv.npz`));
  const file = await makePage(folder, 'seven', ['compare', '-d', data]);
  const { page } = await open(file, { way: 'phone' });
  assert.deepEqual(await sideways(page), []);
  const table = page.locator('.heat');
  assert.ok(await table.evaluate((element) => element.scrollWidth <= element.clientWidth));
  await page.close();
});

test('the values of many films scroll within their table, and all are on paper', async () => {
  const data = temporaryFolder();
  for (let i = 10; i < 40; i++) copyFileSync(sampleFilm, join(data, `Film.${i}.npz`));
  const file = await makePage(folder, 'many', ['compare', '-d', data]);
  const { page } = await open(file, { width: 800 });
  assert.deepEqual(await sideways(page), []);
  const table = page.locator('.heat');
  assert.ok(await table.evaluate((element) => element.scrollWidth > element.clientWidth));
  await page.emulateMedia({ media: 'print' });
  assert.equal(await table.evaluate((element) => getComputedStyle(element).overflow), 'visible');
  await page.close();
});

test('times beside long filenames fit a window of 320 pixels', async () => {
  const data = temporaryFolder({ 'films.json': '{"v": 1, "films": {}, "default": {"interval": 0.4}}' });
  copyFileSync(sampleFilm, join(data, 'Krank.Red.Sea.npz'));
  const file = await makePage(folder, 'timed', ['duplicates', '-d', data, '--screenshots', screenshots]);
  const { page } = await open(file, { width: 320 });
  assert.match((await page.locator('.origin').first().textContent()) ?? '', /^0:00:0/);
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  assert.ok(scrollWidth <= clientWidth, `${scrollWidth} of ${clientWidth} pixels`);
  await page.close();
});

test('the README’s pictures can be made again', async () => {
  const to = temporaryFolder();
  const program = join(import.meta.dirname, '../../build/test/browser/readme-picture.js');
  execFileSync(process.execPath, [program, to], { stdio: 'inherit' });
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
  for (const file of readdirSync(to)) {
    const { width = 0, height = 0 } = await sharp(join(to, file)).metadata();
    assert.ok(width === 1280 && height >= 700, file);
  }
  const shown = [...readme.matchAll(/"docs\/([\w-]+\.webp)"/g)].map(([, file]) => file);
  assert.ok(shown.length > 0 && shown.every((file) => readdirSync(to).includes(file)));
});

for (const [name, words] of Object.entries(samplePages)) {
  describe(`the page of ${words.join(' ')}`, async () => {
    const file = await makePage(folder, name, words);
    for (const [way, scheme] of [
      ['phone', 'light'],
      ['desk', 'dark'],
    ] as const) {
      test(`on a ${way}, ${scheme}`, async () => {
        const { page, complaints } = await open(file, { way, scheme });
        const { pictures, failures } = await decodeAll(page);
        assert.ok(pictures > 0);
        assert.equal(failures, 0, 'every picture is decoded');
        assert.deepEqual(await sideways(page), []);
        assert.deepEqual(await violations(page), []);
        if (way === 'phone') assert.deepEqual(await smallTargets(page), []);
        assert.deepEqual(complaints, []);
        await page.close();
      });
    }

    test('can be read without JavaScript, with its commands as text', async () => {
      const { page, complaints } = await open(file, { way: 'scriptless' });
      const figures = await page.locator('figure:visible').count();
      assert.ok(figures > 0);
      assert.equal(await page.locator('figure:visible code:visible').count(), figures);
      assert.deepEqual(complaints, []);
      await page.close();
    });

    test('prints every picture', async () => {
      const { page } = await open(file);
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.locator('.copy button, .with-keys').filter({ visible: true }).count(), 0);
      const { all, different } = await page.evaluate(async () => {
        const shown = [...document.images].filter((image) => image.checkVisibility());
        await shown[0].decode();
        return { all: shown.length, different: new Set(shown.map((image) => image.src)).size };
      });
      // The PDF writer may store equal pictures once or several times.
      const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
      const printed = [...pdf.matchAll(/\/Subtype \/Image/g)].length;
      assert.ok(
        different > 0 && printed >= different && printed <= all,
        `${printed} of ${different} to ${all}`,
      );
      await page.close();
    });
  });
}
