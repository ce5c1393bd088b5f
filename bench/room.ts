/** Checks that the disk has room before minutes are spent on filling it. */
import { statfs } from 'node:fs/promises';
import { BenchFailure } from './failure.js';

export interface CollectionSize {
  readonly films: number;
  /** The number of frames of each film. */
  readonly frames: number;
  /** How many numbers each frame has. */
  readonly dim: number;
}

/** Throws a `BenchFailure` unless the disk of `folder` has room for so many vectors. */
export async function requireRoom(folder: string, size: CollectionSize): Promise<void> {
  const needed = roomOf(size);
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < needed) {
    throw new BenchFailure(`${folder}: ${gigabytes(needed)} needed, ${gigabytes(bavail * bsize)} free`);
  }
}

// Archives, arrays and indexes take at most a tenth more than the float32 numbers.
function roomOf({ films, frames, dim }: CollectionSize): number {
  return films * frames * dim * 4 * 1.1;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
