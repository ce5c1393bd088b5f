/** The view of `giallo duplicates`: a line a run of frames. */
import type { DuplicatesReport } from '../reports/duplicates.js';
import { counted, fourDigits } from './tabular.js';
import type { View } from './view.js';

export function duplicatesView(report: DuplicatesReport): View {
  const { groups, minScore, searched } = report;
  const repeated = groups.reduce((sum, { frames }) => sum + frames, 0);
  return {
    report,
    records: groups,
    names: {
      rows: groups.flatMap(({ runs }) => runs),
      isAcrossFilms: searched.films > 1,
    },
    table: {
      caption: [],
      columns: [
        { key: 'group', align: 'right' },
        { key: 'film', cuttable: true },
        { key: 'first', align: 'right' },
        { key: 'last', align: 'right' },
        { key: 'filename', cuttable: true },
        { key: 'weakest', align: 'right', show: fourDigits, plain: fourDigits },
      ],
      rows: groups.flatMap(({ group, weakest, runs }) =>
        runs.map(({ film, first, last, filename }) => [group, film, first, last, filename, weakest]),
      ),
      footer: [
        groups.length === 0
          ? `no frames joined at ${minScore} or above among ${counted(searched.frames, 'frame')}`
          : `${counted(groups.length, 'group')} of ${counted(repeated, 'frame')} joined at ${minScore} or above, among ${counted(searched.frames, 'frame')} of ${counted(searched.films, 'film')}`,
      ],
    },
  };
}
