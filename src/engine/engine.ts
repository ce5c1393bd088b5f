/**
 * A collection in a ClickHouse server or cluster, as the search sees it: films, filenames, rows, nearest rows. The
 * nearest rows are found there and scored here, so that scores and ties are giallo's own.
 */
import type { Collection } from '../collection/collection.js';
import type { FilmEntry } from '../collection/film.js';
import { GialloError } from '../errors.js';
import { groupBy } from '../group-by.js';
import { dotProduct, squaredDistance, squaredNorm } from '../kernel/scalar.js';
import { type Filters, minClosenessOf } from '../ranking/film-selection.js';
import { closenessFrom, type Metric } from '../ranking/metric.js';
import { nearSpan } from '../ranking/near.js';
import { compareHits, type Hit } from '../ranking/top-k.js';
import type { TimesOfFilms } from '../times/times-of-films.js';
import { withinLimits } from './bounded-rows.js';
import { type Connection, type ConnectionOptions, openConnection } from './connection.js';
import { listShards, type Shard } from './engine-state.js';
import { parseEngineUrl } from './engine-url.js';
import { fetchFilenames, fetchVectors } from './fetch-rows.js';
import {
  type Candidate,
  type CandidateQuestion,
  type EngineQuery,
  findCandidates,
  type LeftOut,
} from './find-candidates.js';
import { requireSchema } from './schema.js';
import { listFilms, readFilenames, readShots, readTimes, type StoredFilm } from './stored-films.js';

interface StoredFrame {
  readonly film: StoredFilm;
  readonly index: number;
}

/** A question in the terms of the search. */
interface EngineQuestion {
  /** Each [dim], finite; of several vectors the best score counts. */
  readonly vectors: readonly Float32Array[];
  /** The films to look in, all of the vectors' dim, in code point order of their names. */
  readonly films: readonly StoredFilm[];
  /** The frames asked about: they and the frames near them are left out. */
  readonly origin: readonly StoredFrame[];
  /** Other frames that are left out, each by itself. */
  readonly leftOut?: readonly StoredFrame[] | undefined;
  readonly filters: Filters;
}

/** Errors of all its methods: those of the connection, and `engine-mismatch`. */
export interface Engine {
  /** The films, as a collection without a folder; their paths are addresses. */
  readonly collection: Collection;
  /** What is stored of a film of the collection. */
  stored(film: FilmEntry): StoredFilm;
  /** One a frame, in order. */
  filenames(film: FilmEntry): Promise<readonly string[]>;
  /** The times of the films that were pushed with them. */
  readonly times: TimesOfFilms;
  /** The shot of each frame. */
  shotOf(film: FilmEntry): Promise<Int32Array>;
  /** The vectors of frames of a film, in the order of `indices`, each [dim] and the caller's own. */
  rows(film: FilmEntry, indices: readonly number[]): Promise<readonly Float32Array[]>;
  /** The nearest rows. */
  nearest(question: EngineQuestion): Promise<EngineAnswer>;
  /** The shards that were missing when the engine was opened. */
  readonly missingAtFirst: readonly Shard[];
  /**
   * The shards of the cluster that have been missing at any time since it was opened, if `isPartial` allows for that.
   */
  missingShards(): Promise<readonly Shard[]>;
}

/**
 * Opens the engine at `url` and reads the list of its films, which stay as they are for as long as it is open: a film
 * that is pushed meanwhile is found by the next. Errors: those of `parseEngineUrl`, of the connection, `engine-schema`.
 */
export async function openEngine(url: string, options: ConnectionOptions): Promise<Engine> {
  const connection = await openConnection(parseEngineUrl(url), options);
  const { label } = connection.address;
  const { cluster } = await requireSchema(connection);
  const missing = async () => {
    if (!options.isPartial || cluster === undefined) return [];
    return (await listShards(connection, cluster)).filter(({ state }) => state !== 'up');
  };
  const missingAtFirst = await missing();
  const stored = new Map<FilmEntry, StoredFilm>();
  for (const film of await listFilms(connection)) {
    stored.set({ name: film.film, path: `${label}/${encodeURIComponent(film.film)}` }, film);
  }
  const filmOf = (entry: FilmEntry) => stored.get(entry) as StoredFilm;
  return {
    collection: { folder: label, films: [...stored.keys()], shadowed: [], isRemote: true },
    missingAtFirst,
    stored: filmOf,
    filenames: (entry) => readFilenames(connection, filmOf(entry)),
    times: timesBy((entry) => readTimes(connection, filmOf(entry))),
    shotOf: (entry) => readShots(connection, filmOf(entry)),
    async rows(entry, indices) {
      const { push, dim } = filmOf(entry);
      const places = [...new Set(indices)].map((index) => ({ push, index }));
      const found = new Map<number, Float32Array>();
      for await (const { place, vector } of fetchVectors(connection, places, dim)) {
        found.set(place.index, vector);
      }
      return indices.map((index) => (found.get(index) as Float32Array).slice());
    },
    async nearest(question) {
      const { vectors, films, filters } = question;
      return nearest(connection, {
        queries: vectors.map((vector) => ({ vector, squaredNorm: squaredNorm(vector) })),
        films,
        filters,
        leftOut: await leftOutOf(connection, question),
      });
    },
    async missingShards() {
      const now = await missing();
      return [
        ...missingAtFirst,
        ...now.filter((one) => !missingAtFirst.some(({ shard }) => shard === one.shard)),
      ];
    },
  };
}

function timesBy(read: TimesOfFilms['of']): TimesOfFilms {
  return {
    of: read,
    async require(film) {
      const times = await read(film);
      if (times) return times;
      throw new GialloError('usage', `${film.name}: it was pushed without the times of its frames`, {
        hint: 'give them with `giallo times`, and push the film again',
      });
    },
  };
}

/** The frames to leave out: those asked about, those near them, and the others that the question names. */
async function leftOutOf(
  connection: Connection,
  { origin, leftOut = [], filters: { excludeNear } }: EngineQuestion,
): Promise<readonly LeftOut[]> {
  const spans = new Map<string, LeftOut>();
  for (const { film, index } of leftOut)
    spans.set(`${film.push}:${index}`, { push: film.push, first: index, end: index + 1 });
  for (const film of new Set(origin.map((frame) => frame.film))) {
    const shotOf = excludeNear === 'shot' ? await readShots(connection, film) : undefined;
    for (const { film: asked, index } of origin) {
      if (asked !== film) continue;
      const { first, end } = nearSpan(index, excludeNear, shotOf);
      spans.set(`${film.push}:${first}:${end}`, { push: film.push, first, end: Math.min(end, film.frames) });
    }
  }
  return [...spans.values()];
}

/** An answer, and how much work it took. */
interface EngineAnswer {
  /** Closest first; `film` of a hit is its ordinal among the question's films. */
  readonly hits: readonly (Hit & { readonly filename: string })[];
  /** Rows that could be in the answer by the engine's bounds, and those of them that were fetched and scored. */
  readonly rowsLeft: number;
  readonly rowsScored: number;
}

/** The answer to the question. Errors: those of the connection, `engine-mismatch`. */
async function nearest(connection: Connection, question: CandidateQuestion): Promise<EngineAnswer> {
  const candidates = await findCandidates(connection, question);
  const { scored, rowsScored } = await scoreCandidates(connection, question, candidates);
  const nearestRows = withinLimits(scored.sort(compareHits), question.filters);
  const names = await fetchFilenames(connection, nearestRows.map(placeIn(question)));
  const hits = nearestRows.map(({ film, index, closeness }, i) => {
    return { film, index, closeness, filename: names[i] };
  });
  return { hits, rowsLeft: candidates.length, rowsScored };
}

type ScoredCandidate = Candidate & Hit;

/** Fetches one of all rows that are equal byte for byte: a film may have thousands of equal black frames. */
async function scoreCandidates(
  connection: Connection,
  question: CandidateQuestion,
  candidates: readonly Candidate[],
): Promise<{ readonly scored: ScoredCandidate[]; readonly rowsScored: number }> {
  const equals = groupBy(candidates, ({ digest }) => digest);
  const places = [...equals.values()].map((rows) => ({ ...placeIn(question)(rows[0]), rows }));
  const { queries, filters } = question;
  const minCloseness = minClosenessOf(filters) ?? Number.NEGATIVE_INFINITY;
  const dim = queries[0].vector.length;
  const scored: ScoredCandidate[] = [];
  for await (const { place, vector } of fetchVectors(connection, places, dim)) {
    const closeness = closenessTo(vector, filters.metric, queries);
    if (closeness < minCloseness) continue;
    for (const row of place.rows) scored.push({ ...row, closeness });
  }
  return { scored, rowsScored: places.length };
}

function placeIn({ films }: CandidateQuestion) {
  return ({ film, index }: Pick<Hit, 'film' | 'index'>) => ({ push: films[film].push, index });
}

/** The canonical closeness to the best of the queries. */
function closenessTo(vector: Float32Array, metric: Metric, queries: readonly EngineQuery[]): number {
  const norm = squaredNorm(vector);
  const sumOf = metric === 'euclidean' ? squaredDistance : dotProduct;
  return Math.max(
    ...queries.map((query) => closenessFrom(metric, sumOf(query.vector, vector), query.squaredNorm, norm)),
  );
}
