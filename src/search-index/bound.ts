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
 * Allowances, all of them on the safe side: a row's p is the product of a rounded row y with a rounded basis A, of m rows.
 * With f >= ||B - A||, which is 0 for a basis that was made of what rounding leaves alone, and gamma from
 * `projectionRounding`,
 *
 *     |Bx - p| <= |(B - A)x| + |A(x - y)| + |Ay - p| <= f + ||A|| |x - y| + gamma sqrt(m) ||A|| |y| <= rho,
 *     ||A|| <= sqrt(1 + delta) + f and |y| <= 1 + |x - y|:
 *
 * so e_x = |p - c_x| + rho, and c_x.p may be |c_x| rho less.
 * A query's p comes from the canonical float64 kernel. What float64 rounds, in p, in the unit length of x, in (1), (2)
 * and in the canonical score itself, is below (dim + 64) 2^-50 and is added as that. What is stored as float32 is rounded
 * up. All-zero rows have codes, remainder and score 0, and (1) holds.
 *
 * (1) holds of heads as well, the first coordinates of sketches, with the first rows H of B as basis and L the others:
 * ||HH' - I|| is no larger than ||BB' - I||, of which it is a part, and |Hx - c_h| no larger than |Bx - c|. What a head
 * leaves out is x - H'c_h = r + L'c_l, and Lr is a part of Br = (Bx - c) - (BB' - I)c, so that
 *
 *     |r + L'c_l|^2 = |r|^2 + 2 c_l.Lr + c_l'LL'c_l
 *                  <= |r|^2 + 2 |c_l| (e + delta |c|) + (1 + delta) |c_l|^2.                                   (3)
 */
import { floatDotRounding, largestCode, projectionRounding } from '../kernel/projection.js';
import type { Metric } from '../ranking/metric.js';
import type { Range } from '../ranking/rows.js';

/**
 * Codes are int16. With one scale for all, the integer product of two rows is at most 32767^2 (1 + delta + e)^2 < 2^31
 * and so is each partial sum, by Cauchy and Schwarz: int32 cannot overflow.
 */
export const codeScale = largestCode;

/** What (1) needs to know of a vector's sketch. */
export interface SketchErrors {
  /** |c| */
  readonly length: number;
  /** e >= |Bx - c| */
  readonly coding: number;
  /** At least |r|. */
  readonly remainder: number;
}

/**
 * rho: how far the projection of a vector of length 1 can be from the truth, where it and the basis `missed` by so much
 * were rounded.
 */
export function projectionAllowance(
  dim: number,
  width: number,
  delta: number,
  missed: { readonly row: number; readonly basis: number },
): number {
  const longest = 1 + delta + missed.basis;
  const rounding = projectionRounding(dim) * Math.sqrt(width) * (1 + missed.row);
  return missed.basis + longest * (missed.row + rounding) + doubleAllowance(dim);
}

/**
 * The errors of a sketch, from sums over its codes, in which p is the projection as computed, off by `allowance` at most.
 */
export function sketchErrors(
  sums: { readonly cc: number; readonly cp: number; readonly squaredError: number },
  allowance: number,
  delta: number,
): SketchErrors {
  const unit = 1 / (codeScale * codeScale);
  const cc = sums.cc * unit;
  const length = Math.sqrt(cc);
  const square = 1 - 2 * (sums.cp * unit - length * allowance) + (1 + delta) * cc;
  return {
    length,
    coding: Math.sqrt(sums.squaredError * unit) + allowance,
    remainder: Math.sqrt(Math.max(0, square)),
  };
}

/**
 * The remainder of a sketch's head by (3), from the remainder of the whole sketch and |c_l|^2; NaN for rows that are not
 * finite, and 0 for all-zero rows.
 */
export function headRemainder(remainder: number, restSquare: number, coding: number, delta: number): number {
  const error = coding + delta * (1 + delta + coding);
  const square = remainder * remainder + 2 * Math.sqrt(restSquare) * error + (1 + delta) * restSquare;
  return Math.sqrt(square) * (1 + 2 ** -40);
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

/** The most that the cosine of two rows can be off where their dot product is that of `floatDot`: a share of |q| |x|. */
export function floatSlack(dim: number): number {
  return floatDotRounding(dim) + doubleAllowance(dim);
}

/**
 * Whether `floatSlack` holds of two rows: where |q| |x| <= 2^100 no sum overflows, and where it is 2^-80 at least, what
 * underflows, dim 2^-149 at most, is no more than is allowed for float64.
 */
export function areFloatsSafe(squaredNormQ: number, squaredNormX: number): boolean {
  const square = squaredNormQ * squaredNormX;
  return square >= 2 ** -160 && square <= 2 ** 200;
}

/** What float64 arithmetic on vectors of length 1 rounds, with room to spare. */
export function doubleAllowance(dim: number): number {
  return (dim + 64) * 2 ** -50;
}

/** The smallest float32 that is not below `value` (0 or more). */
export function roundUpToFloat32(value: number): number {
  const nearest = Math.fround(value);
  return nearest >= value ? nearest : Math.fround(nearest * (1 + 2 ** -22) + 2 ** -149);
}

/**
 * The range of the closeness (as `closenessOf`) of two vectors of `dim` numbers from that of their cosine; n2 of both are
 * needed by dot and euclidean.
 */
export function closenessRange(
  metric: Metric,
  cosine: Range,
  squaredNormQ: number,
  squaredNormX: number,
  dim: number,
): Range {
  if (metric === 'cosine') return cosine;
  const norms = Math.sqrt(squaredNormQ * squaredNormX);
  const least = cosine.least * norms;
  const most = cosine.most * norms;
  if (metric === 'dot') return { least, most };
  // |q - x|^2 = |q|^2 + |x|^2 - 2 q.x, rounded in sums of these sizes.
  const squares = squaredNormQ + squaredNormX;
  const room = 4 * doubleAllowance(dim) * squares;
  return {
    least: -Math.sqrt(Math.max(0, squares - 2 * least + room)),
    most: -Math.sqrt(Math.max(0, squares - 2 * most - room)),
  };
}

/**
 * The least cosine with which a row whose n2 lies within `squaredNorms` can be as close as `closeness`; minus infinity
 * where any can.
 */
export function cosineFloor(
  metric: Metric,
  closeness: number,
  squaredNormQ: number,
  squaredNorms: Range,
): number {
  if (metric === 'cosine' || closeness === Number.NEGATIVE_INFINITY) return closeness;
  const q = Math.sqrt(squaredNormQ);
  const shortest = Math.sqrt(squaredNorms.least);
  const longest = Math.sqrt(squaredNorms.most);
  if (q === 0) return Number.NEGATIVE_INFINITY;
  if (metric === 'dot') {
    const length = closeness > 0 ? longest : shortest;
    return length === 0 ? Number.NEGATIVE_INFINITY : lowered(closeness / (q * length), 1);
  }
  // cos >= (|q|^2 + |x|^2 - d^2) / 2|q||x|, least at the |x| that makes a right angle of d and x, or nearest to that.
  const square = squaredNormQ - closeness * closeness;
  const length = Math.min(longest, Math.max(shortest, Math.sqrt(Math.max(0, square))));
  if (length === 0) return Number.NEGATIVE_INFINITY;
  const size = (squaredNormQ + length * length + closeness * closeness) / (2 * q * length);
  return lowered((square + length * length) / (2 * q * length), size);
}

/** By what float64 may have rounded in numbers of this size. */
function lowered(value: number, size: number): number {
  return value - (Math.abs(value) + size) * 2 ** -45;
}
