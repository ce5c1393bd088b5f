/** Whether an answer says anything: a search skips what it cannot read, but not everything. */
import { GialloError } from '../errors.js';
import type { Answer, SkippedFilm } from './search.js';

/**
 * Throws `films-skipped` where films were in scope and none could be read; the reason of the first is its hint. Films
 * of another dim can be read.
 */
export function requireAnyRead({ searched }: Answer, skipped: readonly SkippedFilm[]): void {
  const [first] = skipped;
  if (searched.films > 0 || !first || skipped.some(({ code }) => code === 'dim-mismatch')) return;
  if (skipped.length === 1) throw new GialloError(first.code, first.message);
  throw new GialloError('films-skipped', `none of ${skipped.length} films could be read`, {
    hint: first.message,
  });
}
