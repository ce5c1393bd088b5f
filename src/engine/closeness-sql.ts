/**
 * How close a row is to the query vectors, computed by ClickHouse: an interval that the canonical closeness lies in.
 *
 * The vectors are stored as float32 and the query is given as float64, so the server multiplies and adds in float64. In
 * whatever order it adds, a sum of n products is off by at most n u |q||x| (u = 2^-53; Higham, Accuracy and Stability,
 * 3.1), and the canonical sum by as much; a squared distance is a sum of squares, off by n + 2 times u of itself. The
 * factor 4, and 64 more than n, cover roots, divisions, the digits of the query on their way, and second-order terms.
 */
import type { Metric } from '../ranking/metric.js';
import { type BoundSql, boundArray } from './bound-array.js';

/** A query vector with its canonical n2. */
export interface EngineQuery {
  readonly vector: Float32Array;
  readonly squaredNorm: number;
}

/**
 * Columns `low` and `high` from `vector` and `n2`, larger is closer; of several queries the best counts. Rows must be
 * finite and of the queries' dim.
 */
export function closenessSql(metric: Metric, queries: readonly EngineQuery[]): BoundSql {
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
