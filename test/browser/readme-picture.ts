/**
 * Makes the README's pictures of pages, docs/similar-*.webp and docs/explore-*.webp: `node --import tsx
 * test/browser/readme-picture.ts [folder]`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { main } from '../../src/cli.js';
import { recordingIo } from '../recording-io.js';
import { browserPath } from './browser.js';

const root = join(import.meta.dirname, '../..');
const to = resolve(process.argv[2] ?? join(root, 'docs'));
/** For each picture: a command line, the address of the page that it makes, and the height of the picture. */
const pictures = {
  similar: [
    'similar Sintel 76 --all --exclude-near shot --per-shot 2 -k 8 --html look.html',
    'look.html',
    undefined,
  ],
  explore: ['explore -o look', 'look/index.html#/film/Sintel.Trailer.2010.mp4/69', 740],
} as const;

const folder = mkdtempSync(join(tmpdir(), 'giallo-picture-'));
process.chdir(folder);
const env = { GIALLO_DATA: join(root, 'data_embeddings') };
for (const [line] of Object.values(pictures)) await main(line.split(' '), recordingIo({ env }).io);

const browser = await chromium.launch({
  executablePath: browserPath,
  args: ['--no-sandbox'],
});
for (const colorScheme of ['light', 'dark'] as const) {
  for (const [name, [, address, height]] of Object.entries(pictures)) {
    const page = await browser.newPage({ viewport: { width: 1280, height: height ?? 860 }, colorScheme });
    const [file, hash = ''] = address.split('#');
    await page.goto(`${pathToFileURL(file).href}#${hash}`);
    await page.locator('img').nth(5).waitFor();
    await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
    await sharp(await page.screenshot({ fullPage: height === undefined }))
      .webp({ quality: 45, effort: 6 })
      .toFile(join(to, `${name}-${colorScheme}.webp`));
    await page.close();
  }
}
await browser.close();
process.chdir(root);
rmSync(folder, { recursive: true });
