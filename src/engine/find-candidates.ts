/** Asks the engine for the rows that may be in the answer, page by page until nothing beyond the page can matter. */
import { type Filters, minClosenessOf } from '../ranking/film-selection.js';
import type { FrameRun } from '../ranking/near.js';
import { type BoundSql, boundArray } from './bound-array.js';
import { type BoundedRow, judgePage, type PageSize } from './bounded-rows.js';
import { closenessSql, type EngineQuery } from './closeness-sql.js';
import type { Connection } from './connection.js';
import type { StoredFilm } from './stored-films.js';

/** What the engine is asked, in its own terms. */
export interface CandidateQuestion {
  readonly queries: readonly EngineQuery[];
  /** The films to look in, all of the queries' dim, in the order that breaks ties. */
  readonly films: readonly StoredFilm[];
  readonly filters: Filters;
  /** Frames that are left out: runs of rows of a film. */
  readonly leftOut: readonly LeftOut[];
}

/** Rows of a push. */
export interface LeftOut extends FrameRun {
  readonly push: string;
}

/** A row that may be in the answer. */
export interface Candidate extends BoundedRow {
  readonly index: number;
  /** Equal for rows that are equal byte for byte. */
  readonly digest: string;
}

/** More rows than are wanted, so that ties and intervals that overlap seldom need a second page. */
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
 * The rows of one page by falling upper ends. PREWHERE leaves rows of another dim out before anything is computed of
 * them.
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

function leftOutSql(leftOut: readonly LeftOut[]): BoundSql {
  const parameters: Record<string, unknown> = {};
  const conditions = leftOut.map((run, i) => {
    parameters[`p${i}`] = run.push;
    parameters[`a${i}`] = run.first;
    parameters[`b${i}`] = run.end - 1;
    return ` AND NOT (push = {p${i}:UInt64} AND frame BETWEEN {a${i}:UInt64} AND {b${i}:UInt64})`;
  });
  return { sql: conditions.join(''), parameters };
}
