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

const levels = 11;

/** From the paper to the mark; text on it stays readable in both schemes. */
const levelRules = Array.from(
  { length: levels },
  (_, level) =>
    `.heat .h${level} { background: color-mix(in srgb, var(--mark) ${level * 10}%, var(--card)); }`,
).join('\n');

const brightRules = Array.from({ length: levels }, (_, level) => level)
  .filter((level) => level > 5)
  .map((level) => `.heat .h${level}`)
  .join(', ');

export const heatMapStyle = `
.heat { overflow-x: auto; max-width: 100%; margin-bottom: calc(1.5 * var(--gap)); }
.heat table { border-collapse: separate; border-spacing: 2px; font-size: 0.875rem; }
.heat th { font-weight: 500; text-align: left; padding: 0.25rem 0.5rem; }
.heat thead th { text-align: center; }
.heat thead th:first-child { text-align: left; }
.heat th[scope="row"] { position: sticky; left: 0; z-index: 1; background: var(--paper); min-width: 9rem; max-width: 22rem; }
.heat td { padding: 0; text-align: center; min-width: 3.25rem; border-radius: 2px; font-variant-numeric: tabular-nums; }
.heat td a { display: block; padding: 0.5rem 0.35rem; color: var(--ink); text-decoration: none; }
.heat td a:hover, .heat td a[aria-current] { outline: 2px solid var(--ink); border-radius: 2px; }
.heat .same { background: repeating-linear-gradient(135deg, var(--line) 0 1px, transparent 1px 6px); }
${levelRules}
@media (prefers-color-scheme: dark) { :is(${brightRules}) a { color: var(--on-mark); } }
@media (max-width: 40rem) {
  .heat table { font-size: 0.75rem; border-spacing: 1px; }
  .heat th { padding: 0.25rem 0.15rem; }
  .heat th[scope="row"] { min-width: 5rem; max-width: 7rem; }
  .heat td { min-width: 0; }
  .heat td a { padding: 0.5rem 0.1rem; }
}
`;
