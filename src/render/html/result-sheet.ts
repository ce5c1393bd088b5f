/** The results of one question on a page: where they lie in their films, and their pictures, closest first. */
import type { SimilarReport } from '../../reports/similar.js';
import { filmLines } from '../film-lines.js';
import { filmBands } from './film-bands.js';
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
  return html`${filmBands(filmLines(results, asked, context.lengths), prefix, context)}
<ol class="sheet">
${figures}</ol>
`;
}
