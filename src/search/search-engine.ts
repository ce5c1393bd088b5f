/** The search where the collection is in an engine: the same questions and filters, the same answers to the bit. */
import type { FilmEntry } from '../collection/film.js';
import type { Engine } from '../engine/engine.js';
import type { Shard } from '../engine/shards.js';
import { closenessOf } from '../ranking/metric.js';
import { type Answer, dimMismatch, type SearchOutcome, type SkippedFilm, skippedFilm } from './answer.js';
import type { SearchContext } from './context.js';
import type { EngineUse } from './engine-use.js';
import type { Filters, Question } from './question.js';
import { inNameOrder } from './scope.js';

/**
 * Answers all questions, one after the other: a server works on one with all its cores. Shots are those that each film
 * has by itself. Errors: those of the engine.
 */
export async function searchEngine(
  engine: Engine,
  questions: readonly Question[],
  filters: Filters,
  { onProgress, onEngineUse }: SearchContext,
): Promise<SearchOutcome> {
  const dim = questions[0]?.vectors[0]?.length ?? 0;
  const skipped = new Map<FilmEntry, SkippedFilm>();
  const answers: Answer[] = [];
  const counts = { rowsScanned: 0, rowsLeft: 0, rowsScored: 0 };
  for (const question of questions) {
    answers.push(await answer(engine, question, filters, { dim, skipped, counts }));
    onProgress?.({ done: answers.length, total: questions.length, unit: 'questions' });
  }
  onEngineUse?.({ engine: engine.collection.folder, ...counts });
  const shards = await engine.missingShards();
  return {
    answers,
    skipped: [
      ...inNameOrder(skipped.keys()).flatMap((film) => skipped.get(film) ?? []),
      ...shards.map((shard) => missingShard(engine, shard)),
    ],
  };
}

/** Films that are missing because a server of the cluster is down, which alone could say their names. */
export function missingShard({ collection }: Engine, { shard, servers, state }: Shard): SkippedFilm {
  const film = `shard ${shard}`;
  const path = `${collection.folder} (${servers.join(', ')})`;
  const reason = state === 'down' ? 'does not answer' : 'has no tables of giallo';
  const message = `${path}: shard ${shard} ${reason}; the films on it are missing`;
  return { film, path, code: 'engine-shard-down', message };
}

/** What answers have in common, and where they note what they came upon. */
interface Notes {
  readonly dim: number;
  readonly skipped: Map<FilmEntry, SkippedFilm>;
  readonly counts: { -readonly [Key in Exclude<keyof EngineUse, 'engine'>]: EngineUse[Key] };
}

async function answer(
  engine: Engine,
  { vectors, origin, scope }: Question,
  filters: Filters,
  { dim, skipped, counts }: Notes,
): Promise<Answer> {
  const searched = { films: 0, frames: 0, zero: 0, nonFinite: 0 };
  const films = inNameOrder(scope).flatMap((entry) => {
    const film = engine.stored(entry);
    if (film.frames > 0 && film.dim !== dim) {
      skipped.set(entry, skippedFilm(entry, dimMismatch(entry, dim, film.dim)));
      return [];
    }
    searched.films++;
    searched.frames += film.frames;
    searched.zero += film.zero;
    searched.nonFinite += film.nonFinite;
    return film.frames > 0 ? [film] : [];
  });
  const { metric, k, perFilm, perShot, cutoff, excludeNear } = filters;
  const { hits, rowsLeft, rowsScored } = await engine.nearest({
    metric,
    vectors,
    films,
    origin: origin.map(({ film, index }) => ({ film: engine.stored(film), index })),
    excludeNear,
    k,
    perFilm,
    perShot,
    cutoff,
  });
  counts.rowsScanned += searched.frames;
  counts.rowsLeft += rowsLeft;
  counts.rowsScored += rowsScored;
  const results = hits.map(({ film, index, closeness, filename }, i) => ({
    rank: i + 1,
    film: films[film].film,
    index,
    filename,
    score: closenessOf(metric, closeness),
  }));
  return { searched, results };
}
