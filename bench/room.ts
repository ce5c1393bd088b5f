/** Whether the disk has room, asked before minutes are spent on filling it. */
import { statfs } from 'node:fs/promises';
import type { CollectionSize } from './collection.js';
import { BenchFailure } from './failure.js';

/** The bytes of a collection's vectors as float32; an archive, an array or an index of them takes a tenth more at most. */
export function vectorBytes({ films, frames, dim }: CollectionSize): number {
  return films * frames * dim * 4;
}

/** Throws a `BenchFailure` unless the disk of `folder` has room for so many vectors. */
export async function requireRoom(folder: string, size: CollectionSize): Promise<void> {
  const needed = vectorBytes(size) * 1.1;
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < needed) {
    throw new BenchFailure(`${folder}: ${gigabytes(needed)} needed, ${gigabytes(bavail * bsize)} free`);
  }
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
