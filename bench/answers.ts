/** Reads the answers that contenders print or write. */
import { readFile } from 'node:fs/promises';
import { parse } from 'npyjs';
import type { Answer } from './case.js';

interface Scored {
  readonly score: number;
}

/** The scores in `{"results": [{"score"}]}`, which giallo's --json and the peers print. */
export function resultScores(stdout: string): readonly number[] {
  const { results } = JSON.parse(stdout) as { readonly results: readonly Scored[] };
  return results.map((result) => result.score);
}

/** The scores of the neighbours of all frames, frame by frame, from the lines of `giallo topk`. */
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

/**
 * The name of each film and its number of frames, from `{"films": [{"film", "frames"}]}`, which giallo's --json and a
 * peer print.
 */
export function filmFrames(stdout: string): readonly (string | number)[] {
  const { films } = JSON.parse(stdout) as {
    readonly films: readonly { readonly film: string; readonly frames: number }[];
  };
  return films.flatMap(({ film, frames }) => [film, frames]);
}

/** The filenames of one film and a digest of its vectors, which `contents.py` prints. */
export function filmContents(stdout: string): readonly string[] {
  const { filenames, embeddings } = JSON.parse(stdout) as {
    readonly filenames: readonly string[];
    readonly embeddings: string;
  };
  return [...filenames, embeddings];
}
