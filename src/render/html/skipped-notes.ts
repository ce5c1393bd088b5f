/** Films that an answer does not cover, said on its page. */
import type { SimilarReport } from '../../reports/similar.js';

/** One note a film that was left out, for at most ten of them. */
export function skippedNotes(skipped: SimilarReport['skipped']): string[] {
  const listed = skipped.slice(0, 10).map(({ film, code }) => `Left out: ${film} (${code}).`);
  const more = skipped.length - listed.length;
  return more === 0 ? listed : [...listed, `Left out: ${more} more films.`];
}
