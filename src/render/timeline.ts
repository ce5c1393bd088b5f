/** `--timeline`: a line for each film, from its first frame to its last, with bars where there are hits. */
import type { ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import { escapeForTerminal } from '../escape.js';
import type { FilmLine } from './film-lines.js';
import { counted, fourDigits } from './tabular.js';
import { cutMiddle } from './terminal-table.js';

interface TimelineStyle {
  /** Columns of the terminal; undefined if there is none: then names are not cut. */
  readonly width: number | undefined;
  readonly chalk: ChalkInstance;
}

/**
 * The lines: name, band, number of hits and best score. A column of the band stands for the frames that fall into it:
 * the height of its bar is the strength of its strongest hit, `◆` marks a frame that was asked about.
 */
export function timeline(lines: readonly FilmLine[], { width, chalk }: TimelineStyle): string {
  const names = lines.map(({ film }) => escapeForTerminal(film));
  const widestName = Math.max(0, ...names.map((name) => stringWidth(name)));
  const leastName = Math.min(widestName, narrowestName);
  const sums = sumsIn(lines, width, leastName + narrowestBand);
  const sumWidth = Math.max(0, ...sums.map((sum) => sum.length));
  const room = width === undefined ? widestName + wishedBand : Math.max(2, width - sumWidth - gaps(sumWidth));
  const wishedName =
    room < leastName + narrowestBand ? room >> 1 : Math.max(narrowestName, room - wishedBand);
  const nameWidth = Math.min(widestName, wishedName);
  const bandWidth = room - nameWidth;
  return lines
    .map((line, i) => {
      const name = cutMiddle(names[i], nameWidth);
      const padding = ' '.repeat(nameWidth - stringWidth(name));
      return `${name}${padding}  ${band(line, bandWidth, chalk)}${sumWidth > 0 ? `  ${sums[i].padStart(sumWidth)}` : ''}\n`;
    })
    .join('');
}

/** Columns between name, band and sum. */
function gaps(sumWidth: number): number {
  return sumWidth > 0 ? 4 : 2;
}

/** The texts after the bands, as long as the width allows: in words, in numbers alone, or empty. */
function sumsIn(lines: readonly FilmLine[], width: number | undefined, leastRoom: number): string[] {
  const forms: ((hits: FilmLine['hits']) => string)[] = [
    (hits) => `${counted(hits.length, 'hit')}, best ${fourDigits(hits[0].score)}`,
    (hits) => `${hits.length}  ${fourDigits(hits[0].score)}`,
  ];
  for (const form of forms) {
    const sums = lines.map(({ hits }) => form(hits));
    const sumWidth = Math.max(0, ...sums.map((sum) => sum.length));
    if (width === undefined || width - sumWidth - gaps(sumWidth) >= leastRoom) return sums;
  }
  return lines.map(() => '');
}

const wishedBand = 40;
const narrowestName = 8;
const narrowestBand = 10;
const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

function band({ frames, hits, asked }: FilmLine, width: number, chalk: ChalkInstance): string {
  const columnOf = (index: number) => Math.min(width - 1, Math.floor((index / frames) * width));
  const strengths = new Map<number, number>();
  for (const { index, strength } of hits) {
    const column = columnOf(index);
    strengths.set(column, Math.max(strength, strengths.get(column) ?? 0));
  }
  const askedColumns = new Set(asked.map(columnOf));
  return Array.from({ length: width }, (_, column) => {
    const strength = strengths.get(column);
    if (askedColumns.has(column)) return chalk.cyan('◆');
    if (strength === undefined) return chalk.dim('·');
    return chalk.yellow(bars[Math.round(strength * (bars.length - 1))]);
  }).join('');
}
