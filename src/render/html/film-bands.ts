/** Where the results lie in their films: a band a film, a mark a result. */

import type { FilmLine } from '../film-lines.js';
import { counted, fourDigits } from '../tabular.js';
import { type Html, html, nameText } from './html.js';

/** A list of bands; each mark leads to the figure whose id is `prefix` and its rank. */
export function filmBands(lines: readonly FilmLine[], prefix: string): Html {
  const isAskedSeen = lines.some(({ asked }) => asked.length > 0);
  const line = isAskedSeen ? '; the line was asked about' : '';
  return html`<ol class="bands">
${lines.map((film) => band(film, prefix))}</ol>
<p class="legend soft" aria-hidden="true">A film from its first frame to its last: marks are results, higher is closer${line}.</p>
`;
}

export const bandStyle = `
.bands { display: grid; grid-template-columns: minmax(0, max-content) minmax(6rem, 1fr) max-content; gap: 0.35rem 1rem; font-size: 0.875rem; align-items: center; }
.legend { margin: 0.35rem 0 var(--gap); font-size: 0.8125rem; }
.bands li { display: contents; }
.bands svg { display: block; width: 100%; height: 1.5rem; background: var(--mat); border-radius: 2px; }
.bands .hit { fill: var(--bar); }
.bands a:hover .hit { fill: var(--ink); }
.bands .asked-here { stroke: var(--ink); stroke-width: 2; vector-effect: non-scaling-stroke; }
@media (max-width: 45rem) {
  .bands { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; }
  .bands li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.15rem 1rem; }
  .bands svg { order: 1; height: 1.75rem; }
}
`;

/** Units of the drawing from a film's first frame to its last. */
const length = 1000;
const height = 24;
const narrowest = 3;

function band({ film, frames, hits, asked }: FilmLine, prefix: string): Html {
  const width = Math.max(narrowest, length / frames);
  const placeOf = (index: number) => Math.min(length - width, (index / frames) * length).toFixed(1);
  // The strongest hits are drawn last, above the others.
  const marks = [...hits].reverse().map(({ rank, index, score, strength }) => {
    const high = height * (0.35 + 0.65 * strength);
    return html`<a href="#${prefix}${rank}" tabindex="-1"><rect class="hit" x="${placeOf(index)}" y="${(height - high).toFixed(1)}" width="${width.toFixed(1)}" height="${high.toFixed(1)}"><title>frame ${index}, ${fourDigits(score)}</title></rect></a>`;
  });
  const lines = asked.map((index) => {
    const x = (((index + 0.5) / frames) * length).toFixed(1);
    return html`<line class="asked-here" x1="${x}" x2="${x}" y1="0" y2="${height}"/>`;
  });
  return html`<li><span>${nameText(film)}</span>
<svg viewBox="0 0 ${length} ${height}" preserveAspectRatio="none" aria-hidden="true">${marks}${lines}</svg>
<span class="number soft sum">${counted(hits.length, 'hit')} in ${counted(frames, 'frame')}, best ${fourDigits(hits[0].score)}</span></li>
`;
}
