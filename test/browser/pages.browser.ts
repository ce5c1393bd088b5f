/** Every kind of page in a browser: pictures, silence, widths, colour schemes, accessibility. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { temporaryFolder } from '../temporary-folder.js';
import { browserForTests, decodeAll } from './browser.js';
import { makePage, samplePages } from './sample-pages.js';

const open = browserForTests();
const folder = temporaryFolder();
const sampleFilm = join(import.meta.dirname, '../../data_embeddings/Krank.Red.Sea.npz');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

test('the values of seven films fit a telephone', async () => {
  const data = temporaryFolder();
  for (let i = 1; i <= 7; i++) copyFileSync(sampleFilm, join(data, `A.Film.Of.Some.Length.197${i}.mkv.npz`));
  const file = await makePage(folder, 'seven', ['compare', '-d', data]);
  const { page } = await open(file, { width: 390 });
  assert.deepEqual(await widerThanThePage(page), []);
  const table = page.locator('.heat');
  assert.ok(await table.evaluate((element) => element.scrollWidth <= element.clientWidth));
  await page.close();
});

for (const [name, words] of Object.entries(samplePages)) {
  describe(`the page of ${words.join(' ')}`, async () => {
    const file = await makePage(folder, name, words);
    for (const scheme of ['light', 'dark'] as const) {
      for (const width of [360, 1600]) {
        test(`${scheme}, ${width} pixels wide`, async () => {
          const { page, complaints } = await open(file, { scheme, width });
          const { pictures, failures } = await decodeAll(page);
          assert.ok(pictures > 0);
          assert.equal(failures, 0, 'every picture is decoded');
          assert.deepEqual(await widerThanThePage(page), []);
          assert.deepEqual(await violations(page), []);
          assert.deepEqual(complaints, []);
          await page.close();
        });
      }
    }

    test('reads without JavaScript, its commands written out', async () => {
      const { page, complaints } = await open(file, { hasScript: false });
      const figures = await page.locator('figure:visible').count();
      assert.ok(figures > 0);
      assert.equal(await page.locator('figure:visible code:visible').count(), figures);
      assert.deepEqual(complaints, []);
      await page.close();
    });

    test('prints, every picture on paper', async () => {
      const { page } = await open(file);
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.locator('.said, .foot .with-js').filter({ visible: true }).count(), 0);
      const { all, different } = await page.evaluate(async () => {
        const shown = [...document.images].filter((image) => image.checkVisibility());
        await shown[0].decode();
        return { all: shown.length, different: new Set(shown.map((image) => image.src)).size };
      });
      // The writer of PDF keeps pictures that are the same once or several times.
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

/** What stands out of the page to the right, but for what scrolls within it. */
async function widerThanThePage(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.body.querySelectorAll('*')]
      .filter((element) => !element.closest('.heat') && !element.matches('.unseen'))
      .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .map((element) => element.outerHTML.slice(0, 80)),
  );
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = (await page.evaluate('axe.run()')) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`),
  );
}
