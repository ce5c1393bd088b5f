/** The results of one question on a page: where they lie in their films, and their pictures, closest first. */
import type { SimilarReport } from '../../reports/similar.js';
import { filmLines } from '../film-lines.js';
import { bandStyle, filmBands } from './film-bands.js';
import { frameFigure, scoreLead } from './frame-figure.js';
import { type Html, html } from './html.js';
import type { PageContext } from './page.js';

export interface ResultSheet {
  readonly results: SimilarReport['results'];
  readonly asked: readonly { readonly film: string; readonly index: number }[];
  /** Begins the figures' ids, so that several sheets fit on one page. */
  readonly prefix: string;
  /** Whether the whole page is about one film, whose name need not stand below each picture. */
  readonly isOfOneFilm: boolean;
}

export function resultSheet(
  { results, asked, prefix, isOfOneFilm }: ResultSheet,
  context: PageContext,
): Html {
  if (results.length === 0) {
    return html`<p>No frame meets the conditions of the command below.</p>\n`;
  }
  const figures = results.map((result) => {
    const { film, index, filename, rank, score } = result;
    const frame = { film, index, filename, shot: context.shotOf(result) };
    const options = { id: `${prefix}${rank}`, lead: scoreLead(score, rank), hasNoFilm: isOfOneFilm };
    return html`<li>${frameFigure(frame, context, options)}</li>\n`;
  });
  return html`${filmBands(filmLines(results, asked, context.lengths), prefix)}
<ol class="sheet">
${figures}</ol>
`;
}

export const resultSheetStyle = `${bandStyle}
.asked-and-found { display: grid; gap: calc(1.5 * var(--gap)); align-items: start; }
.asked-about { display: grid; gap: var(--gap); grid-template-columns: repeat(auto-fit, minmax(min(42%, 11rem), 1fr)); }
.asked-about .frame { max-width: 30rem; }
.asked-about .picture { border: 3px solid var(--mark); }
@media (min-width: 62rem) {
  .asked-and-found { grid-template-columns: minmax(16rem, 24rem) minmax(0, 1fr); }
  .asked-about { grid-template-columns: repeat(auto-fit, minmax(min(100%, 10rem), 1fr)); }
  .asked-about { position: sticky; top: var(--gap); max-height: calc(100vh - 2 * var(--gap)); overflow: auto; }
}
@media print {
  .asked-about { position: static; max-height: none; }
  .asked-about .frame { max-width: 9cm; }
}
`;
