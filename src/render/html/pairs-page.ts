/** The page of `giallo pairs`: the two frames of each pair side by side, as they would follow each other in a cut. */
import type { PairRow, PairsReport } from '../../reports/pairs.js';
import { summaryOf } from '../pairs.js';
import { frameFigure, scoreLead } from './frame-figure.js';
import { type Html, html } from './html.js';
import { type AnswerPage, type PageContext, pageText, skippedNotes } from './page.js';

export function pairsPage(report: PairsReport): AnswerPage {
  const { pairs, skipped } = report;
  return {
    shown: { large: [], small: pairs.flatMap(({ a, b }) => [a, b]) },
    text: (context) =>
      pageText(
        {
          title: 'Which frames would match in a cut?',
          heading: 'Which frames would match in a cut?',
          facts: [summaryOf(report)],
          notes: skippedNotes(skipped),
          style: pairStyle,
          body:
            pairs.length === 0
              ? html`<p>No pair of frames meets the conditions of the command below.</p>\n`
              : html`<ol class="pairs">
${pairs.map((pair) => html`<li class="pair">${pairFigures(pair, context)}</li>\n`)}</ol>
`,
        },
        context,
      ),
  };
}

function pairFigures({ rank, score, a, b }: PairRow, context: PageContext): Html {
  return html`${scoreLead(score, rank)}
<div class="side-by-side">
${frameFigure(a, context)}${frameFigure(b, context)}</div>
`;
}

/** Two frames that touch. */
export const sideBySideStyle = `
.side-by-side { display: grid; grid-template-columns: 1fr 1fr; gap: 2px; }
.side-by-side .frame:first-child .picture { border-radius: 3px 0 0 3px; }
.side-by-side .frame:last-child .picture { border-radius: 0 3px 3px 0; }
.side-by-side .caption { padding-right: 0.5rem; }
`;

const pairStyle = `${sideBySideStyle}
.pairs { display: grid; gap: calc(1.5 * var(--gap)) calc(1.5 * var(--gap)); grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); }
.pair { display: grid; gap: 0.3rem; align-content: start; }
@media print { .pairs { grid-template-columns: 1fr 1fr; } }
`;
