/** Renders a view as text: one function for each format. */
import { csvField, escapeForTerminal, escapeJsonForTerminal, escapeTabs } from '../escape.js';
import { type Cell, heading, type Tabular } from './tabular.js';
import type { View } from './view.js';

export const formats = ['table', 'json', 'ndjson', 'csv', 'names'] as const;
export type Format = (typeof formats)[number];

/**
 * Where the text goes. For a terminal, control characters in names are escaped, and JSON is indented; a pipe gets raw
 * text.
 */
interface Destination {
  readonly isTerminal: boolean;
  /** Names end with NUL, for `xargs -0`. */
  readonly endsWithNul?: boolean | undefined;
}

type Renderer = (view: View, destination: Destination) => string;

/** The renderer of each format. A table on a terminal is rendered by `terminalTable` instead. */
export const renderers: Readonly<Record<Format, Renderer>> = {
  table: ({ table }) => tabSeparated(table),
  json: ({ report }, { isTerminal }) =>
    isTerminal
      ? escapeJsonForTerminal(`${JSON.stringify(report, null, 2)}\n`)
      : `${JSON.stringify(report)}\n`,
  ndjson: ({ records }, { isTerminal }) => {
    const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    return isTerminal ? escapeJsonForTerminal(lines) : lines;
  },
  csv: ({ table }, { isTerminal }) => csv(isTerminal ? withSafeNames(table) : table),
  names: ({ names }, { isTerminal, endsWithNul }) => {
    const { rows, isAcrossFilms } = names ?? { rows: [], isAcrossFilms: false };
    const lines = rows.flatMap(({ film, filename, picture }) => {
      if (picture !== undefined) return picture ?? [];
      return isAcrossFilms ? `${film}/${filename}` : filename;
    });
    return lines
      .map((line) => (isTerminal ? escapeForTerminal(line) : line) + (endsWithNul ? '\0' : '\n'))
      .join('');
  },
};

function withSafeNames(table: Tabular): Tabular {
  const rows = table.rows.map((cells) =>
    cells.map((cell) => (typeof cell === 'string' ? escapeForTerminal(cell) : cell)),
  );
  return { ...table, rows };
}

/** RFC 4180 with LF line ends and a header; nulls are empty; numbers have full digits. */
export function csv({ columns, rows }: Tabular): string {
  return [columns.map(({ key }) => key), ...rows].map(csvLine).join('');
}

/** One line of CSV with its line end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map((cell) => csvField(String(cell ?? ''))).join(',')}\n`;
}

/**
 * Tab-separated with a header; tabs and line breaks in names are escaped; numbers have full digits; nulls are empty.
 */
export function tabSeparated({ columns, rows }: Tabular): string {
  const lines = rows.map((cells) => cells.map((cell) => (cell === null ? '' : escapeTabs(String(cell)))));
  return [columns.map(heading), ...lines].map((cells) => `${cells.join('\t')}\n`).join('');
}
