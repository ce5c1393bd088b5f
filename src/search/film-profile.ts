/** Reads a whole film to profile it. */
import { crc32 } from 'node:zlib';
import type { Film } from '../collection/film.js';
import { type FilmWarning, infiniteWarnings } from '../collection/film-warning.js';
import { hex32 } from '../files/file-names.js';
import type { RowBlock } from '../npz/rows.js';
import { createProfiler, type FilmProfile } from '../ranking/profiler.js';

export interface WholeFilmProfile extends FilmProfile {
  /** The checksum of the vectors, as `vectorsChecksum`. */
  readonly checksum: string;
  /** Warnings about the vectors. */
  readonly warnings: readonly FilmWarning[];
}

/**
 * Reads a film and profiles it. `onBlock` is given each block, which is valid until it returns. Errors: those of
 * reading the film; the signal's reason.
 */
export async function profileFilm(
  film: Film,
  signal?: AbortSignal,
  onBlock?: (block: RowBlock) => void,
): Promise<WholeFilmProfile> {
  const profiler = createProfiler(film.frames, film.dim);
  const checksum = runningChecksum(film);
  let infinite = 0;
  for await (const block of film.readBlocks(signal)) {
    profiler.add(block);
    onBlock?.(block);
    checksum.add(block.values);
    infinite += block.becameInfinite;
  }
  const warnings = infiniteWarnings(film.path, infinite);
  return { ...profiler.finish(), checksum: checksum.value(), warnings };
}

/** A checksum of a film's vectors [frames x dim]: that of the archive if it has one, else the CRC-32 of the float32. */
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
    value: () => embeddings ?? hex32(sum),
  };
}
