/** The pages of `giallo similar` and `giallo search`: the query first, then a contact sheet of the results. */
import type { SearchReport } from '../../reports/search.js';
import type { QueryFrame, SimilarReport } from '../../reports/similar.js';
import { filmLines } from '../film-lines.js';
import { filmBands } from './film-bands.js';
import { frameFigure, scoreLead } from './frame-figure.js';
import { type Html, html, nameText } from './html.js';
import { type AnswerPage, type Page, type PageContext, skippedNotes } from './page.js';

/** The page of `giallo similar`: the query frames, and the results. */
export function similarPage(report: SimilarReport, summary: string): AnswerPage {
  const { query, results } = report;
  const along = results.map(({ film }) => film);
  return {
    shown: { large: query, small: results, along },
    content: (context) => contentOf(report, summary, context),
  };
}

function contentOf(report: SimilarReport, summary: string, context: PageContext): Page {
  const { query, results, searched, skipped } = report;
  const isOfOneFilm =
    searched.films === 1 && new Set([...query, ...results].map(({ film }) => film)).size === 1;
  const [before, film, after] = questionOf(query);
  return {
    title: `${before}${film}${after}`,
    heading: html`${before}${nameText(film)}${after}`,
    facts: [summary],
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
  };
}

/** The title in three parts, so that the film's name in the middle can be marked up. */
function questionOf(query: readonly QueryFrame[]): [before: string, film: string, after: string] {
  const films = new Set(query.map(({ film }) => film));
  const indices = query.map(({ index }) => index);
  if (films.size > 1) return [`What looks like these ${query.length} frames of ${films.size} films?`, '', ''];
  const [film] = films;
  if (query.length === 1) return [`What looks like frame ${indices[0]} of `, film, '?'];
  return [`What looks like frames ${indices.slice(0, -1).join(', ')} and ${indices.at(-1)} of `, film, '?'];
}

/** A contact sheet for each vector. */
export function searchPage(report: SearchReport, summary: string): AnswerPage {
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
    content: (context) => ({
      title,
      facts: [summary],
      notes: skippedNotes(skipped),
      body: html`${answers.map(({ query, text, results }) =>
        section(
          text ?? `Vector ${query}`,
          resultSheet({ results, asked: [], prefix: `q${query}-`, isOfOneFilm: false }, context),
        ),
      )}`,
    }),
  };
}

/** The texts of the queries, if the vectors were made from texts. */
function titleOf(answers: SearchReport['answers']): string {
  const texts = answers.flatMap(({ text }) => text ?? []);
  if (texts.length > 0) return texts.join(' · ');
  return answers.length === 1
    ? 'What looks like the vector?'
    : `What looks like these ${answers.length} vectors?`;
}

interface ResultSheet {
  readonly results: SimilarReport['results'];
  readonly asked: readonly { readonly film: string; readonly index: number }[];
  /** Begins the ids of the figures, so that ids differ when a page has several sheets. */
  readonly prefix: string;
  /** Whether the whole page is about one film; then its name is left out below pictures. */
  readonly isOfOneFilm: boolean;
}

/** The results of one question: bands that show where they lie in their films, and their pictures, closest first. */
function resultSheet({ results, asked, prefix, isOfOneFilm }: ResultSheet, context: PageContext): Html {
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
