/** Writes and removes the files of a site: data files and pages. */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, GialloError, orUndefined, unlessMachine } from '../errors.js';
import { openWithRetries, readingFlags } from '../files/open-files.js';
import { writeWhole } from '../files/outputs.js';
import type { PageAssets } from '../render/html/page.js';

/** The text of a data file, a script that the pages load. `path` is its path in the site. */
export function dataScript(path: string, data: unknown): string {
  return `giallo(${JSON.stringify(path)},${JSON.stringify(data)})\n`;
}

/** The data in a data file; undefined if there is no such file, or it holds something else. */
export async function readDataScript<T>(folder: string, path: string): Promise<T | undefined> {
  const text = await readText(join(folder, path)).catch(unlessMachine(''));
  const start = `giallo(${JSON.stringify(path)},`;
  if (!text.startsWith(start) || !text.endsWith(')\n')) return undefined;
  return orUndefined(() => JSON.parse(text.slice(start.length, -2)) as T);
}

/** The text of a file of the site. Errors: those of the file system, unchanged. */
export function readText(path: string): Promise<string> {
  return readFile(path, { encoding: 'utf8', flag: readingFlags });
}

/** Writes a data file, unless it exists with the same content. */
export async function writeDataScript(folder: string, path: string, data: unknown): Promise<void> {
  await writeIfChanged(join(folder, path), dataScript(path, data));
}

/** Errors: `file-unwritable`. */
async function writeIfChanged(path: string, content: string): Promise<void> {
  const found = await readText(path).catch(unlessMachine(undefined));
  if (found === content) return;
  await writeWhole(path, content);
}

/**
 * Writes the pages: index.html, and the script and style that the build makes. index.html marks the folder as a site.
 * In any other folder that is not empty, nothing is written and nothing is removed. Errors: `output-exists`.
 */
export async function writePages(folder: string): Promise<void> {
  const found = await readText(join(folder, 'index.html')).catch(unlessMachine(''));
  const others = (await namesIn(folder)).filter((name) => !name.startsWith('.'));
  if (others.length > 0 && !found.includes(generatorMark)) {
    throw new GialloError('output-exists', `${folder}: not empty, and not made by giallo explore`, {
      hint: 'name a new folder with -o',
    });
  }
  await writeIfChanged(join(folder, 'index.html'), indexHtml);
  const { script, style } = await builtPages('explore');
  await writeIfChanged(join(folder, 'explore.js'), script);
  await writeIfChanged(join(folder, 'explore.css'), style);
}

/** The script and the style that the build makes, for a site or for the page of an answer. */
export async function builtPages(kind: 'explore' | 'answer'): Promise<PageAssets> {
  const [script, style] = await Promise.all([
    builtFile(`${kind}/${kind}.js`),
    builtFile(`${kind}/${kind}.css`),
  ]);
  return { script, style };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error) => {
    throw fileError('read', folder, error);
  });
}

/** The same relative path from src/explore and from dist/explore. */
async function builtFile(name: string): Promise<string> {
  const url = new URL(`../../dist/explore/pages/${name}`, import.meta.url);
  return openWithRetries(() => readFile(url, 'utf8')).catch((cause) => {
    if (cause instanceof GialloError) throw cause;
    throw new GialloError('file-unreadable', `${url.pathname}: part of giallo is missing`, {
      hint: 'build it with `npm run build`',
      cause,
    });
  });
}

/** Removes a file or a folder of the site. Errors: `file-unwritable`. */
export async function removeFromSite(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error) => {
    throw fileError('write', path, error);
  });
}

const generatorMark = '<meta name="generator" content="giallo explore">';

/**
 * The page contains no names, and may load only files of the site and of its own disk or server. `file:` stands beside
 * 'self' because some browsers ignore 'self' in pages that were opened from the disk.
 */
const indexHtml = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${generatorMark}
<link rel="icon" href="data:,">
<title>giallo</title>
<link rel="stylesheet" href="explore.css">
<script src="explore.js" defer></script>
</head>
<body>
<noscript>These pages need JavaScript. They load nothing from any network.</noscript>
<div id="app"></div>
</body>
</html>
`;
