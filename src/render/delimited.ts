/** Tables for programs: CSV as RFC 4180 says, and the tab-separated form that a piped table has. */
import { escapeTabs } from './escape.js';
import type { Cell, Column, Tabular } from './tabular.js';

/** RFC 4180 with LF line ends and a header; nulls are empty; numbers have full digits. */
export function csv({ columns, rows }: Tabular): string {
  return [columns.map(({ key }) => key), ...rows].map(csvLine).join('');
}

/** One line of CSV with its line end. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\n`;
}

function csvCell(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Tab-separated with a header; tabs, newlines and backslashes in names are escaped; nulls are empty. */
export function tabSeparated({ columns, rows }: Tabular): string {
  const header = columns.map(({ key }) => key).join('\t');
  const lines = rows.map((cells) => cells.map((cell, i) => tabCell(cell, columns[i])).join('\t'));
  return `${[header, ...lines].join('\n')}\n`;
}

function tabCell(cell: Cell, { plain }: Column): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return plain ? plain(cell) : String(cell);
  return escapeTabs(cell);
}
