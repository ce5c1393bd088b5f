/** Every combination of the filters that searches have. */
import * as fc from 'fast-check';

/** Thresholds for cuts. They are given, so that the naive search knows the shots. */
export const madeThreshold = fc.constantFrom(0.3, 0.9, 2);

/** Values of --exclude-near. */
export const madeNear = fc.constantFrom<number | 'shot'>(0, 1, 3, 'shot');

export const madeFilters = fc.record({
  metric: fc.constantFrom('cosine', 'dot', 'euclidean'),
  k: fc.integer({ min: 1, max: 30 }),
  excludeNear: madeNear,
  perFilm: fc.constantFrom(undefined, 1, 2),
  perShot: fc.constantFrom(undefined, 1, 2),
  cutoff: fc.constantFrom(undefined, -0.5, 0.5, 1),
  ceiling: fc.constantFrom(undefined, 0.5, 0.9),
  shotThreshold: madeThreshold,
} as const);
