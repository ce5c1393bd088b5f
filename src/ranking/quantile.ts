/** The value below which a share of the values lies. */

/**
 * The quantile at `share` (0 to 1) of `values` (at least one, none NaN), interpolated linearly between neighbours, as
 * numpy's `quantile` does by default (method 7 of Hyndman and Fan 1996).
 */
export function quantile(values: ArrayLike<number>, share: number): number {
  const sorted = Float64Array.from(values).sort();
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const low = sorted[below];
  const high = sorted[Math.min(below + 1, sorted.length - 1)];
  const part = position - below;
  // From the nearer end, as numpy does: the same bits, and `high` itself is reached.
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part);
}
