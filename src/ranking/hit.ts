/** One found frame, and the order of answers. */

/** A frame with its closeness to a question. Film names are in the caller's hands: here a film is its ordinal. */
export interface Hit {
  /** Position of the film among the films searched, in code point order of their names. */
  readonly film: number;
  readonly index: number;
  /** Larger is closer, whatever the metric; never NaN. */
  readonly closeness: number;
}

/** The order of answers: closest first; then film name by code points; then index. Total, so that ties are stable. */
export function compareHits(a: Hit, b: Hit): number {
  return b.closeness - a.closeness || a.film - b.film || a.index - b.index;
}
