/** Asks the engine for the rows that may be in the answer, page by page until nothing beyond the page can matter. */
import { type Filters, minClosenessOf } from '../ranking/film-selection.js';
import type { Metric } from '../ranking/metric.js';
import type { FrameSpan } from '../ranking/near.js';
import { type BoundedRow, judgePage, type PageSize } from './bounded-rows.js';
import { type BoundSql, boundArray, type Connection } from './connection.js';
import type { StoredFilm } from './stored-films.js';

/** A question in the terms of the engine. */
export interface CandidateQuestion {
  readonly queries: readonly EngineQuery[];
  /** The films to look in, all of the queries' dim, in the order that breaks ties. */
  readonly films: readonly StoredFilm[];
  readonly filters: Filters;
  /** Frames that are left out: spans of rows of a film. */
  readonly leftOut: readonly LeftOut[];
}

/** Rows of a push. */
export interface LeftOut extends FrameSpan {
  readonly push: string;
}

/** A row that may be in the answer. */
export interface Candidate extends BoundedRow {
  readonly index: number;
  /** Equal for rows that are equal byte for byte. */
  readonly digest: string;
}

/** Rows that the first page has beyond the limits, so that ties and overlapping intervals seldom need a second page. */
const slack = { k: 64, perFilm: 16, perShot: 16 } as const;
/** How many times larger each further page is. */
const growth = 32;

/** All rows that may be in the answer. Errors: those of the connection. */
export async function findCandidates(
  connection: Connection,
  question: CandidateQuestion,
): Promise<readonly Candidate[]> {
  const { films, filters } = question;
  if (films.length === 0) return [];
  const ordinals = new Map(films.map(({ push }, film) => [push, film]));
  let floor = minClosenessOf(filters);
  for (let factor = 1; ; factor *= growth) {
    const size: PageSize = {
      k: (filters.k + slack.k) * factor,
      perFilm: ((filters.perFilm ?? 0) + slack.perFilm) * factor,
      perShot: ((filters.perShot ?? 0) + slack.perShot) * factor,
    };
    const rows = await connection.select<PageRow>(pageStatement(question, size, floor));
    const page = rows.map(({ push, frame, shot, digest, low, high }): Candidate => {
      return { film: ordinals.get(push) as number, index: frame, shot, digest, low, high };
    });
    const { candidates, floor: reached, isComplete } = judgePage(page, filters, size);
    if (isComplete) return candidates;
    if (reached > (floor ?? Number.NEGATIVE_INFINITY)) floor = reached;
  }
}

interface PageRow {
  readonly push: string;
  readonly frame: number;
  readonly shot: number;
  readonly digest: string;
  readonly low: number;
  readonly high: number;
}

/**
 * The rows of one page, in descending order of their upper ends. PREWHERE leaves out rows of another dim before
 * anything is computed for them.
 */
function pageStatement(question: CandidateQuestion, size: PageSize, floor: number | undefined): BoundSql {
  const { queries, films, filters, leftOut } = question;
  const pushes = boundArray(
    'pushes',
    'Array(UInt64)',
    films.map(({ push }) => push),
  );
  const closeness = closenessSql(filters.metric, queries);
  const near = leftOutSql(leftOut);
  const scored = `SELECT push, frame, shot, digest, ${closeness.sql} FROM giallo_frames
    PREWHERE push IN ${pushes.sql} WHERE isFinite(n2)${near.sql}`;
  const reaching = floor === undefined ? '' : ' WHERE high >= {floor:Float64}';
  let sql = `SELECT * FROM (${scored})${reaching}`;
  if (filters.perShot !== undefined) {
    sql = `SELECT * FROM (${sql} ORDER BY high DESC LIMIT {ofShot:UInt64} BY push, shot)`;
  }
  if (filters.perFilm !== undefined) {
    sql = `SELECT * FROM (${sql} ORDER BY high DESC LIMIT {ofFilm:UInt64} BY push)`;
  }
  return {
    sql: `SELECT toString(push) AS push, frame, shot, toString(digest) AS digest, low, high
      FROM (${sql}) ORDER BY high DESC LIMIT {size:UInt64}`,
    parameters: {
      ...pushes.parameters,
      ...closeness.parameters,
      ...near.parameters,
      size: size.k,
      ...(filters.perShot !== undefined && { ofShot: size.perShot }),
      ...(filters.perFilm !== undefined && { ofFilm: size.perFilm }),
      ...(floor !== undefined && { floor }),
    },
  };
}

/** Runs of rows as arrays: there may be thousands, and a condition for each would be too long a statement. */
function leftOutSql(leftOut: readonly LeftOut[]): BoundSql {
  if (leftOut.length === 0) return { sql: '', parameters: {} };
  const [pushes, firsts, lasts] = [
    boundArray(
      'leftOut',
      'Array(UInt64)',
      leftOut.map(({ push }) => push),
    ),
    boundArray(
      'first',
      'Array(UInt64)',
      leftOut.map(({ first }) => first),
    ),
    boundArray(
      'last',
      'Array(UInt64)',
      leftOut.map(({ end }) => end - 1),
    ),
  ];
  const isLeftOut = `arrayExists((p, a, b) -> push = p AND frame BETWEEN a AND b, ${pushes.sql}, ${firsts.sql}, ${lasts.sql})`;
  return {
    sql: ` AND NOT ${isLeftOut}`,
    parameters: { ...pushes.parameters, ...firsts.parameters, ...lasts.parameters },
  };
}

/** A query vector with its canonical n2. */
export interface EngineQuery {
  readonly vector: Float32Array;
  readonly squaredNorm: number;
}

/**
 * How close a row is to the query vectors, computed by ClickHouse: an interval that the canonical closeness lies in.
 *
 * The vectors are stored as float32 and the query is given as float64, so the server multiplies and adds in float64. In
 * whatever order it adds, a sum of n products is off by at most n u |q||x| (u = 2^-53; Higham, Accuracy and Stability,
 * 3.1), and the canonical sum by as much; a squared distance is a sum of squares, off by n + 2 times u of itself. The
 * factor 4, and 64 more than n, cover roots, divisions, the digits of the query on their way, and second-order terms.
 *
 * Columns `low` and `high` from `vector` and `n2`, larger is closer; of several queries the best counts. Rows must be
 * finite and of the queries' dim.
 */
function closenessSql(metric: Metric, queries: readonly EngineQuery[]): BoundSql {
  const parameters: Record<string, unknown> = {};
  const intervals = queries.map(({ vector, squaredNorm }, i) => {
    const bound = boundArray(`q${i}`, 'Array(Float64)', Array.from(vector));
    Object.assign(parameters, bound.parameters, {
      [`n${i}`]: squaredNorm,
      [`e${i}`]: 4 * (vector.length + 64) * 2 ** -53,
    });
    return interval(metric, bound.sql, `{n${i}:Float64}`, `{e${i}:Float64}`);
  });
  const best = (ends: readonly string[]) => (ends.length === 1 ? ends[0] : `greatest(${ends.join(', ')})`);
  const low = best(intervals.map((ends) => ends.low));
  const high = best(intervals.map((ends) => ends.high));
  return { sql: `${low} AS low, ${high} AS high`, parameters };
}

function interval(metric: Metric, q: string, n: string, e: string): { low: string; high: string } {
  if (metric === 'euclidean') {
    const distance = `sqrt(L2SquaredDistance(vector, ${q}))`;
    return { low: `-${distance} * (1 + ${e})`, high: `-${distance} * (1 - ${e})` };
  }
  const length = `sqrt(n2 * ${n})`;
  const dot = `dotProduct(vector, ${q})`;
  if (metric === 'dot') return { low: `${dot} - ${e} * ${length}`, high: `${dot} + ${e} * ${length}` };
  const cosine = `if(n2 = 0, 0, greatest(-1, least(1, ${dot} / ${length})))`;
  return { low: `${cosine} - ${e}`, high: `${cosine} + ${e}` };
}
