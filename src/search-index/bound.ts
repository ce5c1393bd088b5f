/**
 * How far the product of two sketches can be from the cosine of their rows: the reason why answers from the search index
 * are exact.
 *
 * Let q and x be vectors of length 1, B the basis (its rows are vectors of length 1 at right angles, but for rounding:
 * ||BB' - I|| <= delta), and c_q, c_x the codes of q and x divided by `codeScale`. Whatever the codes are, with the
 * remainder r_x = x - B'c_x,
 *
 *     q.x = (B'c_q + r_q).(B'c_x + r_x)
 *         = c_q'BB'c_x + c_q'B r_x + (B r_q)'c_x + r_q.r_x,    where B r_x = Bx - BB'c_x,
 *         = c_q.c_x - c_q'(BB' - I)c_x + c_q.(Bx - c_x) + (Bq - c_q).c_x + r_q.r_x.
 *
 * By Cauchy and Schwarz, part by part, with the coding error e_x >= |Bx - c_x|:
 *
 *     |q.x - c_q.c_x| <= |c_q| e_x + e_q |c_x| + delta |c_q| |c_x| + |r_q| |r_x|.                            (1)
 *
 * The length of the remainder follows from the codes and the projection p = Bx:
 *
 *     |r_x|^2 = 1 - 2 c_x.p + c_x'BB'c_x <= 1 - 2 c_x.p + (1 + delta) |c_x|^2.                               (2)
 *
 * Allowances, all of them on the safe side: a row's p comes from float32 sums and is off by at most rho = gamma sqrt(m (1
 * + delta)), gamma from `projectionRounding`, m basis vectors: so e_x = |p - c_x| + rho, and c_x.p may be |c_x| rho less.
 * A query's p comes from the canonical float64 kernel. What float64 rounds, in p, in the unit length of x, in (1), (2)
 * and in the canonical score itself, is below (dim + 64) 2^-50 and is added as that. What is stored as float32 is rounded
 * up. All-zero rows have codes, remainder and score 0, and (1) holds.
 */
import { projectionRounding } from '../kernel/projection.js';

/**
 * Codes are int16. With one scale for all, the integer product of two rows is at most 32767^2 (1 + delta + e)^2 < 2^31
 * and so is each partial sum, by Cauchy and Schwarz: int32 cannot overflow.
 */
export const codeScale = 32767;

/** What (1) needs to know of a vector's sketch. */
export interface SketchErrors {
  /** |c| */
  readonly length: number;
  /** e >= |Bx - c| */
  readonly coding: number;
  /** At least |r|. */
  readonly remainder: number;
}

/** rho: how far float32 projections of a vector of length 1 can be from the truth. */
export function projectionAllowance(dim: number, width: number, delta: number): number {
  return projectionRounding(dim) * Math.sqrt(width * (1 + delta)) + doubleAllowance(dim);
}

/**
 * The errors of a sketch, from sums over its coordinates: c.c, c.p and |p - c|^2, where p is the projection as computed,
 * off by `allowance` at most.
 */
export function sketchErrors(
  sums: { readonly cc: number; readonly cp: number; readonly squaredError: number },
  allowance: number,
  delta: number,
): SketchErrors {
  const length = Math.sqrt(sums.cc);
  const square = 1 - 2 * (sums.cp - length * allowance) + (1 + delta) * sums.cc;
  return {
    length,
    coding: Math.sqrt(sums.squaredError) + allowance,
    remainder: Math.sqrt(Math.max(0, square)),
  };
}

/** The most that the errors of a film's rows can be, with the query's: (1) without its last term, |r_q| |r_x|. */
export function commonSlack(query: SketchErrors, largestCoding: number, delta: number, dim: number): number {
  const longest = 1 + delta + largestCoding;
  return (
    query.length * largestCoding +
    query.coding * longest +
    delta * query.length * longest +
    doubleAllowance(dim)
  );
}

/** What float64 arithmetic on vectors of length 1 rounds, with room to spare. */
export function doubleAllowance(dim: number): number {
  return (dim + 64) * 2 ** -50;
}

/** The smallest float32 that is not below `value` (0 or more). */
export function roundUpToFloat32(value: number): number {
  const nearest = Math.fround(value);
  return nearest >= value ? nearest : Math.fround(nearest * (1 + 2 ** -22));
}
