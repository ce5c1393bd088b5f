/** Tables on a terminal: fitted to its width, with long names cut in the middle and a dim heading. */
import type { ChalkInstance } from 'chalk';
import Table from 'cli-table3';
import stringWidth from 'string-width';
import { escapeForTerminal } from '../escape.js';
import { type Cell, type Column, captionText, heading, type Tabular } from './tabular.js';

interface TerminalStyle {
  /** Columns of the terminal. */
  readonly width: number;
  readonly chalk: ChalkInstance;
}

/**
 * The caption, the table and the footer, in lines no wider than `width` unless the columns that cannot be cut need
 * more.
 */
export function terminalTable(tabular: Tabular, { width, chalk }: TerminalStyle): string {
  const { caption, columns, rows, footer, links } = fittedColumns(tabular, width);
  const texts = textsOf(columns, rows);
  const widths = fitWidths(columns, texts, width);
  const standIns = createStandIns();
  const fit = (text: string, i: number) => standIns.put(cut(text, columns[i], widths[i]));
  const table = new Table({
    head: columns.map((column, i) => chalk.dim(fit(heading(column), i))),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: noBorders,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  const linkedColumn = links ? columns.findIndex(({ key }) => key === 'filename') : -1;
  texts.forEach((cells, row) => {
    const href = links?.[row];
    table.push(
      cells.map((text, i) => (href && i === linkedColumn ? { content: fit(text, i), href } : fit(text, i))),
    );
  });
  const body =
    rows.length === 0
      ? []
      : standIns
          .takeAway(table.toString())
          .split('\n')
          .map((line) => line.trimEnd());
  const lines = [
    ...caption.flatMap((line) => fittedLines(captionText(line), width)).map((line) => chalk.bold(line)),
    ...body,
    ...footer.flatMap((line) => fittedLines(line, width)),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * cli-table3 measures the width of text as old terminals showed it: wrongly for emoji of several characters. So each
 * cell with such text is replaced by a stand-in of the right width, a run of one private character (`put`), and the
 * stand-ins in the finished table are replaced by the texts (`takeAway`).
 */
function createStandIns() {
  const texts: string[] = [];
  const first = 0xf0000;
  const most = 0xfffd;
  return {
    put(text: string): string {
      const width = stringWidth(text);
      if (/^[ -~]*$/.test(text) || width === 0 || texts.length > most) return text;
      texts.push(text);
      return String.fromCodePoint(first + texts.length - 1).repeat(width);
    },
    takeAway: (table: string) =>
      table.replace(
        /([\u{f0000}-\u{ffffd}])\1*/gu,
        (run) => texts[(run.codePointAt(0) as number) - first] ?? run,
      ),
  };
}

const gap = 2;
const narrowest = 8;
/** The fewest columns of a heading. */
const shortestHeading = 5;
/** A dispensable column is left out before texts are cut to fewer columns than these. */
const legible = 12;

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(gap),
};

/** The table without hidden columns, and without as many dispensable ones as it takes for the others to fit. */
function fittedColumns(tabular: Tabular, width: number): Tabular {
  const shown = withoutColumns(tabular, ({ isHidden }) => isHidden === true);
  const legibly = withoutDispensable(shown, width, { which: true, leastText: legible });
  return withoutDispensable(legibly, width, { which: 'at-last', leastText: narrowest });
}

/** Leaves out the last of these columns until the others fit, with texts cut to no fewer than `leastText` columns. */
function withoutDispensable(
  tabular: Tabular,
  width: number,
  how: { readonly which: Column['isDispensable']; readonly leastText: number },
): Tabular {
  const { columns, rows } = tabular;
  const widths = naturalWidths(columns, textsOf(columns, rows));
  const least = columns.map(({ cuttable }, i) => (cuttable ? Math.min(widths[i], how.leastText) : widths[i]));
  const needed = least.reduce((sum, each) => sum + each, 0) + gap * (columns.length - 1);
  const last = columns.findLast(({ isDispensable }) => isDispensable === how.which);
  if (needed <= width || last === undefined) return tabular;
  const others = withoutColumns(tabular, (column) => column === last);
  return withoutDispensable(others, width, how);
}

function withoutColumns(tabular: Tabular, isLeftOut: (column: Column) => boolean): Tabular {
  const shown = tabular.columns.flatMap((column, i) => (isLeftOut(column) ? [] : [i]));
  const pick = <T>(items: readonly T[]) => shown.map((i) => items[i]);
  return { ...tabular, columns: pick(tabular.columns), rows: tabular.rows.map(pick) };
}

function textsOf(columns: readonly Column[], rows: Tabular['rows']): string[][] {
  return rows.map((cells) => cells.map((cell, i) => cellText(cell, columns[i] as Column)));
}

function cellText(cell: Cell, { show }: Column): string {
  if (cell === null) return '-';
  if (typeof cell === 'number') return show ? show(cell) : String(cell);
  return escapeForTerminal(cell);
}

/**
 * Natural widths. If they do not fit, cuttable columns shrink, then columns that are wide only because of their
 * heading.
 */
function fitWidths(
  columns: readonly Column[],
  texts: readonly (readonly string[])[],
  width: number,
): number[] {
  const natural = naturalWidths(columns, texts);
  const room = width - gap * (columns.length - 1);
  const cut = shrunk(natural, room, (i) => (columns[i]?.cuttable ? narrowest : natural[i]));
  return shrunk(cut, room, (i) => Math.min(cut[i], Math.max(shortestHeading, widthIn(texts, i))));
}

/** The widths, the widest of them reduced again and again, until they fit or none can be reduced. */
function shrunk(widths: readonly number[], room: number, leastOf: (i: number) => number): number[] {
  const fitted = [...widths];
  for (let excess = fitted.reduce((sum, each) => sum + each, 0) - room; excess > 0; excess--) {
    const widest = fitted.reduce(
      (best, each, i) => (each > leastOf(i) && each > (fitted[best] ?? 0) ? i : best),
      -1,
    );
    if (widest < 0) break;
    fitted[widest]--;
  }
  return fitted;
}

function naturalWidths(columns: readonly Column[], texts: readonly (readonly string[])[]): number[] {
  return columns.map((column, i) => Math.max(stringWidth(heading(column)), widthIn(texts, i)));
}

function widthIn(texts: readonly (readonly string[])[], i: number): number {
  return texts.reduce((widest, cells) => Math.max(widest, stringWidth(cells[i] as string)), 0);
}

/**
 * A caption or footer, broken between words into lines with the indent of the first; a word too long loses its middle.
 */
export function fittedLines(line: string, width: number): string[] {
  const text = escapeForTerminal(line);
  // A command stays in one line, since people copy it.
  if (stringWidth(text) <= width || line.startsWith('python3 -c ')) return [text];
  const indent = (/^ */.exec(text)?.[0] ?? '').slice(0, width - 1);
  const lines: string[] = [];
  for (const [, space = '', long = ''] of text.trim().matchAll(/( *)([^ ]+)/g)) {
    const word = cutMiddle(long, width - indent.length);
    const last = lines.at(-1);
    if (last !== undefined && stringWidth(last + space + word) <= width)
      lines.push(lines.pop() + space + word);
    else lines.push(indent + word);
  }
  return lines;
}

function cut(text: string, { cuttable }: Column, width: number): string {
  return cuttable === 'start' ? cutStart(text, width) : cutMiddle(text, width);
}

/** The text in at most `width` columns, its start replaced by `…`. */
export function cutStart(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  return `…${takeWidth(charactersOf(text).reverse(), width - 1)
    .reverse()
    .join('')}`;
}

/** The text in at most `width` columns, its middle replaced by `…`. */
export function cutMiddle(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const characters = charactersOf(text);
  const head = takeWidth(characters, Math.ceil((width - 1) / 2));
  const tail = takeWidth(characters.slice(head.length).reverse(), Math.floor((width - 1) / 2)).reverse();
  return `${head.join('')}…${tail.join('')}`;
}

function charactersOf(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}

function takeWidth(characters: readonly string[], width: number): string[] {
  let used = 0;
  const end = characters.findIndex((character) => {
    used += stringWidth(character);
    return used > width;
  });
  return characters.slice(0, end < 0 ? characters.length : end);
}
