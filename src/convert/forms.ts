/**
 * The forms that embeddings are kept in: how each is read and how it is written. To convert is to `read` one form and
 * to `write` another. The code of a form is loaded when it is needed.
 */
import { basename } from 'node:path';
import { type Film, openFilm, requireReadable } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { infiniteWarnings } from '../collection/film-warning.js';
import type { Outputs } from '../files/outputs.js';
import {
  type FrameBlock,
  type Frames,
  type FramesToWrite,
  type JsonOptions,
  leftOutWarnings,
} from './frames.js';

export const formNames = ['npz', 'npy', 'json', 'csv', 'parquet'] as const;
export type FormName = (typeof formNames)[number];

export interface FormOptions extends JsonOptions {
  /** Of `npz` and `npy` written. */
  readonly dtype: 'float32' | 'float16';
  /** Of `npz` written: `stored` makes a larger file whose rows can be read by their position. */
  readonly compression: 'deflated' | 'stored';
  /** Of films read. */
  readonly reading: ReadingOptions;
}

/** What is written, and where. */
interface FormTarget extends FramesToWrite {
  readonly path: string;
  readonly outputs: Outputs;
}

interface Form {
  /** Opens a file; the signal ends the waiting for what a pipe brings. Errors: see the form's own module. */
  read(path: string, options: FormOptions, signal?: AbortSignal): Promise<Frames>;
  /** Writes `target.path`, and files beside it where the form needs them; returns the number of frames. */
  write(target: FormTarget, options: FormOptions): Promise<number>;
}

export const forms: Readonly<Record<FormName, Form>> = {
  npz: {
    read: readFilm,
    async write({ path, place, outputs, blocks, dim }, { dtype, compression }) {
      const { writeNpz } = await import('../npz/write-npz.js');
      const files = { archive: await outputs.create(path), scratch: await outputs.scratch(path) };
      return await writeNpz(files, readableFrames(blocks, place), { dim, dtype, compression, place });
    },
  },
  npy: {
    read: readFilm,
    async write({ path, place, outputs, blocks, dim }, { dtype }) {
      const { writeNpy } = await import('../npz/write-rows.js');
      const { writeNpyNames } = await import('./frames.js');
      const file = await outputs.create(path);
      const filenames = await writeNpy(file, blocks, { dim, dtype, place });
      await writeNpyNames(outputs, path.replace(/\.npy$/i, ''), filenames);
      return filenames.length;
    },
  },
  json: {
    read: async (path, options, signal) => (await import('./read-json.js')).readJson(path, options, signal),
    async write(target, options) {
      const { writeJson } = await import('./write-text.js');
      return await writeJson(await target.outputs.create(target.path), target, options);
    },
  },
  csv: {
    read: async (path, _, signal) => (await import('./read-csv.js')).readCsv(path, signal),
    async write(target) {
      const { writeCsv } = await import('./write-text.js');
      return await writeCsv(await target.outputs.create(target.path), target);
    },
  },
  parquet: {
    read: async (path) => (await import('./read-parquet.js')).readParquet(path),
    async write(target) {
      const { writeParquet } = await import('./write-parquet.js');
      return await writeParquet(await target.outputs.create(target.path), target);
    },
  },
};

/** The blocks. Errors: `size-absurd` as soon as there are more frames than can be read again. */
async function* readableFrames(
  blocks: FramesToWrite['blocks'],
  place: string,
): AsyncGenerator<Pick<FrameBlock, 'filenames' | 'values'>> {
  let frames = 0;
  for await (const block of blocks) {
    frames += block.filenames.length;
    requireReadable(place, frames);
    yield block;
  }
}

/** Opens a film. Errors: those of `openFilm`, of `Film.readFilenames` and of `Film.readBlocks`. */
async function readFilm(path: string, { reading }: Pick<FormOptions, 'reading'>): Promise<Frames> {
  const film = await openFilm({ name: basename(path), path }, reading);
  try {
    return await framesOfFilm(film);
  } catch (error) {
    await film.close();
    throw error;
  }
}

async function framesOfFilm(film: Film): Promise<Frames> {
  const names = await film.readFilenames();
  const warnings = [...film.warnings, ...names.warnings].map(({ message }) => message);
  warnings.push(...leftOutWarnings(film.path, 'arrays', film.otherArrays));
  return {
    dim: film.dim,
    warnings,
    blocks: () => blocks(film, names.filenames, warnings),
    close: () => film.close(),
  };
}

async function* blocks(
  film: Film,
  filenames: readonly string[],
  warnings: string[],
): AsyncGenerator<FrameBlock> {
  let infinite = 0;
  for await (const { firstRow, rows, values, becameInfinite } of film.readBlocks()) {
    infinite += becameInfinite;
    const end = firstRow + rows;
    const sourceBytes = Math.floor((film.bytes * end) / film.frames);
    yield { filenames: filenames.slice(firstRow, end), values, sourceBytes };
  }
  for (const { message } of infiniteWarnings(film.path, infinite)) warnings.push(message);
}

/** The form that a file's ending names, in any case; undefined if it names none. */
export function formOfPath(path: string): FormName | undefined {
  return formNames.find((name) => path.toLowerCase().endsWith(`.${name}`));
}

/** A path without the ending that names its form. */
export function withoutEnding(path: string): string {
  const form = formOfPath(path);
  return form === undefined ? path : path.slice(0, -form.length - 1);
}
