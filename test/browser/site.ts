/**
 * Sites of `giallo explore` for tests in a browser. They are made by giallo itself, and opened as a reader opens them.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { main } from '../../src/cli.js';
import { recordingIo } from '../recording-io.js';
import { temporaryFolder } from '../temporary-folder.js';
import { browserForTests, type OpenPage, type Viewing } from './browser.js';

export const samples = join(import.meta.dirname, '../../data_embeddings');
export const sintel = '#/film/Sintel.Trailer.2010.mp4';

/** Makes a site in the folder `to`, and returns that folder. */
export async function explore(to: string, data: string, ...words: string[]): Promise<string> {
  const recording = recordingIo();
  const status = await main(['explore', '-d', data, '-o', to, ...words], recording.io);
  assert.equal(status, 0, recording.stderr());
  return to;
}

/** The site of the sample films, which run.sh has made; a test file that is run alone makes its own. */
export async function sampleSite(): Promise<string> {
  return process.env.GIALLO_SAMPLE_SITE || explore(join(temporaryFolder(), 'look'), samples);
}

/** Opens pages of a site (a folder or an address). They may load only files of that site. */
export function siteBrowser(): (
  site: string | Promise<string>,
  hash: string,
  viewing?: Viewing,
) => Promise<OpenPage> {
  const openFile = browserForTests();
  return async (site, hash, viewing = {}) => {
    const of = await site;
    const isAddress = of.startsWith('http:');
    const within = isAddress ? of : pathToFileURL(of).href;
    const opened = await openFile(isAddress ? of : join(of, 'index.html'), { ...viewing, hash, within });
    await opened.page
      .locator('main h1')
      .waitFor({ timeout: 30_000 })
      .catch((error) => {
        throw new Error(`${hash}: ${opened.complaints.join(' ')}`, { cause: error });
      });
    return opened;
  };
}

/** The heading, as soon as the page of the address is drawn. */
export async function heading(page: Page): Promise<string> {
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
  return page.locator('main h1').innerText();
}

/**
 * Waits until the address is `hash` and its page is drawn. If it fails, the error has the address that is there
 * instead.
 */
export async function arrive(page: Page, hash: string, why?: string): Promise<void> {
  await page
    .waitForFunction(isDrawn, { expected: hash }, { timeout: 10_000 })
    .catch(async () => assert.equal(await page.evaluate(() => location.hash), hash, why ?? 'drawn'));
}

/** Waits until the address is no longer `hash` and the new page is drawn; returns the new address. */
export async function leave(page: Page, hash: string): Promise<string> {
  await page.waitForFunction(isDrawn, { left: hash }, { timeout: 10_000 });
  return page.evaluate(() => location.hash);
}

/** Runs in the browser. The title changes when the page of an address is drawn. */
function isDrawn({ expected, left }: { expected?: string; left?: string }): boolean {
  const { hash } = location;
  const [, view, ...names] = hash.split('/').map(decodeURIComponent);
  const isTitled = view !== 'film' || document.title === names.join(' ');
  const isRight = expected === undefined ? hash !== left : hash === expected;
  return isRight && isTitled && document.querySelector('main h1') !== null;
}
