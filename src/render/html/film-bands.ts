/**
 * Draws where in their films the results are: a band for each film, with a mark for each result above the colours of
 * the film.
 */
import type { FilmLine } from '../film-lines.js';
import { counted, fourDigits } from '../tabular.js';
import { type Html, html, nameText, type Part } from './html.js';
import type { PageContext } from './page.js';

/** A list of bands; each mark leads to the figure whose id is `prefix` and its rank. */
export function filmBands(
  lines: readonly FilmLine[],
  prefix: string,
  { coloursOf }: Pick<PageContext, 'coloursOf'>,
): Html {
  const isAskedSeen = lines.some(({ asked }) => asked.length > 0);
  const isColoured = lines.some(({ film }) => coloursOf(film));
  const line = isAskedSeen ? '; the line was asked about' : '';
  const colours = isColoured ? ' in its average colours' : '';
  return html`<ol class="bands">
${lines.map((film) => band(film, prefix, coloursOf(film.film)))}</ol>
<p class="legend soft" aria-hidden="true">A film${colours}, from its first frame to its last: marks are results, higher is closer${line}.</p>
`;
}

/** The width of a drawing in its own units, from a film's first frame to its last. */
export const length = 1000;
const height = 32;
const narrowest = 3;
/** The height of the colours, below the marks. */
const colourHeight = 10;

function band(
  { film, frames, hits, asked }: FilmLine,
  prefix: string,
  colours: readonly string[] | undefined,
): Html {
  const room = colours ? height - colourHeight - 1 : height;
  const width = Math.max(narrowest, length / frames);
  const placeOf = (index: number) => Math.min(length - width, (index / frames) * length).toFixed(1);
  // The strongest hits are drawn last, above the others.
  const marks = [...hits].reverse().map(({ rank, index, score, strength }) => {
    const high = room * (0.35 + 0.65 * strength);
    return html`<a href="#${prefix}${rank}" tabindex="-1"><rect class="hit" x="${placeOf(index)}" y="${(room - high).toFixed(1)}" width="${width.toFixed(1)}" height="${high.toFixed(1)}"><title>frame ${index}, ${fourDigits(score)}</title></rect></a>`;
  });
  const lines = asked.map((index) => {
    const x = (((index + 0.5) / frames) * length).toFixed(1);
    return html`<line class="asked-here" x1="${x}" x2="${x}" y1="0" y2="${height}"/>`;
  });
  return html`<li><span>${nameText(film)}</span>
<svg viewBox="0 0 ${length} ${height}" preserveAspectRatio="none" shape-rendering="crispEdges" aria-hidden="true">${colourBlocks(colours, height - colourHeight, colourHeight)}${marks}${lines}</svg>
<span class="number soft sum">${counted(hits.length, 'hit')} in ${counted(frames, 'frame')}, best ${fourDigits(hits[0].score)}</span></li>
`;
}

/** The colours of a film from its first frame to its last; nothing if they are not known. */
export function colourBlocks(colours: readonly string[] | undefined, y: number, high: number): Part {
  if (!colours) return '';
  return colours.map((colour, i): Part => {
    const [x, end] = [i, i + 1].map((bound) => Math.round((bound / colours.length) * length));
    return colour && html`<rect fill="${colour}" x="${x}" y="${y}" width="${end - x}" height="${high}"/>`;
  });
}
