/** Reads what contenders print and write. */
import { readFile } from 'node:fs/promises';
import { parse } from 'npyjs';
import type { Answer } from './case.js';

interface Scored {
  readonly score: number;
}

/** The scores of one `{"results": [{"score"}]}`, as giallo's --json and the peers print it. */
export function resultScores(stdout: string): readonly number[] {
  const { results } = JSON.parse(stdout) as { readonly results: readonly Scored[] };
  return results.map((result) => result.score);
}

/** The scores of all frames' neighbours, frame after frame, from the lines that `giallo topk` prints. */
export function neighborScores(stdout: string): Float64Array {
  const frames = stdout.split('\n').slice(0, -1);
  const scores = frames.map((line) => {
    const { neighbors } = JSON.parse(line) as { readonly neighbors: readonly Scored[] };
    return neighbors.map((neighbor) => neighbor.score);
  });
  return Float64Array.from(scores.flat());
}

/** The numbers of an `.npy` of float32. */
export async function arrayScores(path: string): Promise<Answer> {
  const bytes = await readFile(path);
  return parse(Uint8Array.from(bytes).buffer).data as Float32Array;
}

/** Name and number of frames of each film, from `{"films": [{"film", "frames"}]}` as giallo's --json and a peer print it. */
export function filmFrames(stdout: string): readonly (string | number)[] {
  const { films } = JSON.parse(stdout) as {
    readonly films: readonly { readonly film: string; readonly frames: number }[];
  };
  return films.flatMap(({ film, frames }) => [film, frames]);
}

/** Filenames and a digest of the vectors of one film, as `contents.py` prints them. */
export function filmContents(stdout: string): readonly string[] {
  const { filenames, embeddings } = JSON.parse(stdout) as {
    readonly filenames: readonly string[];
    readonly embeddings: string;
  };
  return [...filenames, embeddings];
}
