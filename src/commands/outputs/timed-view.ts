/** An answer with the times of its frames: `seconds` in records, a column `time` in tables, times of frames asked about. */
import { entriesOf, type FilmsByName } from '../../collection/named-films.js';
import type { Cell, Column, Tabular } from '../../render/tabular.js';
import { filmOfReport, type View } from '../../render/view.js';
import { filmNames, momentOf, type TimesByName, timesByName, withSeconds } from '../../times/film-times.js';
import type { AnyFlags } from '../options/option-table.js';
import { isTerminalTable, type Session } from '../session/session.js';

/** The view with times; unchanged if no times are known. */
export async function withTimes(
  session: Session,
  flags: AnyFlags,
  view: View,
  films: FilmsByName,
): Promise<{ readonly view: View; readonly times?: TimesByName }> {
  const times = await timesIn(session, view.report, films);
  if (times.size === 0) {
    if (flags.times && filmNames(view.report).size > 0) await hintNoTimes(session);
    return { view };
  }
  const { report, records, table } = view;
  const film = filmOfReport(view);
  const hasTimes = flags.times || isTerminalTable(session.io.stdout, flags);
  return {
    times,
    view: {
      ...view,
      report: withSeconds(report, times),
      records: withSeconds(records, times, { film }),
      table: hasTimes ? withTimeColumns(table, times, film) : table,
    },
  };
}

/** Says that no times are known, if `--times` asked for them. */
export async function hintNoTimes({ notices }: Session): Promise<void> {
  await notices.hint('--times: no times of these films are known; docs/times.md says where they come from');
}

/** The times of the films that a report names, where they are known. */
export async function timesIn(session: Session, report: object, films: FilmsByName): Promise<TimesByName> {
  return timesByName(entriesOf(filmNames(report), films), session.context.times.of);
}

/** Adds a column of times after each column of frame indices, and the times of the frames asked about. */
function withTimeColumns(table: Tabular, times: TimesByName, film: string | undefined): Tabular {
  const caption = table.caption.map((line) =>
    typeof line === 'string' ? line : { ...line, time: momentOf(times, line.film, line.index) },
  );
  const timed: Tabular = { ...table, caption };
  return timeColumns.reduce((all, keys) => withTimeColumn(all, times, film, keys), timed);
}

/** Keys of columns: the film, the index of the frame, the index of the last frame of a run, and the time. */
interface TimeColumn {
  readonly films: readonly string[];
  readonly indices: readonly string[];
  readonly last?: string;
  readonly time: string;
}

const timeColumns: readonly TimeColumn[] = [
  { films: ['other_film', 'other'], indices: ['other_index'], time: 'other_time' },
  { films: ['film'], indices: ['index', 'first', 'witness_index'], last: 'last', time: 'time' },
];

function withTimeColumn(
  table: Tabular,
  times: TimesByName,
  film: string | undefined,
  { films, indices, last, time }: TimeColumn,
): Tabular {
  const placeOf = (keys: readonly string[]) => table.columns.findIndex(({ key }) => keys.includes(key));
  const filmAt = placeOf(films);
  const indexAt = placeOf(indices);
  const insertAt = Math.max(indexAt, last === undefined ? -1 : placeOf([last])) + 1;
  if (indexAt < 0 || (filmAt < 0 && film === undefined)) return table;
  const column: Column = { key: time, align: 'right', isDispensable: 'at-last' };
  const timeOf = (cells: readonly Cell[]) =>
    momentOf(times, String(filmAt < 0 ? film : cells[filmAt]), Number(cells[indexAt]));
  return {
    ...table,
    columns: table.columns.toSpliced(insertAt, 0, column),
    rows: table.rows.map((cells) => cells.toSpliced(insertAt, 0, timeOf(cells))),
  };
}
