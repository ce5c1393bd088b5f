/** A screenshot for a page: shrunk, and as a `data:` address, so that the page needs no other files. */
import { stat } from 'node:fs/promises';
import type { Sharp } from './load-sharp.js';
import { readPicture } from './picture-folder.js';

export interface Thumbnail {
  /** A `data:` address of a JPEG, PNG, GIF, WebP or AVIF; nothing in it needs escaping. */
  readonly address: string;
  readonly width: number;
  readonly height: number;
}

/** Why a picture that exists is not shown. */
export type Refusal = 'unreadable' | 'too-large';

interface ThumbnailOptions {
  /** Shrinks the pictures. Without it, pictures of up to `largestOriginal` bytes are used unchanged. */
  readonly sharp: Sharp | undefined;
  /** The largest width and height, in pixels; smaller pictures are not enlarged. */
  readonly side: number;
}

/** The size in bytes up to which a picture is used unchanged if sharp is missing. */
export const largestOriginal = 256 * 1024;

/**
 * The size in bytes up to which a picture of few enough pixels is used unchanged: encoding it again would only cost
 * quality.
 */
const smallOriginal = 24 * 1024;

/** The thumbnail of the picture at `path`, or why there is none; never throws for a fault of the picture. */
export async function thumbnail(
  path: string,
  { sharp, side }: ThumbnailOptions,
): Promise<Thumbnail | Refusal> {
  const size = await stat(path).then(({ size }) => size, unreadable);
  if (size === undefined) return 'unreadable';
  const original = size <= largestOriginal ? await unchangedThumbnail(path) : undefined;
  if (sharp === undefined) {
    if (size > largestOriginal) return 'too-large';
    return original ?? 'unreadable';
  }
  const fits = original && original.width <= side && original.height <= side;
  return fits && size <= smallOriginal ? original : await shrink(path, sharp, side);
}

/** The average colour of a picture, `#rrggbb`; undefined if it cannot be read. */
export async function averageColour(path: string, sharp: Sharp): Promise<string | undefined> {
  const pixel = await sharp(path)
    .resize({ width: 1, height: 1, fit: 'fill' })
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw()
    .toBuffer()
    .catch(unreadable);
  return pixel && `#${pixel.toString('hex', 0, 3)}`;
}

/**
 * A rejection by the system or by sharp is a fault of the picture. An error that sharp throws at once is a bug here.
 */
const unreadable = () => undefined;

/** The picture's own bytes, if they can be read and are of a format that every browser shows. */
async function unchangedThumbnail(path: string): Promise<Thumbnail | undefined> {
  const { imageDimensionsFromData } = await import('image-dimensions');
  const bytes = await readPicture(path);
  if (bytes === undefined) return undefined;
  let found: ReturnType<typeof imageDimensionsFromData>;
  try {
    found = imageDimensionsFromData(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined; // it ends within its header
  }
  if (found === undefined || found.type === 'heic') return undefined;
  return { address: addressOf(found.type, bytes), width: found.width, height: found.height };
}

async function shrink(path: string, sharp: Sharp, side: number): Promise<Thumbnail | 'unreadable'> {
  const bytes = await readPicture(path);
  if (bytes === undefined) return 'unreadable';
  const shrunk = await sharp(bytes)
    .autoOrient()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 76, effort: 2 })
    .toBuffer({ resolveWithObject: true })
    .catch(unreadable);
  if (shrunk === undefined) return 'unreadable';
  const { data, info } = shrunk;
  return { address: addressOf('webp', data), width: info.width, height: info.height };
}

function addressOf(type: string, bytes: Buffer): string {
  return `data:image/${type};base64,${bytes.toString('base64')}`;
}
