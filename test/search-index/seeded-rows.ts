/** Seeded rows of every kind that sketches must handle. Tests of the search index use all of them. */
import { seededNumbers } from '../seeded-numbers.js';

export interface SeededRows {
  readonly what: string;
  readonly dim: number;
  /** [rows x dim], row-major. */
  readonly values: Float32Array;
}

/**
 * Rows like those of a film: a direction common to all, shots along a few directions, small changes within a shot,
 * noise. They are not of unit length.
 */
export function filmLikeRows(rows: number, dim: number, seed: number): Float32Array {
  const next = seededNumbers(seed);
  const directions = Array.from({ length: 12 }, () => Float64Array.from({ length: dim }, next));
  let shot = directions.map(next);
  const values = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row++) {
    if (next() > 0.7) shot = directions.map(next);
    const weights = shot.map((weight, i) => (i === 0 ? 3 : weight / (i + 1) + next() / 20));
    for (let i = 0; i < dim; i++) {
      const sum = directions.reduce((total, direction, d) => total + direction[i] * weights[d], 0);
      values[row * dim + i] = sum + next() / 50;
    }
  }
  return values;
}

/** The kinds of rows, with a few dozen rows each; `make` takes a seed. */
const kinds: readonly { readonly what: string; readonly dim: number; make(seed: number): Float32Array }[] = [
  { what: 'random', dim: 384, make: (seed) => random(48, 384, seed) },
  { what: 'like a film', dim: 520, make: (seed) => filmLikeRows(64, 520, seed) },
  {
    what: 'dense and smooth',
    dim: 768,
    make: (seed) => random(48, 768, seed).map((x, i) => x / 9 + Math.sin((i % 768) / 40)),
  },
  { what: 'equal and opposite', dim: 200, make: (seed) => equalAndOpposite(random(8, 200, seed)) },
  { what: 'in and out of the span of a few axes', dim: 256, make: () => axes(256) },
  { what: 'one dimension', dim: 1, make: (seed) => random(20, 1, seed) },
  { what: 'fewer dimensions than a basis has vectors', dim: 13, make: (seed) => random(50, 13, seed) },
  {
    what: '100 dimensions, long and short',
    dim: 100,
    make: (seed) => random(60, 100, seed).map((x, i) => x * (1 + (i % 7) * 2)),
  },
  {
    what: 'zero rows among others',
    dim: 300,
    make: (seed) => mixed(seed).map((x, i) => (Math.floor(i / 300) % 3 === 0 ? 0 : x)),
  },
  { what: 'nothing but zero rows', dim: 64, make: () => new Float32Array(5 * 64) },
  { what: 'tiny', dim: 300, make: (seed) => mixed(seed).map((x) => x * 1e-30) },
  { what: 'below the smallest normal number', dim: 300, make: (seed) => mixed(seed).map((x) => x * 1e-40) },
  { what: 'huge', dim: 300, make: (seed) => mixed(seed).map((x) => x * 1e36) },
  {
    what: 'of all sizes',
    dim: 300,
    make: (seed) => mixed(seed).map((x, i) => x * 10 ** ((Math.floor(i / 300) % 60) - 30)),
  },
  {
    what: 'rows that are not finite among others',
    dim: 300,
    make: (seed) =>
      mixed(seed).map((x, i) => (i % 1700 === 5 ? (i % 2 ? Number.NaN : Number.POSITIVE_INFINITY) : x)),
  },
  { what: 'no rows', dim: 10, make: () => new Float32Array() },
];

export const seededKinds: readonly string[] = kinds.map(({ what }) => what);

export function seededRows(what: string, seed: number): SeededRows {
  const kind = kinds.find((one) => one.what === what);
  if (kind === undefined) throw new RangeError(`no rows are ${what}`);
  return { what, dim: kind.dim, values: kind.make(seed) };
}

function random(rows: number, dim: number, seed: number): Float32Array {
  return Float32Array.from({ length: rows * dim }, seededNumbers(seed));
}

function mixed(seed: number): Float32Array {
  return filmLikeRows(40, 300, seed);
}

function equalAndOpposite(rows: Float32Array): Float32Array {
  return Float32Array.from([...rows, ...rows, ...rows.map((x) => -x), ...rows.map((x) => x * 4)]);
}

/** Rows along one axis, two axes and all axes. */
function axes(dim: number): Float32Array {
  const values = new Float32Array(60 * dim);
  for (let row = 0; row < 60; row++) {
    if (row < 40) values[row * dim + (row % 20)] = row < 20 ? 1 : -2;
    else if (row < 55) values.set([0.6, 0.8], row * dim + row * 4);
    else values.fill(1 / row, row * dim, (row + 1) * dim);
  }
  return values;
}
