/**
 * The rows file of a film: its vectors as float32, so that each takes one read, and all else that is known after
 * reading the film once. It does not depend on the basis: when the basis is made again, no archive is inflated again.
 *
 * | section | |
 * |---|---|
 * | rows | float32 [frames x dim], each row checked by its own CRC-32 |
 * | checks | uint32 [frames], those CRC-32s |
 * | norms | float64 [frames], canonical n2 |
 * | cosines | float64 [frames], canonical cosine with the last finite row before |
 * | names | JSON: filenames; digests of rows without a direction, by index |
 */
import { crc32 } from 'node:zlib';
import type { FilmWarning } from '../collection/film-warning.js';
import type { FilmProfile } from '../ranking/profiler.js';
import { damaged, openSectionFile } from './section-file.js';

/** What both index files of a film say of it. */
export interface FilmMeta {
  /** The film's name. */
  readonly film: string;
  readonly fingerprint: string;
  readonly frames: number;
  readonly dim: number;
  /** All-zero rows. */
  readonly zero: number;
  /** Rows with NaN or Inf. */
  readonly nonFinite: number;
  /** Whether its archive has to be inflated to read it. */
  readonly isDeflated: boolean;
  /** The warnings of reading it, without its path (`withoutPath`, `warningsOf`). */
  readonly warnings: readonly FilmWarning[];
}

/** A warning as it is stored: without the film's path at its beginning, which may be another next time. */
export function withoutPath({ code, message }: FilmWarning, path: string): FilmWarning {
  return { code, message: message.startsWith(path) ? message.slice(path.length) : message };
}

/** The warnings that are stored of the film at `path`. */
export function warningsOf({ warnings }: FilmMeta, path: string): FilmWarning[] {
  return warnings.map(({ code, message }) => ({ code, message: path + message }));
}

/** What a rows file says of its film. */
export interface RowsMeta extends FilmMeta {
  /** As in `Steps`; null for NaN. */
  readonly typicalDistance: number | null;
}

/** The kind of rows files. */
export const rowsKind = 'rows';

/** The content of section `names`. */
export interface NamesSection {
  readonly filenames: readonly string[];
  readonly scoreless: readonly (readonly [index: number, digest: string])[];
}

/** A rows file, open; errors of its methods: `index-damaged`, `file-unreadable`. */
export interface FilmRows {
  readonly meta: FilmMeta;
  readonly byteLength: number;
  /** Reads the rows from `first` on into `target` [rows x dim]; compares their checksums unless told not to. */
  readRows(first: number, target: Float32Array, unchecked?: 'unchecked'): void;
  squaredNorms(): Float64Array;
  filenames(): readonly string[];
  profile(): FilmProfile;
  /** Reads the whole file. Errors: `index-damaged` if any of it is damaged. */
  check(): void;
  close(): void;
}

/** Opens a rows file; undefined if there is none. Errors: `index-damaged`, `file-unreadable`. */
export function openFilmRows(path: string): FilmRows | undefined {
  const file = openSectionFile<RowsMeta>(path, rowsKind);
  if (!file) return undefined;
  const { frames, dim, typicalDistance } = file.meta;
  const doubles = (section: string) => new Float64Array(file.read(section).buffer);
  const names = () => JSON.parse(Buffer.from(file.read('names')).toString()) as NamesSection;
  const rowBytes = dim * 4;
  let checks: Uint32Array | undefined;
  /** 1 for each row whose checksum was right: it is not compared again, since an open file never changes. */
  const isRight = new Uint8Array(frames);
  const readRows = (first: number, target: Float32Array, unchecked?: 'unchecked') => {
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    file.readInto('rows', first * rowBytes, bytes);
    if (unchecked) return;
    checks ??= new Uint32Array(file.read('checks').buffer);
    for (let at = 0, row = first; at < bytes.length; at += rowBytes, row++) {
      if (isRight[row] === 1) continue;
      if (crc32(bytes.subarray(at, at + rowBytes)) !== checks[row])
        throw damaged(path, `the checksum of row ${row} is wrong`);
      isRight[row] = 1;
    }
  };
  return {
    meta: file.meta,
    byteLength: file.byteLength,
    readRows,
    squaredNorms: () => doubles('norms'),
    filenames: () => names().filenames,
    profile: () => ({
      squaredNorms: doubles('norms'),
      cosines: doubles('cosines'),
      scorelessRows: new Map(names().scoreless),
      typicalDistance: typicalDistance ?? Number.NaN,
    }),
    check() {
      const row = new Float32Array(dim);
      for (let index = 0; index < frames; index++) readRows(index, row);
      for (const section of ['norms', 'cosines', 'names']) file.read(section);
    },
    close: () => file.close(),
  };
}
