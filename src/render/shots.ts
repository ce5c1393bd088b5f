/** The view of `giallo shots`. */
import type { ShotsReport } from '../reports/shots.js';
import { counted, fourDigits } from './tabular.js';
import { captioned, spanOf, type View } from './view.js';

export function shotsView(report: ShotsReport): View {
  const { film, frames, shots } = report;
  return {
    report,
    records: shots,
    names: { rows: shots.map(({ filename }) => ({ film, filename })), isAcrossFilms: false },
    tiles: () =>
      shots.map(({ shot, first, last, filename }) =>
        captioned({ film, filename }, `shot ${shot}  ${spanOf({ first, last })}`),
      ),
    table: {
      caption: [
        `${film}  ${counted(frames, 'frame')} in ${counted(shots.length, 'shot')}: ${explainShots(report)}`,
      ],
      columns: [
        { key: 'shot', align: 'right' },
        { key: 'first', align: 'right' },
        { key: 'last', align: 'right' },
        { key: 'frames', align: 'right', isDispensable: true },
        { key: 'representative', align: 'right' },
        { key: 'filename', cuttable: 'start', isDispensable: true },
      ],
      rows: shots.map((row) => [row.shot, row.first, row.last, row.frames, row.representative, row.filename]),
      footer: [],
    },
  };
}

/** How the shots were found. */
export function explainShots({ kind, threshold, peaks }: ShotsReport): string {
  if (kind === 'stills') return 'no separation, each frame is a shot';
  if (threshold === null) return 'no cut stands out';
  const more = peaks === 0 ? '' : `, and ${peaks} where a step stands out from those around it`;
  return `cuts where consecutive frames have a cosine below ${fourDigits(threshold)}${more}`;
}
