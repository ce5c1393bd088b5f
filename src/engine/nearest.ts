/** The nearest rows of the engine to a question: found there, scored here, so that scores and ties are giallo's own. */
import { dotProduct, squaredDistance, squaredNorm } from '../kernel/scalar.js';
import { minClosenessOf } from '../ranking/film-selection.js';
import { closenessOf, cosine, type Metric } from '../ranking/metric.js';
import { compareHits, type Hit } from '../ranking/top-k.js';
import { withinLimits } from './bounded-rows.js';
import type { Connection } from './connection.js';
import { fetchFilenames, fetchVectors } from './fetch-rows.js';
import type { EngineQuery } from './find-candidates.js';
import { type Candidate, type CandidateQuestion, findCandidates } from './find-candidates.js';

/** A row of the answer; `film` is its ordinal among the question's films. */
export interface EngineHit extends Hit {
  readonly filename: string;
}

/** An answer, and what it took. */
export interface EngineAnswer {
  /** Closest first. */
  readonly hits: readonly EngineHit[];
  /** Rows that might have been in the answer by the engine's bounds; and those of them that were fetched and scored. */
  readonly rowsLeft: number;
  readonly rowsScored: number;
}

/** The answer to the question. Errors: those of the connection, `engine-mismatch`. */
export async function nearest(connection: Connection, question: CandidateQuestion): Promise<EngineAnswer> {
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

/** Of rows that are equal byte for byte one is fetched: a film may hold thousands of the same black frame. */
async function scoreCandidates(
  connection: Connection,
  question: CandidateQuestion,
  candidates: readonly Candidate[],
): Promise<{ readonly scored: ScoredCandidate[]; readonly rowsScored: number }> {
  const equals = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const known = equals.get(candidate.digest);
    if (known) known.push(candidate);
    else equals.set(candidate.digest, [candidate]);
  }
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
  const values = queries.map((query) => {
    if (metric === 'euclidean') return Math.sqrt(squaredDistance(query.vector, vector));
    const dot = dotProduct(query.vector, vector);
    return metric === 'dot' ? dot : cosine(dot, query.squaredNorm, norm);
  });
  return Math.max(...values.map((score) => closenessOf(metric, score)));
}
