/** Values of films by films as a table, each cell the darker or brighter the higher its value. */
import type { Comparison } from '../../reports/compare.js';
import { type Html, html, nameText } from './html.js';

/** The table; each value leads to the element that `idOf` names. */
export function heatMap(
  films: readonly string[],
  comparisons: readonly Comparison[],
  idOf: (comparison: Comparison) => string,
): Html {
  const values = comparisons.flatMap(({ value }) => (value === null ? [] : [value]));
  const lowest = values.reduce((least, value) => Math.min(least, value), 1);
  const highest = values.reduce((most, value) => Math.max(most, value), -1);
  const levelOf = (value: number) =>
    highest > lowest ? Math.round(((value - lowest) / (highest - lowest)) * (levels - 1)) : levels - 1;
  const found = new Map(
    comparisons.map((comparison) => [`${comparison.film}\0${comparison.other}`, comparison]),
  );

  const cell = (film: string, other: string): Html => {
    if (film === other) return html`<td class="same"><span class="unseen">the same film</span></td>`;
    const comparison = found.get(`${film}\0${other}`);
    if (!comparison || comparison.value === null)
      return html`<td class="same"><span class="unseen">nothing to compare</span></td>`;
    const value = comparison.value.toFixed(2);
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

/** Of the style, which has a colour for each. */
const levels = 11;
