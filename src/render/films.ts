/** The view of `giallo films`. */
import type { FilmsReport } from '../reports/films.js';
import { counted, grouped, humanBytes } from './tabular.js';
import type { View } from './view.js';

export function filmsView(report: FilmsReport): View {
  const { films, totals } = report;
  const percent = (ratio: number) => `${Math.round(ratio * 100)} %`;
  return {
    report,
    records: films,
    table: {
      caption: [],
      columns: [
        { key: 'film', cuttable: true },
        { key: 'path', isHidden: true },
        { key: 'frames', align: 'right', show: grouped },
        { key: 'dim', align: 'right' },
        { key: 'dtype', isDispensable: true },
        { key: 'compression', isHidden: true },
        { key: 'bytes', align: 'right', show: humanBytes },
        { key: 'rawBytes', align: 'right', show: humanBytes, isDispensable: true },
        {
          key: 'ratio',
          align: 'right',
          show: percent,
          isDispensable: true,
        },
      ],
      rows: films.map((film) => [
        film.film,
        film.path,
        film.frames,
        film.dim,
        film.dtype,
        film.compression,
        film.bytes,
        film.rawBytes,
        film.ratio,
      ]),
      footer: [
        `${counted(totals.films, 'film')}, ${counted(totals.frames, 'frame')}, ` +
          `${humanBytes(totals.bytes)}${totals.rawBytes > 0 ? ` (${humanBytes(totals.rawBytes)} raw)` : ''}`,
      ],
    },
  };
}
