/** `--pictures`: pictures side by side as the terminal's width allows, each with its caption below. */
import type { ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import { escapeForTerminal } from '../escape.js';
import type { DrawnPicture } from '../pictures/draw.js';
import { cutMiddle } from './terminal-table.js';

export interface Tile {
  /** Undefined if there is none; the caption still says what it would show. */
  readonly picture: DrawnPicture | undefined;
  /** Lines below it, the first one in bold. */
  readonly caption: readonly string[];
}

/** Widths of a sheet, in columns of the terminal. */
interface SheetLayout {
  readonly perRow: number;
  /** Room for a picture. */
  readonly columns: number;
  readonly rows: number;
}

const gap = 2;
const wishedWidth = 38;
const widest = 72;

/**
 * How many tiles go side by side, and how large they are: as many as have about 38 columns each, and none wider than
 * 72. `together` tiles belong together: a row has a multiple of them, if so many fit.
 */
export function sheetLayout(width: number, tiles: number, together = 1): SheetLayout {
  const fitting = Math.max(1, Math.min(tiles, Math.floor((width + gap) / (wishedWidth + gap))));
  const perRow = fitting < together ? fitting : fitting - (fitting % together);
  const columns = Math.max(1, Math.min(widest, Math.floor((width - 1 - gap * (perRow - 1)) / perRow)));
  return { perRow, columns, rows: Math.ceil(columns * 0.4) };
}

/** The sheet, an empty line after each row of tiles. */
export function pictureSheet(tiles: readonly Tile[], layout: SheetLayout, chalk: ChalkInstance): string {
  const rows = Array.from({ length: Math.ceil(tiles.length / layout.perRow) }, (_, row) =>
    tiles.slice(row * layout.perRow, (row + 1) * layout.perRow),
  );
  return rows.map((row) => `${picturesOf(row, layout, chalk)}${captionsOf(row, layout, chalk)}\n`).join('');
}

function picturesOf(tiles: readonly Tile[], layout: SheetLayout, chalk: ChalkInstance): string {
  const heights = tiles.map(({ picture }) => picture?.rows ?? 1);
  const height = Math.max(...heights);
  const isPlaced = tiles.some(({ picture }) => picture && 'sequence' in picture.drawing);
  if (isPlaced) return placed(tiles, layout, height, chalk);
  const lines = Array.from({ length: height }, (_, line) =>
    tiles
      .map(({ picture }) => {
        if (picture === undefined)
          return line === 0 ? padded(noPicture(chalk), layout.columns) : ' '.repeat(layout.columns);
        const drawn = 'lines' in picture.drawing ? picture.drawing.lines[line] : undefined;
        return drawn === undefined
          ? ' '.repeat(layout.columns)
          : drawn + ' '.repeat(layout.columns - picture.columns);
      })
      .join(' '.repeat(gap))
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

const esc = '\u001b';
const saveCursor = `${esc}7`;
const restoreCursor = `${esc}8`;

/**
 * Pictures that the terminal places itself. The lines that they need are printed first: if a picture scrolled the
 * screen, the saved position of the cursor would be wrong. There is one line more than needed, since the cells of the
 * terminal may be wider than assumed, and pictures then higher.
 */
function placed(
  tiles: readonly Tile[],
  { columns }: SheetLayout,
  height: number,
  chalk: ChalkInstance,
): string {
  const room = height + 1;
  const drawn = tiles.map(({ picture }, i) => {
    const move = i === 0 ? '' : `${esc}[${i * (columns + gap)}C`;
    const drawing = picture && 'sequence' in picture.drawing ? picture.drawing.sequence : noPicture(chalk);
    return `${saveCursor}${move}${drawing}${restoreCursor}`;
  });
  return `${'\n'.repeat(room)}${esc}[${room}A${drawn.join('')}${esc}[${room}B`;
}

function noPicture(chalk: ChalkInstance): string {
  return chalk.dim('(no picture)');
}

function captionsOf(tiles: readonly Tile[], { columns }: SheetLayout, chalk: ChalkInstance): string {
  const lines = Math.max(...tiles.map(({ caption }) => caption.length));
  return Array.from({ length: lines }, (_, line) => {
    const cells = tiles.map(({ caption }) => {
      const text = cutMiddle(escapeForTerminal(caption[line] ?? ''), columns);
      return padded(line === 0 ? chalk.bold(text) : text, columns);
    });
    return `${cells.join(' '.repeat(gap)).trimEnd()}\n`;
  }).join('');
}

function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - stringWidth(text)));
}
