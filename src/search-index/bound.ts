/**
 * How far the product of two sketches can be from the cosine of their rows. By these bounds the answers of the search
 * index are exact.
 *
 * Let q and x be vectors of length 1, B the basis (its rows are orthonormal but for rounding: ||BB' - I|| <= delta),
 * and c_q, c_x the codes of q and x divided by `codeScale`. Whatever the codes are, with the remainder r_x = x - B'c_x,
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
 * p itself is computed with errors: it is the product of a rounded row y with a rounded basis A of m rows. With
 * f >= ||B - A||, which is 0 for a basis from `roundable`, and gamma from `projectionRounding`,
 *
 *     |Bx - p| <= |(B - A)x| + |A(x - y)| + |Ay - p| <= f + ||A|| |x - y| + gamma sqrt(m) ||A|| |y| <= rho,
 *     ||A|| <= sqrt(1 + delta) + f and |y| <= 1 + |x - y|:
 *
 * so e_x = |p - c_x| + rho, and c_x.p may be |c_x| rho less.
 *
 * The p of a query comes from the canonical float64 kernel. The rounding errors of float64, in p, in the unit length of
 * x, in (1), (2) and in the canonical score itself, are together below (dim + 64) 2^-50, which is added. Numbers that
 * are stored as float32 are rounded up. All-zero rows have codes, remainder and score 0, and (1) holds.
 *
 * (1) also holds for heads, the first codes of sketches. Let H be the first rows of B, L the others, and c_h, c_l the
 * codes along them. ||HH' - I|| is no larger than ||BB' - I||, of which it is a part, and |Hx - c_h| is no larger than
 * |Bx - c|. The remainder of a head is x - H'c_h = r + L'c_l, and Lr is a part of Br = (Bx - c) - (BB' - I)c, so that
 *
 *     |r + L'c_l|^2 = |r|^2 + 2 c_l.Lr + c_l'LL'c_l
 *                  <= |r|^2 + 2 |c_l| (e + delta |c|) + (1 + delta) |c_l|^2.                                   (3)
 */
import {
  floatDotRounding,
  floatDotsRounding,
  largestCode,
  projectionRounding,
} from '../kernel/projection.js';
import type { Metric } from '../ranking/metric.js';
import type { Range } from '../ranking/rows.js';

/**
 * Codes are int16, all with this scale. By Cauchy and Schwarz, the integer product of two rows and each partial sum of
 * it is at most 32767^2 (1 + delta + e)^2 < 2^31: int32 cannot overflow.
 */
export const codeScale = largestCode;

/** What (1) needs of a vector's sketch. */
export interface SketchErrors {
  /** |c| */
  readonly length: number;
  /** e >= |Bx - c| */
  readonly coding: number;
  /** At least |r|. */
  readonly remainder: number;
}

/**
 * rho: the largest error of the projection of a vector of length 1. `rounded` has the errors of rounding: |x - y| of
 * the row and f of the basis.
 */
export function projectionAllowance(
  dim: number,
  width: number,
  delta: number,
  rounded: { readonly row: number; readonly basis: number },
): number {
  const longest = 1 + delta + rounded.basis;
  const product = projectionRounding(dim) * Math.sqrt(width) * (1 + rounded.row);
  return rounded.basis + longest * (rounded.row + product) + doubleAllowance(dim);
}

/** The errors of a sketch, from sums over its codes and over p as computed, whose error is at most `allowance`. */
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
 * The remainder of a sketch's head by (3), from the remainder of the whole sketch and `restSquare`, |c_l|^2. NaN for
 * rows that are not finite, 0 for all-zero rows.
 */
export function headRemainder(remainder: number, restSquare: number, coding: number, delta: number): number {
  const error = coding + delta * (1 + delta + coding);
  const square = remainder * remainder + 2 * Math.sqrt(restSquare) * error + (1 + delta) * restSquare;
  return Math.sqrt(square) * (1 + 2 ** -40);
}

/**
 * The right side of (1) without its last term, |r_q| |r_x|, at its largest for the rows of a film: all share this
 * slack.
 */
export function commonSlack(query: SketchErrors, largestCoding: number, delta: number, dim: number): number {
  const longest = 1 + delta + largestCoding;
  return (
    query.length * largestCoding +
    query.coding * longest +
    delta * query.length * longest +
    doubleAllowance(dim)
  );
}

/** The largest error of the cosine of two rows whose dot product comes from `floatDot`. */
export function floatSlack(dim: number): number {
  return floatDotRounding(dim) + doubleAllowance(dim);
}

/** The same for `floatDots`. */
export function floatsSlack(dim: number): number {
  return floatDotsRounding(dim) + doubleAllowance(dim);
}

/**
 * Whether `floatSlack` holds for two rows. If |q| |x| is at most 2^100, no sum overflows. If it is at least 2^-80,
 * products that underflow, dim 2^-149 at most, are within the allowance for float64.
 */
export function areFloatsSafe(squaredNormQ: number, squaredNormX: number): boolean {
  const square = squaredNormQ * squaredNormX;
  return square >= 2 ** -160 && square <= 2 ** 200;
}

/** The largest rounding error of float64 arithmetic on vectors of length 1, with room to spare. */
export function doubleAllowance(dim: number): number {
  return (dim + 64) * 2 ** -50;
}

/** The smallest float32 that is not below `value` (0 or more). */
export function roundUpToFloat32(value: number): number {
  const nearest = Math.fround(value);
  return nearest >= value ? nearest : Math.fround(nearest * (1 + 2 ** -22) + 2 ** -149);
}

/**
 * The range of the closeness (`closenessOf`) of two vectors of `dim` numbers, from the range of their cosine and their
 * n2.
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
 * The least cosine with which a row can be as close to a query as `closeness`, if its n2 is within `squaredNorms`.
 * Minus infinity if every row can.
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

/** The value less the rounding errors of float64 in numbers of this size. */
function lowered(value: number, size: number): number {
  return value - (Math.abs(value) + size) * 2 ** -45;
}
