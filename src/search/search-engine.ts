/** The search over a collection in an engine: the same questions and filters, and the same answers to the bit. */
import type { Engine } from '../engine/engine.js';
import type { Shard } from '../engine/engine-state.js';
import { dimMismatch, type SearchOutcome, type SkippedFilm, skippedFilm } from './answer.js';
import { type FilmPart, type NamedHit, rankAnswers, type Search } from './film-part.js';
import type { FrameRef } from './question.js';

/**
 * Answers all questions, one after the other, since a server works on each with all its cores. Shots are those by each
 * film's own threshold. Errors: those of the engine.
 */
export async function searchEngine(engine: Engine, search: Search): Promise<SearchOutcome> {
  const { questions, films, dim, filters, context } = search;
  const stored = films.map(({ entry }) => engine.stored(entry));
  const isMisfit = (film: number) => stored[film].frames > 0 && stored[film].dim !== dim;
  const hits = films.map(({ asked }) => asked.map((): NamedHit[] => []));
  const counts = { rowsScanned: 0, rowsLeft: 0, rowsScored: 0 };
  for (const [q, { vectors, origin, leftOut = [] }] of questions.entries()) {
    const storedFrame = ({ film, index }: FrameRef) => ({ film: engine.stored(film), index });
    const asked = films.filter(({ asked, ordinal }) => asked.includes(q) && !isMisfit(ordinal));
    const filled = asked.filter(({ ordinal }) => stored[ordinal].frames > 0);
    const found = await engine.nearest({
      vectors,
      films: filled.map(({ ordinal }) => stored[ordinal]),
      origin: origin.map(storedFrame),
      leftOut: leftOut.map(storedFrame),
      filters,
    });
    for (const hit of found.hits) {
      const film = filled[hit.film];
      hits[film.ordinal][film.asked.indexOf(q)].push({ ...hit, film: film.ordinal });
    }
    counts.rowsScanned += filled.reduce((sum, { ordinal }) => sum + stored[ordinal].frames, 0);
    counts.rowsLeft += found.rowsLeft;
    counts.rowsScored += found.rowsScored;
    context.onProgress?.({ done: q + 1, total: questions.length, unit: 'questions' });
  }
  context.onEngineUse?.({ engine: engine.collection.folder, ...counts });
  const parts: FilmPart[] = [];
  const skipped: SkippedFilm[] = [];
  for (const film of films) {
    const { frames, zero, nonFinite, dim: found } = stored[film.ordinal];
    if (isMisfit(film.ordinal)) skipped.push(skippedFilm(film.entry, dimMismatch(film.entry, dim, found)));
    else parts.push({ film, frames, zero, nonFinite, hits: hits[film.ordinal], bytesRead: 0 });
  }
  const shards = await engine.missingShards();
  for (const shard of shards) skipped.push(missingShard(engine, shard));
  return { answers: rankAnswers(search, parts), skipped };
}

/** The films that are missing because a server of the cluster is down; only that server knows their names. */
export function missingShard({ collection }: Engine, { shard, servers, state }: Shard): SkippedFilm {
  const film = `shard ${shard}`;
  const path = `${collection.folder} (${servers.join(', ')})`;
  const reason = state === 'down' ? 'does not answer' : 'has no tables of giallo';
  const message = `${path}: shard ${shard} ${reason}; the films on it are missing`;
  return { film, path, code: 'engine-shard-down', message };
}
