/** A film read whole for its profile alone. */
import { crc32 } from 'node:zlib';
import type { Film } from '../collection/film.js';
import { type FilmWarning, infiniteWarnings } from '../collection/film-warning.js';
import { rowsPerBlock } from '../kernel/block-scorer.js';
import type { RowBlock } from '../npz/rows.js';
import { createProfiler, type FilmProfile } from '../ranking/profiler.js';
import { blocksOf } from './scan-film.js';

export interface WholeFilmProfile extends FilmProfile {
  /** Of the vectors: as `vectorsChecksum`. */
  readonly checksum: string;
  /** What is odd with the vectors. */
  readonly warnings: readonly FilmWarning[];
}

/**
 * Reads a film for its profile; `onBlock` has each of its blocks as long as they are valid. Errors: those of reading it;
 * the signal's reason.
 */
export async function profileFilm(
  film: Film,
  signal?: AbortSignal,
  onBlock?: (block: RowBlock) => void,
): Promise<WholeFilmProfile> {
  const profiler = createProfiler(film.frames, film.dim);
  const checksum = runningChecksum(film);
  let infinite = 0;
  for await (const block of blocksOf(film, rowsPerBlock(film.dim), signal)) {
    profiler.add(block);
    onBlock?.(block);
    checksum.add(block.values);
    infinite += block.becameInfinite;
  }
  const warnings = infiniteWarnings(film.path, infinite);
  return { ...profiler.finish(), checksum: checksum.value(), warnings };
}

/** What tells a film's vectors `[frames x dim]` from others: the archive's own checksum, else that of the float32. */
export function vectorsChecksum(film: Film, values: Float32Array): string {
  const checksum = runningChecksum(film);
  checksum.add(values);
  return checksum.value();
}

function runningChecksum({ checksums: { embeddings } }: Film) {
  let sum = 0;
  return {
    add({ buffer, byteOffset, byteLength }: Float32Array) {
      if (embeddings === null) sum = crc32(new Uint8Array(buffer, byteOffset, byteLength), sum);
    },
    value: () => embeddings ?? sum.toString(16).padStart(8, '0'),
  };
}
