/** Names that look like markup, script or style stay text on every kind of page. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { hostileNames, hostilePages } from '../render/html/hostile-pages.js';
import { temporaryFolder } from '../temporary-folder.js';
import { browserForTests } from './browser.js';

const open = browserForTests();
const folder = temporaryFolder();

for (const [kind, textOf] of Object.entries(hostilePages)) {
  test(`the page of ${kind}`, async () => {
    const tame = await open(written('tame.html', textOf('Tame')));
    const expected = await outlineOf(tame.page);
    await tame.page.close();
    for (const [why, name] of Object.entries(hostileNames)) {
      const { page, complaints } = await open(written('hostile.html', textOf(name)));
      await page.locator('figure .copy button:visible').first().click();
      await page.locator('figure').getByText('Copied').waitFor();
      await page.locator('figure .picture:visible').first().click();
      assert.equal(await page.locator('dialog .filename bdi').textContent(), visible(name));
      await page.keyboard.press('Escape');
      await page.locator('dialog').waitFor({ state: 'detached' });
      assert.equal(await outlineOf(page), expected, `${why}: no element more, none less`);
      assert.equal(await page.locator('figure:visible .filename bdi').first().textContent(), visible(name));
      const alt = await page.locator('figure:visible img').first().getAttribute('alt');
      assert.ok(alt?.endsWith(visible(name)), alt ?? why);
      assert.deepEqual(complaints, [], why);
      await page.close();
    }
  });
}

function written(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** All elements except `wbr`, where a long name may break. */
function outlineOf(page: Page): Promise<string> {
  return page.evaluate(() =>
    [...document.querySelectorAll(':not(wbr)')].map(({ localName }) => localName).join(' '),
  );
}

/** The name with control and invisible characters escaped, as on a terminal. */
function visible(name: string): string {
  return name.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, '0')}`;
  });
}
