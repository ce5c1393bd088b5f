/** A sample of the rows of many films, from which their basis is made. */
import { paddedDim } from '../kernel/scalar.js';
import { hasDirection } from '../ranking/rows.js';
import { openFilmRows } from './film-rows.js';
import type { Matrix } from './matrix.js';

/**
 * Rows of a sample: one in 32 within these bounds. Twice as many leave a tenth less of the energy out, which spares a
 * search nothing, and take twice the time, which is a good part of a small collection's build.
 */
const fewest = 1024;
const most = 2048;
const share = 1 / 32;
/** Bytes of a sample at most: fewer rows are taken of very long ones. */
const sampleBytes = 64 * 2 ** 20;

/** How many of so many rows are a sample, at most. */
export function sampleSize(rows: number, dim: number): number {
  const size = Math.min(most, Math.max(fewest, Math.floor(rows * share)));
  return Math.max(
    1,
    Math.min(size, Math.floor(sampleBytes / (paddedDim(dim) * Float32Array.BYTES_PER_ELEMENT))),
  );
}

/**
 * Rows of the films at `rowsPaths`, evenly spaced over all of their frames, each divided by its length; rows without a
 * direction are left out. Errors: `index-damaged`, `file-unreadable`.
 */
export function sampleRows(rowsPaths: readonly string[], dim: number): Matrix {
  const columns = paddedDim(dim);
  const films = rowsPaths.flatMap((path) => openFilmRows(path) ?? []);
  try {
    const total = films.reduce((sum, { facts }) => sum + facts.frames, 0);
    const wanted = sampleSize(total, dim);
    const step = Math.max(1, total / wanted);
    const values = new Float32Array(Math.min(wanted, total) * columns);
    const row = new Float32Array(dim);
    let rows = 0;
    let before = 0;
    let taken = 0;
    for (const film of films) {
      const norms = film.squaredNorms();
      for (; Math.floor(taken * step) < before + norms.length && taken < wanted; taken++) {
        const index = Math.floor(taken * step) - before;
        const norm = norms[index];
        if (!hasDirection(norm)) continue;
        film.readRows(index, row);
        const length = Math.sqrt(norm);
        for (let i = 0; i < dim; i++) values[rows * columns + i] = row[i] / length;
        rows++;
      }
      before += norms.length;
    }
    return { rows, columns, values: values.subarray(0, rows * columns) };
  } finally {
    for (const film of films) film.close();
  }
}
