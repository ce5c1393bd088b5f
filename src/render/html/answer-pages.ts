/** The pages of answers about frames; `compare-page.ts` has that of `giallo compare`. */
import type { DuplicateGroup, DuplicatesReport } from '../../reports/duplicates.js';
import type { PairRow, PairsReport } from '../../reports/pairs.js';
import type { SearchReport } from '../../reports/search.js';
import type { ShotRow, ShotsReport } from '../../reports/shots.js';
import type { SimilarReport } from '../../reports/similar.js';
import type { AnswerFrame, FramePlace } from '../../search/answer.js';
import { filmLines } from '../film-lines.js';
import { counted, fourDigits } from '../tabular.js';
import { spanOf } from '../view.js';
import { colourBlocks, filmBands, length } from './film-bands.js';
import { frameFigure, scoreLead } from './frame-figure.js';
import { type Html, html, nameText } from './html.js';
import { type AnswerPage, type Page, type PageContext, skippedNotes } from './page.js';

/** The page of `giallo similar`: the query frames first, then a contact sheet of the results. */
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
function questionOf(query: readonly AnswerFrame[]): [before: string, film: string, after: string] {
  const films = new Set(query.map(({ film }) => film));
  const indices = query.map(({ index }) => index);
  if (films.size > 1) return [`What looks like these ${query.length} frames of ${films.size} films?`, '', ''];
  const [film] = films;
  if (query.length === 1) return [`What looks like frame ${indices[0]} of `, film, '?'];
  return [`What looks like frames ${indices.slice(0, -1).join(', ')} and ${indices.at(-1)} of `, film, '?'];
}

/** The page of `giallo search`: a contact sheet for each vector. */
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
  readonly asked: readonly FramePlace[];
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

/** The page of `giallo pairs`: the two frames of each pair side by side, as they would follow each other in a cut. */
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

/** The page of `giallo duplicates`: a row of pictures for each group, one for each run of frames. */
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

/** The page of `giallo shots`: the film as a strip of its shots. */
export function shotsPage(report: ShotsReport, explanation: string): AnswerPage {
  const { film, frames, shots } = report;
  return {
    shown: { large: [], small: shots.map(({ filename }) => ({ film, filename })), along: [film] },
    content: (context) => ({
      title: `The shots of ${film}`,
      heading: html`The shots of ${nameText(film)}`,
      facts: [`${counted(frames, 'frame')} in ${counted(shots.length, 'shot')}`, explanation],
      notes: [],
      body:
        shots.length === 0
          ? html`<p>The film has no frames.</p>\n`
          : html`${strip(report, context)}
<ol class="sheet">
${shots.map((shot) => html`<li>${shotFigure(film, shot, context)}</li>\n`)}</ol>
`,
    }),
  };
}

const stripHeight = 40;

/**
 * The film as a strip: for each shot a block, as wide as the shot is long, in the film's colours. A block leads to the
 * picture of its shot.
 */
function strip({ film, frames, shots }: ShotsReport, { coloursOf }: PageContext): Html {
  const colours = coloursOf(film);
  const kinds = colours ? ['seen', 'seen'] : ['even', 'odd'];
  const blocks = shots.map(({ shot, first, frames: own }) => {
    const x = ((first / frames) * length).toFixed(2);
    const width = ((own / frames) * length).toFixed(2);
    return html`<a href="#s${shot}" tabindex="-1"><rect class="${kinds[shot % 2]}" x="${x}" y="0" width="${width}" height="${stripHeight}"><title>shot ${shot}, ${counted(own, 'frame')}</title></rect></a>`;
  });
  return html`<svg class="strip" viewBox="0 0 ${length} ${stripHeight}" preserveAspectRatio="none" shape-rendering="crispEdges" aria-hidden="true"><title>${film}</title>${colourBlocks(colours, 0, stripHeight)}${blocks}</svg>`;
}

function shotFigure(film: string, row: ShotRow, context: PageContext): Html {
  const { shot, first, last, frames, representative, filename } = row;
  const place = first === last ? spanOf(row) : `${spanOf(row)}, ${representative} shown`;
  const lead = html`<span class="score"><strong>Shot ${shot}</strong><span class="soft">${counted(frames, 'frame')}</span></span>`;
  return frameFigure({ film, index: representative, filename }, context, {
    id: `s${shot}`,
    lead,
    place,
    hasNoFilm: true,
  });
}
