/** Whether the disk has room, asked before minutes are spent on filling it. */
import { statfs } from 'node:fs/promises';
import { BenchFailure } from './failure.js';

export interface CollectionSize {
  readonly films: number;
  /** Frames a film. */
  readonly frames: number;
  /** Numbers a frame. */
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

// An archive, an array or an index of vectors takes a tenth more than float32 at most.
function roomOf({ films, frames, dim }: CollectionSize): number {
  return films * frames * dim * 4 * 1.1;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
