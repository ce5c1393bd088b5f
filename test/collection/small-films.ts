/** Makes films of a few numbers byte by byte, and reads them. */
import { join } from 'node:path';
import { openCollection } from '../../src/collection/collection.js';
import { openFilm } from '../../src/collection/film.js';
import type { ReadingOptions } from '../../src/collection/film-arrays.js';
import { verify } from '../../src/reports/verify.js';
import { buildNpy, type MemberParts } from '../npz/build-zip.js';
import { temporaryFolder } from '../temporary-folder.js';

export function member(name: string, raw: Uint8Array): MemberParts {
  return { name, raw };
}

export function bytesOf(...numbers: readonly number[]): Buffer {
  return Buffer.from(Float32Array.from(numbers).buffer);
}

export function namesArray(...strings: readonly string[]): Buffer {
  return buildNpy('|S4', [strings.length], Buffer.concat(strings.map((text) => pad(text, 4))));
}

export function pad(text: string, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.write(text, 'latin1');
  return bytes;
}

export function readFilm(bytes: Uint8Array, options?: ReadingOptions) {
  return readPath(join(temporaryFolder({ 'film.npz': bytes }), 'film.npz'), options);
}

export async function readPath(path: string, options?: ReadingOptions) {
  const film = await openFilm({ name: 'film', path }, options);
  try {
    const { filenames } = await film.readFilenames();
    const values: number[] = [];
    for await (const block of film.readBlocks()) values.push(...block.values);
    return { filenames, values };
  } finally {
    await film.close();
  }
}

export async function codesIn(folder: string): Promise<string[]> {
  const { findings } = await verify(await openCollection(folder));
  return findings.map(({ severity, code }) => `${severity} ${code}`);
}
