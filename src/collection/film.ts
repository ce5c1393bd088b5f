/**
 * One film: an archive (or a bare `.npy`) seen as frames, vectors and filenames. Opening reads no vector; whoever
 * opens a film closes it.
 */
import { catchGiallo, GialloError } from '../errors.js';
import {
  type ArrayFile,
  checkExactSize,
  openNpy,
  openNpyIn,
  openNpz,
  openNpzIn,
  readableArrays,
  type StoredArray,
} from '../npz/array-file.js';
import type { ByteSource } from '../npz/byte-source.js';
import type { RowBlock } from '../npz/rows.js';
import { cutCrc32, type RunningCrc32 } from '../npz/zip-member.js';
import { type ChosenArrays, chooseArrays, chooseVectors, type ReadingOptions } from './film-arrays.js';
import { type FilmNames, readNames } from './film-names.js';
import { readNumbers } from './film-numbers.js';
import { convertedWarnings, type FilmWarning } from './film-warning.js';
import { isArrayFile } from './names.js';

/** One archive of a collection, and the name it goes by. */
export interface FilmEntry {
  readonly name: string;
  readonly path: string;
}

/** What `giallo info` shows of an array. */
interface ArrayInfo {
  readonly name: string;
  /** numpy's name of a numeric type, else its type string. */
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  readonly compression: 'stored' | 'deflated' | 'none';
  /** Bytes in the file, and bytes of the whole array with its header. */
  readonly bytes: number;
  readonly rawBytes: number;
  /** Eight hexadecimal digits; null in an `.npy`. */
  readonly crc32: string | null;
}

export interface Film {
  readonly name: string;
  readonly path: string;
  readonly frames: number;
  readonly dim: number;
  /** As stored: `float32`, `float32 (big-endian)`, `float16`. Values are always read as float32. */
  readonly dtype: string;
  readonly compression: 'stored' | 'deflated' | 'none';
  /** Bytes of the archive. */
  readonly bytes: number;
  /** Bytes of the vectors as stored, without header. */
  readonly rawBytes: number;
  /** Every array of the archive whose header can be read, in the archive's order. */
  readonly arrays: readonly ArrayInfo[];
  /** The names of the arrays that are neither the vectors nor the names, whether they can be read or not. */
  readonly otherArrays: readonly string[];
  /** CRC-32 of the two arrays that are read, null if there is none: what an index is compared by. */
  readonly checksums: { readonly embeddings: string | null; readonly filenames: string | null };
  /** Warnings about what the headers show to be unusual. */
  readonly warnings: readonly FilmWarning[];
  /**
   * One name for each frame, in the order of frames; row numbers as strings where the archive has no readable names,
   * with a warning. Errors: `archive-corrupt`, `shape-mismatch`, `names-unreadable`, `file-unreadable`.
   */
  readFilenames(): Promise<FilmNames>;
  /**
   * The vectors in order, in blocks of about 1 MiB whose memory is used again, unless they are kept: then the film is
   * read as one that nothing else is read beside. Blocks count only when the generator has ended without an error, since the CRC-32 is checked last. Errors: `archive-corrupt`,
   * `size-absurd`, `file-unreadable`; the signal's reason when it is aborted.
   */
  readBlocks(signal?: AbortSignal, areKept?: boolean): AsyncGenerator<RowBlock>;
  /** As `readBlocks`; in the end `rowChecks` [frames] has the CRC-32 of each row as float32. */
  readCheckedBlocks(rowChecks: Uint32Array): AsyncGenerator<RowBlock>;
  /**
   * Reads every array but the vectors and the names, for its length and CRC-32, and returns what is wrong with them, in
   * the archive's order. No search reads them, but a flipped bit in one of them shows that the file has changed since
   * it was saved.
   */
  checkOtherArrays(signal?: AbortSignal): Promise<GialloError[]>;
  /**
   * The numbers of another array, one for each frame; undefined if the archive has none of that name. Errors:
   * `shape-mismatch`, `dtype-unsupported`, and those of reading it.
   */
  readNumbers(name: string): Promise<Float64Array | undefined>;
  close(): Promise<void>;
}

/** The most frames of a film: a Map or a Set, as of their names, has no room for more. */
const mostFrames = 2 ** 24;

/** Errors: `size-absurd` for more frames than a film can have. */
export function requireReadable(place: string, frames: number): void {
  if (frames <= mostFrames) return;
  const message = `${place}: ${frames} frames; at most ${mostFrames} are read`;
  throw new GialloError('size-absurd', message, { hint: 'save them as several films' });
}

/**
 * Opens a film: reads its directory and the headers of its arrays, decides which array is which, and checks types and
 * shapes. Errors: those of the archive and `array-missing`, `dtype-unsupported`, `shape-mismatch`, `header-invalid`, and
 * `size-absurd` for too many frames.
 */
export async function openFilm(entry: FilmEntry, options: ReadingOptions = {}): Promise<Film> {
  const file = isArrayFile(entry.path)
    ? await openNpy(entry.path, options.embeddingsKey ?? 'embeddings', options.assume)
    : await openNpz(entry.path, options.assume);
  return filmOf(entry, file, () => chooseArrays(file, options));
}

/** Opens a film, runs `work` with it, and closes it. Errors: those of `openFilm` and of `work`. */
export async function withFilm<T>(
  entry: FilmEntry,
  options: ReadingOptions | undefined,
  work: (film: Film) => T | Promise<T>,
): Promise<T> {
  const film = await openFilm(entry, options);
  try {
    return await work(film);
  } finally {
    await film.close();
  }
}

/** How to read a file of query vectors, whose arrays may have other keys than those of a collection. */
export interface VectorOptions {
  /** The array of the vectors; without it the only one that fits. */
  readonly vectorKey?: string | undefined;
  readonly assume?: 'bfloat16' | undefined;
}

/** Opens an `.npy` or `.npz` of one vector or several as a film without names. Errors: as `openFilm`. */
export async function openVectors(
  source: ByteSource,
  form: 'npy' | 'npz',
  { vectorKey, assume }: VectorOptions = {},
): Promise<Film> {
  const file =
    form === 'npy'
      ? await openNpyIn(source, vectorKey ?? 'embeddings', assume)
      : await openNpzIn(source, assume);
  const entry = { name: source.path, path: source.path };
  return filmOf(entry, file, () => ({ ...chooseVectors(file, vectorKey), filenames: undefined }));
}

async function filmOf(entry: FilmEntry, file: ArrayFile, choose: () => ChosenArrays): Promise<Film> {
  try {
    return filmOfArrays(entry, file, choose());
  } catch (error) {
    await file.close();
    throw error;
  }
}

function filmOfArrays(entry: FilmEntry, file: ArrayFile, chosen: ChosenArrays): Film {
  const { embeddings, dtype, filenames, frames, dim } = chosen;
  checkExactSize(embeddings);
  requireReadable(embeddings.place, frames);
  const warnings = convertedWarnings(embeddings.place, dtype);
  const others = [...file.arrays].filter(([, array]) => array !== embeddings && array !== filenames);
  return {
    name: entry.name,
    path: entry.path,
    frames,
    dim,
    dtype: dtype.label,
    compression: embeddings.compression,
    bytes: file.size,
    rawBytes: embeddings.rawBytes - embeddings.header.byteLength,
    arrays: readableArrays(file).map(describe),
    otherArrays: others.map(([name]) => name),
    checksums: { embeddings: embeddings.crc32, filenames: filenames?.crc32 ?? null },
    warnings,
    readFilenames: () => readNames(file, filenames, frames),
    readBlocks: (signal, areKept) => readBlocks(chosen, { signal, areKept }),
    readCheckedBlocks: (rowChecks) => readCheckedBlocks(chosen, rowChecks),
    checkOtherArrays: (signal) =>
      checkArrays(
        others.map(([, array]) => array),
        signal,
      ),
    async readNumbers(name) {
      const array = file.arrays.get(name);
      if (array === undefined) return undefined;
      if (array instanceof GialloError) throw array;
      return readNumbers(array, frames);
    },
    close: () => file.close(),
  };
}

async function checkArrays(
  arrays: readonly (StoredArray | GialloError)[],
  signal?: AbortSignal,
): Promise<GialloError[]> {
  const problems: GialloError[] = [];
  for (const array of arrays) {
    const problem = array instanceof GialloError ? array : await catchGiallo(() => drain(array, signal));
    if (problem) problems.push(problem);
  }
  return problems;
}

async function drain(array: StoredArray, signal: AbortSignal | undefined): Promise<undefined> {
  for await (const _ of array.readData()) signal?.throwIfAborted();
}

function describe(array: StoredArray): ArrayInfo {
  const { name, header, dtype, compression, bytes, rawBytes, crc32 } = array;
  const { shape, fortranOrder } = header;
  return { name, dtype: dtype.label, shape, fortranOrder, compression, bytes, rawBytes, crc32 };
}

interface BlockReading {
  readonly signal?: AbortSignal | undefined;
  readonly areKept?: boolean | undefined;
  readonly marks?: RunningCrc32;
}

async function* readBlocks(
  { embeddings, dtype, frames, dim }: ChosenArrays,
  { signal, areKept, marks }: BlockReading = {},
): AsyncGenerator<RowBlock> {
  // npyjs and fflate are loaded by those who read vectors, not by those who list films.
  const { readRows } = await import('../npz/rows.js');
  const { fortranOrder } = embeddings.header;
  const layout = { rows: frames, columns: dim, dtype, fortranOrder, areKept };
  const data = embeddings.readData({ marks, isReadAlone: areKept });
  signal?.throwIfAborted();
  for await (const block of readRows(embeddings.place, layout, data)) {
    yield block;
    signal?.throwIfAborted();
  }
}

async function* readCheckedBlocks(chosen: ChosenArrays, rowChecks: Uint32Array): AsyncGenerator<RowBlock> {
  const { embeddings, dtype, frames, dim } = chosen;
  const { fortranOrder, byteLength } = embeddings.header;
  // If the member's bytes are the float32 rows, the checks of rows come from its own CRC-32, and cost nothing.
  const isAsStored = dtype.layout === 'float32' && !dtype.isBigEndian && !fortranOrder;
  if (isAsStored && embeddings.crc32 !== null && frames * dim > 0) {
    const marks = { firstByte: byteLength, step: dim * 4, sums: new Uint32Array(frames + 1) };
    yield* readBlocks(chosen, { marks });
    cutCrc32(marks, rowChecks);
    return;
  }
  const { checkRows } = await import('../npz/rows.js');
  for await (const block of readBlocks(chosen)) {
    checkRows(block, rowChecks);
    yield block;
  }
}
