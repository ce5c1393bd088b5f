/** A report in every shape that a format may need; one small file a report makes its view. */
import type { LinedResult } from './film-lines.js';
import { fourDigits, type Tabular } from './tabular.js';

export interface View {
  /** What `--json` prints. */
  readonly report: object;
  /** What `--ndjson` prints, one a line. */
  readonly records: readonly object[];
  readonly table: Tabular;
  /** The tables on a terminal of so many columns, where they are others than a pipe gets. */
  readonly terminalTables?: (width: number) => readonly Tabular[];
  /** What `--names` prints; absent where the answer has no filenames. */
  readonly names?: { readonly rows: readonly NamedFrame[]; readonly isAcrossFilms: boolean };
  /** What `--pictures` draws. */
  readonly tiles?: () => readonly CaptionedFrame[];
  /** So many tiles belong together and stand in one row where it is wide enough; 1 by default. */
  readonly tilesTogether?: number;
  /** What `--timeline` draws: the results of each question with the frames asked about. */
  readonly answers?: readonly LinedAnswer[];
}

/** A frame, and what is written below its picture; the first line stands out. */
export interface CaptionedFrame {
  readonly film: string;
  readonly filename: string;
  readonly caption: readonly string[];
}

export interface LinedAnswer {
  readonly results: readonly LinedResult[];
  readonly asked: readonly { readonly film: string; readonly index: number }[];
}

export interface NamedFrame {
  readonly film: string;
  readonly filename: string;
  /** With `--paths`: printed in place of the name; null where there is none, and nothing is printed. */
  readonly picture?: string | null;
}

/** The film that a whole report is about, where there is one: its frames do not name it. */
export function filmOfReport({ report }: View): string | undefined {
  return 'film' in report && typeof report.film === 'string' ? report.film : undefined;
}

/** A frame with a first line, its film's name and its filename. */
export function captioned(
  { film, filename }: { readonly film: string; readonly filename: string },
  firstLine: string,
): CaptionedFrame {
  return { film, filename, caption: [firstLine, film, filename] };
}

/** `#3  0.9876  frame 44`. */
export function resultLine(result: {
  readonly rank: number;
  readonly index: number;
  readonly score: number;
}): string {
  return `#${result.rank}  ${fourDigits(result.score)}  frame ${result.index}`;
}

/** `frame 3`, `frames 3–7`. */
export function spanOf({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? `frame ${first}` : `frames ${first}–${last}`;
}
