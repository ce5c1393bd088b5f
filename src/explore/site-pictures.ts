/**
 * The pictures of a site: a small WebP for each frame, or the addresses of the originals. The pictures of a film are
 * made once. They are made again if the size or the time of an original has changed, or if they were not finished.
 */
import { readdir, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileError, unlessMachine } from '../errors.js';
import { addressFrom } from '../files/file-names.js';
import { writeWhole } from '../files/outputs.js';
import { makeFolder } from '../files/temporary-files.js';
import type { Sharp } from '../pictures/load-sharp.js';
import { type PictureFolder, readPicture } from '../pictures/picture-folder.js';
import { forEachConcurrently } from '../threads/concurrency.js';
import { type PicturesData, pack, packNames, picturesPath } from './site-data.js';
import { readDataScript, readText, removeFromSite, writeDataScript } from './site-files.js';

interface PicturesRequest {
  /** The folder of the site. */
  readonly folder: string;
  readonly pictures: PictureFolder;
  /** Shrinks the pictures; if it is undefined, the originals are linked. */
  readonly sharp: Sharp | undefined;
  readonly jobs: number;
  readonly signal: AbortSignal | undefined;
  /** Called after each frame. */
  readonly onFrame: () => void;
}

interface FilmOfPictures {
  readonly name: string;
  /** The name of its files in the site, without endings. */
  readonly file: string;
  readonly filenames: readonly string[];
}

const smallWidth = 320;
/** No WebP can be taller (https://developers.google.com/speed/webp/faq). */
const smallHeight = 16_383;
/** Chosen by eye: at 60 and below, flat skies show blocks; above 75, files grow and look no better. */
const quality = 70;
/** The state of a frame with a picture, and of one whose picture cannot be read; 0 for no picture. */
const good = 1;
const unreadable = 2;

/**
 * Makes the pictures of a film that are missing; `broken` are the paths of those that cannot be read. Undefined if none
 * of its frames has a picture.
 */
export async function makePictures(
  film: FilmOfPictures,
  request: PicturesRequest,
): Promise<{ readonly data: PicturesData; readonly broken: readonly string[] } | undefined> {
  const { folder, pictures, sharp } = request;
  const paths = await Promise.all(
    film.filenames.map((filename) => pictures.find({ film: film.name, filename })),
  );
  if (paths.every((path) => path === null)) {
    await removeFilm(folder, film.file);
    return undefined;
  }
  const sources = await sourcesOf(film, paths, sharp ? `webp ${smallWidth} ${quality}` : 'linked');
  const done = await finished(request, film, sources);
  const data = done ?? (await makeFilm(film, paths, request));
  if (!done) {
    await writeDataScript(folder, picturesPath(film.file), data);
    await writeWhole(join(folder, sourcesPath(film.file)), sources);
  } else film.filenames.forEach(request.onFrame);
  const states = Buffer.from(data.states.slice(1), 'base64');
  return {
    data,
    broken: paths.flatMap((path, i) => (path !== null && states[i] === unreadable ? [path] : [])),
  };
}

async function removeFilm(folder: string, file: string): Promise<void> {
  for (const path of [picturesPath(file), stillsPath(file), sourcesPath(file)])
    await removeFromSite(join(folder, path));
}

/** A key that changes when an original of the film changes. */
async function sourcesOf(
  film: FilmOfPictures,
  paths: readonly (string | null)[],
  how: string,
): Promise<string> {
  const lines = await Promise.all(
    paths.map(async (path) => {
      const found = path === null ? undefined : await stat(path).catch(() => undefined);
      return found ? `${found.size} ${Math.trunc(found.mtimeMs)}` : '-';
    }),
  );
  return `${how}\n${JSON.stringify(film.filenames)}\n${lines.join('\n')}\n`;
}

async function finished(
  { folder }: PicturesRequest,
  { file }: FilmOfPictures,
  sources: string,
): Promise<PicturesData | undefined> {
  const found = await readText(join(folder, sourcesPath(file))).catch(unlessMachine(undefined));
  return found === sources ? readDataScript(folder, picturesPath(file)) : undefined;
}

interface Small {
  readonly webp: Buffer;
  readonly colour: readonly [number, number, number];
  readonly shape: number;
}

async function makeFilm(
  { file }: FilmOfPictures,
  paths: readonly (string | null)[],
  request: PicturesRequest,
): Promise<PicturesData> {
  const { folder, sharp, jobs, signal } = request;
  const place = join(folder, stillsPath(file));
  await removeFilm(folder, file);
  if (sharp) makeFolder(place);
  const states = new Uint8Array(paths.length);
  const colours = new Uint8Array(paths.length * 3);
  const shapes = new Map<number, number>();
  await forEachConcurrently([...paths.entries()], jobs, async ([index, path]) => {
    signal?.throwIfAborted();
    request.onFrame();
    if (path === null) return;
    if (!sharp) {
      states[index] = good;
      return;
    }
    const small = await shrink(path, sharp);
    states[index] = small ? good : unreadable;
    if (!small) return;
    colours.set(small.colour, index * 3);
    shapes.set(small.shape, (shapes.get(small.shape) ?? 0) + 1);
    const target = join(place, `${index}.webp`);
    await writeFile(target, small.webp).catch((error) => Promise.reject(fileError('write', target, error)));
  });
  const [usual] = [...shapes].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0] ?? [16 / 9];
  const originals = originalsOf(folder, paths, { isRequired: !sharp });
  return {
    v: 1,
    shape: Number(usual.toFixed(3)),
    states: pack(states),
    ...(sharp ? { colours: pack(colours) } : {}),
    isSmall: sharp !== undefined,
    ...(originals ? { originals: packNames(originals) } : {}),
  };
}

/** The small WebP of a picture and its average colour; the picture is decoded once. Undefined if it cannot be read. */
async function shrink(path: string, sharp: Sharp): Promise<Small | undefined> {
  const original = await readPicture(path);
  if (original === undefined) return undefined;
  const decoded = await sharp(original)
    .autoOrient()
    .resize({ width: smallWidth, height: smallHeight, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => undefined);
  if (!decoded) return undefined;
  const { data, info } = decoded;
  const { width, height, channels } = info;
  const webp = await sharp(data, { raw: { width, height, channels } })
    .webp({ quality, effort: 3 })
    .toBuffer();
  return { webp, colour: averageColour(data, channels), shape: width / height };
}

function averageColour(pixels: Buffer, channels: number): [number, number, number] {
  const sums: [number, number, number] = [0, 0, 0];
  for (let i = 0; i + channels <= pixels.length; i += channels) {
    for (let channel = 0; channel < 3; channel++)
      sums[channel] += pixels[i + Math.min(channel, channels - 1)];
  }
  const count = pixels.length / channels;
  return [Math.round(sums[0] / count), Math.round(sums[1] / count), Math.round(sums[2] / count)];
}

/**
 * Addresses of the originals, relative to the site's folder, if they are in it or beside it: then the two can be moved
 * together, and the addresses reveal no other folders. If the site has no small pictures, the originals may be
 * anywhere.
 */
function originalsOf(
  folder: string,
  paths: readonly (string | null)[],
  { isRequired }: { readonly isRequired: boolean },
): string[] | undefined {
  const addresses = paths.map((path) => (path === null ? '' : addressFrom(folder, path)));
  const isBeside = !addresses.some((address) => /^(\.\.\/\.\.\/|file:)/.test(address));
  return isBeside || isRequired ? addresses : undefined;
}

/** Removes the pictures of films that are no longer in the site. */
export async function removeOtherPictures(folder: string, files: ReadonlySet<string>): Promise<void> {
  const kept = (pathOf: (file: string) => string) =>
    new Set([...files].map((file) => basename(pathOf(file))));
  await removeOthers(folder, 'stills', kept(stillsPath));
  await removeOthers(folder, 'pictures', kept(picturesPath));
  await removeOthers(folder, '.giallo', kept(sourcesPath));
}

/** Removes everything from a folder of the site except the given names. */
export async function removeOthers(folder: string, place: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(join(folder, place)).catch(unlessMachine<string[]>([]))) {
    if (!kept.has(name)) await removeFromSite(join(folder, place, name));
  }
}

/** The folders of a site that hold pictures, the data about them, and the keys of their originals. */
export const pictureFolders = ['stills', 'pictures', '.giallo'] as const;

const stillsPath = (file: string) => `stills/${file}`;
const sourcesPath = (file: string) => `.giallo/${file}`;
