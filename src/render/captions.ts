/** What stands below pictures, in the terminal and on pages. */
import { fourDigits } from './tabular.js';
import type { CaptionedFrame } from './view.js';

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
