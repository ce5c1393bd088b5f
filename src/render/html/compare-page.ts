/** The page of `giallo compare`: a heat map of films by films. Each value leads to the best pairs of the two films. */
import type { CompareReport, Comparison, Witness } from '../../reports/compare.js';
import { counted, fourDigits, mapLevels, twoDigits } from '../tabular.js';
import { frameFigure, scoreLead } from './frame-figure.js';
import { type Html, html, nameText } from './html.js';
import { type AnswerPage, type PageContext, skippedNotes } from './page.js';

export function comparePage(report: CompareReport): AnswerPage {
  const { films, comparisons, searched, skipped } = report;
  // If there are too many pictures for a page, the best-matching films keep theirs.
  const best = [...comparisons].sort((a, b) => (b.value ?? -2) - (a.value ?? -2));
  const idOf = ({ film, other }: { readonly film: string; readonly other: string }) =>
    `w${films.indexOf(film)}-${films.indexOf(other)}`;
  return {
    shown: { large: [], small: best.flatMap(framesOf) },
    content: (context) => ({
      title: 'How much of each film is found in each other?',
      facts: [`${counted(searched.films, 'film')}, ${counted(searched.frames, 'frame')}`],
      notes: [
        'For each shot of the row’s film, the best cosine of one of its frames with a frame of the column’s film; a value is the mean of these. Choose a value to see the best matches behind it.',
        ...skippedNotes(skipped),
      ],
      body: html`${heatMap(films, comparisons, idOf)}
<div class="matches${films.length <= fewFilms ? ' few' : ''}">
${best.map((comparison, i) => matches(comparison, { idOf, isFirst: i === 0 }, context))}</div>
`,
    }),
  };
}

/** Up to so many films, all matches are printed; with more, only those that are open. */
const fewFilms = 6;

function framesOf({ film, other, witnesses }: Comparison) {
  return witnesses.flatMap(({ filename, otherFilename }) => [
    { film, filename },
    { film: other, filename: otherFilename },
  ]);
}

interface MatchOptions {
  idOf(of: { readonly film: string; readonly other: string }): string;
  /** Whether these matches are shown until the reader chooses others. */
  readonly isFirst: boolean;
}

function matches(comparison: Comparison, { idOf, isFirst }: MatchOptions, context: PageContext): Html {
  const { film, other, value, witnesses } = comparison;
  const said = value === null ? 'nothing to compare' : fourDigits(value);
  return html`<section class="match${isFirst ? ' first' : ''}" id="${idOf(comparison)}" tabindex="-1">
<h2>${nameText(film)} in ${nameText(other)} <span class="number soft">${said}</span></h2>
<p class="match-links"><a href="#${idOf({ film: other, other: film })}">The other way round</a> <a href="#films">All films</a></p>
<ol class="pairs">
${witnesses.map((witness) => html`<li class="pair">${witnessFigures(film, other, witness, context)}</li>\n`)}</ol>
</section>
`;
}

function witnessFigures(film: string, other: string, witness: Witness, context: PageContext): Html {
  const { score, shot, index, filename, otherIndex, otherFilename } = witness;
  return html`${scoreLead(score)}
<div class="side-by-side">
${frameFigure({ film, index, filename, shot }, context)}${frameFigure(
  { film: other, index: otherIndex, filename: otherFilename },
  context,
)}</div>
`;
}

/** The table; each value leads to the element that `idOf` names. */
function heatMap(
  films: readonly string[],
  comparisons: readonly Comparison[],
  idOf: (comparison: Comparison) => string,
): Html {
  const levelOf = mapLevels(comparisons.flatMap(({ value }) => value ?? []));
  const found = new Map(
    comparisons.map((comparison) => [`${comparison.film}\0${comparison.other}`, comparison]),
  );

  const cell = (film: string, other: string): Html => {
    if (film === other) return html`<td class="same"><span class="unseen">the same film</span></td>`;
    const comparison = found.get(`${film}\0${other}`);
    if (!comparison || comparison.value === null)
      return html`<td class="same"><span class="unseen">nothing to compare</span></td>`;
    const value = twoDigits(comparison.value);
    return html`<td class="h${levelOf(comparison.value)}"><a href="#${idOf(comparison)}" aria-label="${film} in ${other}: ${value}">${value}</a></td>`;
  };
  return html`<div class="heat" id="films" tabindex="0" role="region" aria-label="Films by films">
<table>
<thead><tr><th scope="col">Film</th>${films.map(
    (film, i) =>
      html`<th scope="col" class="number" title="${film}">${i + 1}<span class="unseen"> ${film}</span></th>`,
  )}</tr></thead>
<tbody>
${films.map(
  (
    film,
    i,
  ) => html`<tr><th scope="row"><span class="number soft">${i + 1}</span> ${nameText(film)}</th>${films.map((other) => cell(film, other))}</tr>
`,
)}</tbody>
</table>
</div>
`;
}
