/** What a search has to say of the search index: one hint where it had nothing to give, one line where it is asked. */
import { counted, grouped, humanBytes } from '../../render/tabular.js';
import type { IndexUse } from '../../search/context.js';

/** From so many films on, an index is worth its disk. */
const manyFilms = 10;

/** The hint that follows from how a search went; undefined where all is well, or the films are few. */
export function indexHint({ hasIndex, indexed, archives, passedOver }: IndexUse): string | undefined {
  if (!hasIndex) {
    if (archives < manyFilms) return undefined;
    return `${archives} films were read from their archives; \`giallo index build\` prepares them for searches like this`;
  }
  const words = { missing: 'not in it', changed: 'changed since', damaged: 'damaged or unreadable in it' };
  const reasons = Object.entries(passedOver).map(
    ([why, count]) => `${count} ${words[why as keyof typeof words]}`,
  );
  if (reasons.length === 0) return undefined;
  const over = Object.values(passedOver).reduce((sum, count) => sum + count, 0);
  return `the search index answered for ${indexed} of ${counted(indexed + over, 'film')} (${reasons.join(', ')}); \`giallo index build\` brings it up to date`;
}

/** What was read for a search, and how far bounds took it. */
export function explanation(use: IndexUse): string {
  const { indexed, archives, bytesRead, rowsScanned, rowsLeft, rowsScored } = use;
  const films = `${counted(indexed, 'film')} by the search index, ${grouped(archives)} from archives`;
  const rows = `${counted(rowsScanned, 'row')} scanned`;
  const bounds = `bounds left ${grouped(rowsLeft)}, ${grouped(rowsScored)} of them scored`;
  return `${films}; ${humanBytes(bytesRead)} read; ${rows}${indexed > 0 ? `; ${bounds}` : ''}`;
}
