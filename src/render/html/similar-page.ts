/** The page of `giallo similar`: a contact sheet, what was asked about first. */
import type { QueryFrame, SimilarReport } from '../../reports/similar.js';
import { summaryOf } from '../similar.js';
import { frameFigure } from './frame-figure.js';
import { html, nameText } from './html.js';
import { type AnswerPage, type PageContext, pageText, skippedNotes } from './page.js';
import { resultSheet } from './result-sheet.js';

export function similarPage(report: SimilarReport): AnswerPage {
  const { query, results } = report;
  const along = results.map(({ film }) => film);
  return { shown: { large: query, small: results, along }, text: (context) => textOf(report, context) };
}

function textOf(report: SimilarReport, context: PageContext): string {
  const { query, results, searched, skipped } = report;
  const isOfOneFilm =
    searched.films === 1 && new Set([...query, ...results].map(({ film }) => film)).size === 1;
  const [before, film, after] = questionOf(query);
  return pageText(
    {
      title: `${before}${film}${after}`,
      heading: html`${before}${nameText(film)}${after}`,
      facts: [summaryOf(report)],
      notes: skippedNotes(skipped),
      body: html`<div class="asked-and-found">
<section class="asked-about" aria-label="Asked about">
${query.map((frame) =>
  frameFigure({ ...frame, shot: context.shotOf(frame) }, context, { hasNoFilm: isOfOneFilm }),
)}</section>
<section aria-label="Found">
${resultSheet({ results, asked: query, prefix: 'r', isOfOneFilm }, context)}</section>
</div>
`,
    },
    context,
  );
}

/** The question in three parts, a film's name in the middle. */
function questionOf(query: readonly QueryFrame[]): [before: string, film: string, after: string] {
  const films = new Set(query.map(({ film }) => film));
  const indices = query.map(({ index }) => index);
  if (films.size > 1) return [`What looks like these ${query.length} frames of ${films.size} films?`, '', ''];
  const [film] = films;
  if (query.length === 1) return [`What looks like frame ${indices[0]} of `, film, '?'];
  return [`What looks like frames ${indices.slice(0, -1).join(', ')} and ${indices.at(-1)} of `, film, '?'];
}
