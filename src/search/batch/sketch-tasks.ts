/**
 * The tasks of threads that sketch films in memory: sample them, make a basis of the samples, sketch the films along
 * it.
 */
import type { ReadingOptions } from '../../collection/film-arrays.js';
import { paddedDim } from '../../kernel/scalar.js';
import { hasDirection } from '../../ranking/rows.js';
import { type Basis, computeBasis, layUnit } from '../../search-index/basis.js';
import { projectedRows } from '../../search-index/projector.js';
import { createRowSketcher, type RowSketcher } from '../../search-index/sketch.js';
import type { WorkerTasks } from '../../threads/messages.js';
import type { FilmSource, Sketches } from './batch-films.js';
import { readVectors } from './block-rows.js';

/** A film as it was measured. */
interface ReadTask {
  readonly film: FilmSource;
  readonly dim: number;
  /** n2 of each row. */
  readonly squaredNorms: Float64Array;
  readonly reading: ReadingOptions | undefined;
}

interface SampleTask extends ReadTask {
  readonly indices: readonly number[];
}

interface BasisTask {
  readonly dim: number;
  /** Each [rows x paddedDim(dim)], of rows of length 1. */
  readonly samples: readonly Float32Array[];
}

interface SketchTask extends ReadTask {
  readonly basis: Basis;
}

/** What a thread can do to make sketches. */
export interface SketchKinds {
  readonly sampleFilm: { readonly task: SampleTask; readonly result: Float32Array };
  readonly makeBasis: { readonly task: BasisTask; readonly result: Basis };
  readonly sketchFilm: { readonly task: SketchTask; readonly result: Sketches };
}

export const sketchTasks: WorkerTasks<SketchKinds> = { sampleFilm, makeBasis, sketchFilm };

/**
 * The rows at `indices`, each divided by its length; those without a direction are left out. Errors: as `readVectors`.
 */
async function sampleFilm({ film, dim, squaredNorms, reading, indices }: SampleTask): Promise<Float32Array> {
  const values = await readVectors(film, reading);
  const used = indices.filter((index) => hasDirection(squaredNorms[index]));
  const sample = new Float32Array(used.length * paddedDim(dim));
  for (const [row, index] of used.entries()) {
    const vector = values.subarray(index * dim, (index + 1) * dim);
    layUnit(vector, squaredNorms[index], sample, row * paddedDim(dim));
  }
  return sample;
}

/** The basis of all samples together. */
function makeBasis({ dim, samples }: BasisTask): Basis {
  const columns = paddedDim(dim);
  const values = new Float32Array(samples.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const sample of samples) {
    values.set(sample, at);
    at += sample.length;
  }
  return computeBasis({ rows: values.length / columns, columns, values }, dim);
}

/** The sketches of a film, in shared memory. Errors: as `readVectors`. */
async function sketchFilm({ film, dim, squaredNorms, reading, basis }: SketchTask): Promise<Sketches> {
  const { frames } = film;
  const values = await readVectors(film, reading);
  const sketcher = sketcherOf(basis);
  const { width } = sketcher;
  const codes = new Int16Array(new SharedArrayBuffer(frames * width * Int16Array.BYTES_PER_ELEMENT));
  const remainders = new Float32Array(new SharedArrayBuffer(frames * Float32Array.BYTES_PER_ELEMENT));
  let coding = 0;
  for (let first = 0; first < frames; first += projectedRows) {
    const end = Math.min(frames, first + projectedRows);
    const sketches = sketcher.sketch(
      values.subarray(first * dim, end * dim),
      squaredNorms.subarray(first, end),
    );
    codes.set(sketches.codes, first * width);
    remainders.set(sketches.remainders, first);
    coding = Math.max(coding, sketches.coding);
  }
  return { codes, width, remainders, coding, delta: basis.delta };
}

/** The sketcher of this thread: all its tasks have one basis. */
let known: RowSketcher | undefined;

function sketcherOf(basis: Basis): RowSketcher {
  known ??= createRowSketcher('held', basis);
  return known;
}
