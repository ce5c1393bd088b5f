/** Scores every frame of one film against questions, block by block as the rows come from the archive. */
import type { Film } from '../collection/film.js';
import { type BlockScorer, rowsPerBlock } from '../kernel/block-scorer.js';
import type { Profiler } from '../ranking/film-profile.js';
import type { FilmLimits } from '../ranking/film-selection.js';
import type { Hit } from '../ranking/hit.js';
import { closenessOf, cosine } from '../ranking/metric.js';
import { selectFromFilm } from '../ranking/select.js';
import { findShots, type Shots } from '../ranking/shots.js';
import { blocksOf } from './film-blocks.js';
import { type Filters, type FrameRef, needShots } from './question.js';

/** The query vectors of one question, as the scorer numbers them, with their n2. */
export interface ScoredQuery {
  readonly queries: readonly { readonly number: number; readonly squaredNorm: number }[];
  readonly origin: readonly FrameRef[];
}

export interface FilmScan {
  readonly frames: number;
  /** All-zero rows. */
  readonly zero: number;
  /** Rows with NaN or Inf, which no answer holds. */
  readonly nonFinite: number;
  /** Numbers that were finite as stored and too large for float32. */
  readonly becameInfinite: number;
  /** The film's own best frames for each question, closest first. */
  readonly hits: readonly (readonly Hit[])[];
}

/**
 * Scans a film once for all `questions`. Nothing of it counts unless the whole film was read and its checksum was
 * right: errors of reading are thrown as they are. `ordinal` becomes the hits' `film`.
 */
export async function scanFilm(
  film: Film,
  ordinal: number,
  scorer: BlockScorer,
  questions: readonly ScoredQuery[],
  filters: Filters,
  signal?: AbortSignal,
): Promise<FilmScan> {
  const closeness = questions.map(() => new Float64Array(film.frames).fill(Number.NEGATIVE_INFINITY));
  let zero = 0;
  let nonFinite = 0;
  let becameInfinite = 0;
  const profiler = needShots(filters) ? await profilerOf(film) : undefined;
  for await (const block of blocksOf(film, rowsPerBlock(film.dim), signal)) {
    scorer.load(block.values, block.rows);
    profiler?.add(block);
    becameInfinite += block.becameInfinite;
    const squaredNorms = scorer.squares();
    for (const squaredNorm of squaredNorms) {
      if (squaredNorm === 0) zero++;
      else if (!Number.isFinite(squaredNorm)) nonFinite++;
    }
    questions.forEach((question, q) => {
      scoreBlock(
        scorer,
        question,
        filters,
        squaredNorms,
        (closeness[q] as Float64Array).subarray(block.firstRow),
      );
    });
  }
  const shots = profiler && findShots(profiler.finish(), filters.shotThreshold);
  const hits = questions.map(({ origin }, q) => {
    const values = closeness[q] as Float64Array;
    leaveOutNear(
      values,
      origin.filter((frame) => frame.film.path === film.path),
      filters,
      shots,
    );
    return selectFromFilm(ordinal, values, limitsOf(filters, shots));
  });
  return { frames: film.frames, zero, nonFinite, becameInfinite, hits };
}

// Only searches that shots matter to load what finds them.
async function profilerOf({ frames, dim }: Film): Promise<Profiler> {
  const { createProfiler } = await import('../ranking/film-profile.js');
  return createProfiler(frames, dim);
}

/** Raises each row's closeness to that of the best of the question's vectors; NaN for rows that are not finite. */
function scoreBlock(
  scorer: BlockScorer,
  question: ScoredQuery,
  { metric }: Filters,
  squaredNorms: Float64Array,
  into: Float64Array,
): void {
  for (const { number, squaredNorm } of question.queries) {
    const sums = metric === 'euclidean' ? scorer.squaredDistances(number) : scorer.dots(number);
    for (let row = 0; row < squaredNorms.length; row++) {
      const norm = squaredNorms[row] as number;
      const sum = sums[row] as number;
      const score =
        metric === 'cosine' ? cosine(sum, squaredNorm, norm) : metric === 'dot' ? sum : Math.sqrt(sum);
      into[row] = Number.isFinite(norm)
        ? Math.max(into[row] as number, closenessOf(metric, score))
        : Number.NaN;
    }
  }
}

/** Marks the frames that are asked about, and those near them, as left out. */
function leaveOutNear(
  closeness: Float64Array,
  origin: readonly FrameRef[],
  { excludeNear }: Filters,
  shots: Shots | undefined,
): void {
  for (const { index } of origin) {
    if (excludeNear !== 'shot') {
      closeness.fill(Number.NaN, Math.max(0, index - excludeNear), index + excludeNear + 1);
    } else if (shots) {
      const { shotOf } = shots;
      closeness.fill(Number.NaN, shotOf.indexOf(shotOf[index]), shotOf.lastIndexOf(shotOf[index]) + 1);
    }
  }
}

function limitsOf({ k, perFilm, perShot, cutoff, metric }: Filters, shots: Shots | undefined): FilmLimits {
  return {
    limit: Math.min(k, perFilm ?? k),
    minCloseness: cutoff === undefined ? undefined : closenessOf(metric, cutoff),
    perShot: shots && perShot !== undefined ? { limit: perShot, shotOf: shots.shotOf } : undefined,
  };
}
