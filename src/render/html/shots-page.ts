/** The page of `giallo shots`: the film as a strip of its shots. */
import type { ShotRow, ShotsReport } from '../../reports/shots.js';
import { counted } from '../tabular.js';
import { spanOf } from '../view.js';
import { colourBlocks, length } from './film-bands.js';
import { frameFigure } from './frame-figure.js';
import { type Html, html, nameText } from './html.js';
import type { AnswerPage, PageContext } from './page.js';

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

const height = 40;

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
    return html`<a href="#s${shot}" tabindex="-1"><rect class="${kinds[shot % 2]}" x="${x}" y="0" width="${width}" height="${height}"><title>shot ${shot}, ${counted(own, 'frame')}</title></rect></a>`;
  });
  return html`<svg class="strip" viewBox="0 0 ${length} ${height}" preserveAspectRatio="none" shape-rendering="crispEdges" aria-hidden="true"><title>${film}</title>${colourBlocks(colours, 0, height)}${blocks}</svg>`;
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
