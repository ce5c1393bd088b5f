/** The page of `giallo search`: a contact sheet for each vector. */
import type { SearchReport } from '../../reports/search.js';
import { summaryOf } from '../search.js';
import { type Html, html } from './html.js';
import { type AnswerPage, pageText, skippedNotes } from './page.js';
import { resultSheet } from './result-sheet.js';

export function searchPage(report: SearchReport): AnswerPage {
  const { answers, skipped } = report;
  const title = titleOf(answers);
  const all = answers.flatMap(({ results }) => results);
  const section = (name: string, sheet: Html) =>
    answers.length === 1
      ? sheet
      : html`<section class="answer">
<h2>${name}</h2>
${sheet}</section>
`;
  return {
    shown: { large: [], small: all, along: all.map(({ film }) => film) },
    text: (context) =>
      pageText(
        {
          title,
          heading: title,
          facts: [summaryOf(report)],
          notes: skippedNotes(skipped),
          body: html`${answers.map(({ query, text, results }) =>
            section(
              text ?? `Vector ${query}`,
              resultSheet({ results, asked: [], prefix: `q${query}-`, isOfOneFilm: false }, context),
            ),
          )}`,
        },
        context,
      ),
  };
}

/** The texts, where vectors were made of texts. */
function titleOf(answers: SearchReport['answers']): string {
  const texts = answers.flatMap(({ text }) => text ?? []);
  if (texts.length > 0) return texts.join(' · ');
  return answers.length === 1
    ? 'What looks like the vector?'
    : `What looks like these ${answers.length} vectors?`;
}
