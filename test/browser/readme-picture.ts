/**
 * Makes the README's picture of a page, docs/similar-light.webp and docs/similar-dark.webp, by the command that stands
 * above it: `node --import tsx test/browser/readme-picture.ts`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { main } from '../../src/cli.js';
import { recordingIo } from '../recording-io.js';

const root = join(import.meta.dirname, '../..');
const line = 'similar Sintel 76 --all --exclude-near shot --per-shot 2 -k 8 --html look.html';

const folder = mkdtempSync(join(tmpdir(), 'giallo-picture-'));
process.chdir(folder);
await main(line.split(' '), recordingIo({ env: { GIALLO_DATA: join(root, 'data_embeddings') } }).io);

const browser = await chromium.launch({
  executablePath: process.env.GIALLO_TEST_BROWSER || '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme });
  await page.goto(pathToFileURL('look.html').href);
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
  await sharp(await page.screenshot({ fullPage: true }))
    .webp({ quality: 78, effort: 6 })
    .toFile(join(root, `docs/similar-${colorScheme}.webp`));
}
await browser.close();
process.chdir(root);
rmSync(folder, { recursive: true });
