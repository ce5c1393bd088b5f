/** The page of `giallo duplicates`: a row of pictures for each group, one for each run of frames. */
import type { DuplicateGroup, DuplicatesReport } from '../../reports/duplicates.js';
import { counted, fourDigits } from '../tabular.js';
import { spanOf } from '../view.js';
import { frameFigure } from './frame-figure.js';
import { type Html, html } from './html.js';
import { type AnswerPage, type PageContext, skippedNotes } from './page.js';

export function duplicatesPage(report: DuplicatesReport, summary: string): AnswerPage {
  const { groups, skipped } = report;
  return {
    shown: { large: [], small: groups.flatMap(({ runs }) => runs) },
    content: (context) => ({
      title: 'Which frames are the same picture?',
      facts: [summary],
      notes: skippedNotes(skipped),
      body:
        groups.length === 0
          ? html`<p>No frames are alike enough to be joined.</p>\n`
          : html`${groups.map((group) => groupSection(group, context))}`,
    }),
  };
}

function groupSection({ group, frames, films, weakest, runs }: DuplicateGroup, context: PageContext): Html {
  const figures = runs.map(({ film, first, last, filename }) => {
    const place = spanOf({ first, last });
    return html`<li>${frameFigure({ film, index: first, filename }, context, { place })}</li>\n`;
  });
  return html`<section class="group">
<h2>Group ${group} <span class="soft number">${counted(frames, 'frame')} in ${counted(films, 'film')}, weakest link ${fourDigits(weakest)}</span></h2>
<ol class="sheet">
${figures}</ol>
</section>
`;
}
