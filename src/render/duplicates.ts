/** The view of `giallo duplicates`: a line a run of frames. */
import type { DuplicatesReport } from '../reports/duplicates.js';
import { counted, fourDigits } from './tabular.js';
import { captioned, spanOf, type View } from './view.js';

export function duplicatesView(report: DuplicatesReport): View {
  const { groups, searched } = report;
  return {
    report,
    records: groups,
    names: {
      rows: groups.flatMap(({ runs }) => runs),
      isAcrossFilms: searched.films > 1,
    },
    tiles: () =>
      groups.flatMap(({ group, runs }) =>
        runs.map((run) => captioned(run, `group ${group}  ${spanOf(run)}`)),
      ),
    table: {
      caption: [],
      columns: [
        { key: 'group', align: 'right' },
        { key: 'film', cuttable: true },
        { key: 'first', align: 'right' },
        { key: 'last', align: 'right' },
        { key: 'filename', cuttable: 'start', isDispensable: true },
        { key: 'weakest', align: 'right', show: fourDigits },
      ],
      rows: groups.flatMap(({ group, weakest, runs }) =>
        runs.map(({ film, first, last, filename }) => [group, film, first, last, filename, weakest]),
      ),
      footer: [summaryOf(report)],
    },
  };
}

/** `12 groups of 40 frames joined at 0.98 or above, among 262 frames of 3 films`. */
export function summaryOf({ groups, minScore, searched }: DuplicatesReport): string {
  const repeated = groups.reduce((sum, { frames }) => sum + frames, 0);
  const among = `among ${counted(searched.frames, 'frame')} of ${counted(searched.films, 'film')}`;
  return groups.length === 0
    ? `no frames joined at ${minScore} or above ${among}`
    : `${counted(groups.length, 'group')} of ${counted(repeated, 'frame')} joined at ${minScore} or above, ${among}`;
}
