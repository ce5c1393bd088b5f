/** Scores every frame of one film against questions, block by block as the rows come from the archive. */
import type { Film } from '../collection/film.js';
import { type BlockScorer, rowsPerBlock } from '../kernel/block-scorer.js';
import type { Profiler } from '../ranking/film-profile.js';
import { selectFromFilm } from '../ranking/film-selection.js';
import { isFiniteRow } from '../ranking/rows.js';
import { findShots } from '../ranking/shots.js';
import type { Hit } from '../ranking/top-k.js';
import { blocksOf } from './film-blocks.js';
import { leftOutRuns, limitsOf } from './film-filters.js';
import { type Filters, needShots } from './question.js';
import { type ScoredQuery, scoreBlock } from './score-block.js';

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
      else if (!isFiniteRow(squaredNorm)) nonFinite++;
    }
    questions.forEach((question, q) => {
      scoreBlock(scorer, question, filters, squaredNorms, closeness[q].subarray(block.firstRow));
    });
  }
  const shots = profiler && findShots(profiler.finish(), filters.shotThreshold);
  const hits = questions.map(({ origin }, q) => {
    const values = closeness[q];
    for (const { first, end } of leftOutRuns(film.path, origin, filters, shots)) {
      values.fill(Number.NaN, first, end);
    }
    return selectFromFilm(ordinal, values, limitsOf(filters, shots));
  });
  return { frames: film.frames, zero, nonFinite, becameInfinite, hits };
}

// Only searches that shots matter to load what finds them.
async function profilerOf({ frames, dim }: Film): Promise<Profiler> {
  const { createProfiler } = await import('../ranking/film-profile.js');
  return createProfiler(frames, dim);
}
