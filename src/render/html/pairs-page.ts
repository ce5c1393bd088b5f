/** The page of `giallo pairs`: the two frames of each pair side by side, as they would follow each other in a cut. */
import type { PairRow, PairsReport } from '../../reports/pairs.js';
import { frameFigure, scoreLead } from './frame-figure.js';
import { type Html, html } from './html.js';
import { type AnswerPage, type PageContext, skippedNotes } from './page.js';

export function pairsPage(report: PairsReport, summary: string): AnswerPage {
  const { pairs, skipped } = report;
  return {
    shown: { large: [], small: pairs.flatMap(({ a, b }) => [a, b]) },
    content: (context) => ({
      title: 'Which frames would match in a cut?',
      facts: [summary],
      notes: skippedNotes(skipped),
      body:
        pairs.length === 0
          ? html`<p>No pair of frames meets the conditions of the command below.</p>\n`
          : html`<ol class="pairs">
${pairs.map((pair) => html`<li class="pair">${pairFigures(pair, context)}</li>\n`)}</ol>
`,
    }),
  };
}

function pairFigures({ rank, score, a, b }: PairRow, context: PageContext): Html {
  return html`${scoreLead(score, rank)}
<div class="side-by-side">
${frameFigure(a, context)}${frameFigure(b, context)}</div>
`;
}
