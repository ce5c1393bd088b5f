/** A report seen as a table: what the table, CSV, NDJSON and tab-separated formats have in common. */

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
   * Left out on a terminal too narrow for all columns: the last such column goes first. `at-last`: only where cutting
   * texts as short as may be does not make room.
   */
  readonly isDispensable?: true | 'at-last';
  /** Text that may be cut to fit the terminal: in the middle, or at the start, where the end tells names apart. */
  readonly cuttable?: boolean | 'start';
  /** A number as people read it on a terminal; full digits by default. */
  readonly show?: (value: number) => string;
}

export interface Tabular {
  /** Lines above the table on a terminal: what was asked. */
  readonly caption: readonly string[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** On a terminal: where each row's `filename` leads, an address without control characters, or null. */
  readonly links?: readonly (string | null)[];
  /** Lines below the table on a terminal: totals. */
  readonly footer: readonly string[];
}

/** A score as tables show it: what rounds to zero has no sign. */
export function fourDigits(score: number): string {
  return score.toFixed(4).replace('-0.0000', '0.0000');
}

/** The heading of a column. */
export function heading({ key, title }: Column): string {
  return title ?? key;
}

/** A column of scores, four digits on a terminal; headed by what a score is under the metric. */
export function scoreColumn(metric: string): Column {
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
  // toLocaleString says the same after loading its tables, which takes as long as reading a small film.
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
