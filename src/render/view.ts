/** A report in every shape that a format may need. The file of each command makes the view of its report. */
import type { NamedPicture } from '../pictures/picture-folder.js';
import type { FramePlace, Result, Searched, SkippedFilm } from '../search/answer.js';
import type { LinedResult } from './film-lines.js';
import { counted, fourDigits, type Tabular } from './tabular.js';

export interface View {
  /** What `--json` prints; it names the films that were left out, if any can be. */
  readonly report: object & { readonly skipped?: readonly SkippedFilm[] };
  /** What `--ndjson` prints, each on a line. */
  readonly records: readonly object[];
  readonly table: Tabular;
  /** The tables on a terminal of this width, if they are not simply `table`. */
  readonly terminalTables?: (width: number) => readonly Tabular[];
  /** What `--names` prints; absent if the answer has no filenames. */
  readonly names?: { readonly rows: readonly NamedFrame[]; readonly isAcrossFilms: boolean };
  /** What `--pictures` draws. */
  readonly tiles?: () => readonly CaptionedFrame[];
  /** How many consecutive tiles belong together, and stand in one row if it is wide enough; 1 by default. */
  readonly tilesTogether?: number;
  /** What `--timeline` draws: the results of each question with the frames asked about. */
  readonly answers?: readonly LinedAnswer[];
}

/** A frame, and what is written below its picture; the first line stands out. */
interface CaptionedFrame extends NamedPicture {
  readonly caption: readonly string[];
}

interface LinedAnswer {
  /** The question, if there are several. */
  readonly title?: string;
  readonly results: readonly LinedResult[];
  readonly asked: readonly FramePlace[];
}

interface NamedFrame extends NamedPicture {
  /**
   * With `--paths`: the path of the picture, printed in place of the name; null if there is none: nothing is printed.
   */
  readonly picture?: string | null;
}

/** The film of a report about one film, whose frames do not name it; undefined for other reports. */
export function filmOfReport({ report }: View): string | undefined {
  return 'film' in report && typeof report.film === 'string' ? report.film : undefined;
}

/** A frame with a first line, its film's name and its filename. */
export function captioned({ film, filename }: NamedPicture, firstLine: string): CaptionedFrame {
  return { film, filename, caption: [firstLine, film, filename] };
}

/** `#3  0.9876  frame 44`. */
export function resultLine(result: Pick<Result, 'rank' | 'index' | 'score'>): string {
  return `#${result.rank}  ${fourDigits(result.score)}  frame ${result.index}`;
}

/** `among 262 frames of 3 films`. */
export function amongFrames(searched: Searched): string {
  return `among ${counted(searched.frames, 'frame')} of ${counted(searched.films, 'film')}`;
}

/** `frame 3`, `frames 3–7`. */
export function spanOf({ first, last }: { readonly first: number; readonly last: number }): string {
  return first === last ? `frame ${first}` : `frames ${first}–${last}`;
}
