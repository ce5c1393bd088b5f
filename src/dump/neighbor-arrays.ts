/** A film's neighbours as arrays for numpy. */
import type { FileHandle } from 'node:fs/promises';
import { encodeNames } from '../npz/names.js';
import { arrayMember } from '../npz/write-member.js';
import { writeZip } from '../npz/write-zip.js';
import type { FrameNeighbors } from '../reports/topk.js';

interface NeighborArrays {
  readonly frames: readonly FrameNeighbors[];
  /** The films that may be among the neighbours. */
  readonly filmNames: readonly string[];
  /** The most neighbours that a frame may have. */
  readonly k: number;
}

/**
 * Writes an `.npz` with `filenames` <U (N,), `film_names` <U (F,), and (N, k) arrays `films` int32 into `film_names`,
 * `indices` int32 and `scores` float32: one row for each frame, closest first, -1 and NaN if there is no neighbour.
 * Errors: `value-unrepresentable`, `output-too-large`; those of the file system as they are.
 */
export async function writeNeighborArrays(
  file: FileHandle,
  place: string,
  { frames, filmNames, k }: NeighborArrays,
): Promise<void> {
  const numberOf = new Map(filmNames.map((film, i) => [film, i]));
  const cells = frames.length * k;
  const films = new Int32Array(cells).fill(-1);
  const indices = new Int32Array(cells).fill(-1);
  const scores = new Float32Array(cells).fill(Number.NaN);
  for (const [row, { neighbors }] of frames.entries()) {
    for (const [i, { film, index, score }] of neighbors.entries()) {
      films[row * k + i] = numberOf.get(film) as number;
      indices[row * k + i] = index;
      scores[row * k + i] = score;
    }
  }
  const shape = [frames.length, k];
  const names = (values: readonly string[]) => ({ shape: [values.length], ...encodeNames(values, place) });
  const numbers = (descr: string, values: Int32Array | Float32Array) => ({
    descr,
    shape,
    data: new Uint8Array(values.buffer),
  });
  const members = [
    arrayMember('filenames', names(frames.map(({ filename }) => filename)), 'deflated'),
    arrayMember('film_names', names(filmNames), 'deflated'),
    arrayMember('films', numbers('<i4', films), 'deflated'),
    arrayMember('indices', numbers('<i4', indices), 'deflated'),
    arrayMember('scores', numbers('<f4', scores), 'deflated'),
  ];
  await writeZip(file, members, place);
}
