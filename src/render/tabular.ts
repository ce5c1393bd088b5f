/** A report as a table, for tables on a terminal, CSV and tab-separated text. */

export type Cell = string | number | null;

export interface Column {
  /** The name in the header of CSV, and of the JSON key. */
  readonly key: string;
  /** The heading of the table, on a terminal and in a pipe; the key by default. */
  readonly title?: string;
  /** Numbers stand to the right. */
  readonly align?: 'left' | 'right';
  /** Left out on a terminal, where the caption says it already. */
  readonly isHidden?: boolean;
  /**
   * Left out on a terminal that is too narrow for all columns; the last such column goes first. `at-last`: left out
   * only if cutting texts as short as they may be does not make enough room.
   */
  readonly isDispensable?: true | 'at-last';
  /** Whether text may be cut to fit the terminal: in the middle, or at the start if the end tells names apart. */
  readonly cuttable?: boolean | 'start';
  /** A number as people read it on a terminal; full digits by default. */
  readonly show?: (value: number) => string;
}

/** A frame that is asked about, as a line above a table. */
export interface AskedFrame {
  readonly film: string;
  readonly index: number;
  readonly filename: string;
  /** Undefined or null if it is not known. */
  readonly time?: string | null;
}

export interface Tabular {
  /** Lines above the table on a terminal: what was asked. */
  readonly caption: readonly (string | AskedFrame)[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** On a terminal: the target of the link of each row's `filename`, without control characters, or null. */
  readonly links?: readonly (string | null)[];
  /** Lines below the table on a terminal: totals. */
  readonly footer: readonly string[];
}

export function captionText(line: string | AskedFrame): string {
  if (typeof line === 'string') return line;
  const { film, index, filename, time } = line;
  return [film, `frame ${index}`, ...(time ? [time] : []), filename].join('  ');
}

/** A column that shows the property of this key. */
type ColumnOf<Key extends string> = Column & { readonly key: Key };

/** A table with a row for each record: its columns show the properties of their keys. */
export function tableOf<Key extends string>(
  records: readonly { readonly [Name in NoInfer<Key>]: Cell }[],
  columns: readonly ColumnOf<Key>[],
  lines: Partial<Pick<Tabular, 'caption' | 'footer'>> = {},
): Tabular {
  const rows = records.map((record) => columns.map(({ key }) => record[key]));
  return { caption: [], columns, rows, footer: [], ...lines };
}

/** A score as tables show it; without a sign if it rounds to zero. */
export function fourDigits(score: number): string {
  return score.toFixed(4).replace('-0.0000', '0.0000');
}

/** How much of a film is found in another, as maps of films show it; without a sign if it rounds to zero. */
export function twoDigits(value: number): string {
  return value.toFixed(2).replace('-0.00', '0.00');
}

/** A function that gives the level of a value among these in a map of films: 0 for the lowest, 10 for the highest. */
export function mapLevels(values: readonly number[]): (value: number) => number {
  const lowest = values.reduce((least, value) => Math.min(least, value), 1);
  const highest = values.reduce((most, value) => Math.max(most, value), -1);
  return (value) => (highest > lowest ? Math.round(((value - lowest) / (highest - lowest)) * 10) : 10);
}

/** The heading of a column. */
export function heading({ key, title }: Column): string {
  return title ?? key;
}

/** A column of scores, four digits on a terminal; headed by what a score is under the metric. */
export function scoreColumn(metric: string): ColumnOf<'score'> {
  return {
    key: 'score',
    title: metric === 'euclidean' ? 'distance' : 'score',
    align: 'right',
    show: fourDigits,
  };
}

/** Bytes as people read them, in powers of 1000: `17.1 MB`. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `1 film`, `2 films`, `12,000 frames`. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${grouped(count)} ${count === 1 ? singular : plural}`;
}

/** A whole number with its digits in groups of three: `12,000`. */
export function grouped(count: number): string {
  // toLocaleString would do, but loads tables, which takes as long as reading a small film.
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
