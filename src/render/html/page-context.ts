/** What a page is told beside its report: pictures, and the words of the command line that its answers lead to. */
import type { NamedPicture } from '../../pictures/picture-folder.js';
import type { Refusal, Thumbnail } from '../../pictures/thumbnail.js';
import type { FilmLengths } from '../film-lines.js';

/** The pictures that a page shows: large ones for what was asked about, small ones for the answer. */
export interface PicturesShown {
  readonly large: readonly NamedPicture[];
  /** The first are the last to be left out where there are too many for a page. */
  readonly small: readonly NamedPicture[];
}

/** Why a frame's picture is not shown. */
export type NoPicture = Refusal | 'missing' | 'left-out';

/** The page of an answer, and the pictures that its text has to be given. */
export interface AnswerPage {
  readonly shown: PicturesShown;
  text(context: PageContext): string;
}

export interface PageContext {
  /** The picture of a frame that is among the page's `PicturesShown`, or why there is none. */
  pictureOf(frame: NamedPicture): Thumbnail | NoPicture;
  /** The usual width of the pictures by their height. */
  readonly shape: number;
  /** Frames of each film, where a page asks for them. */
  readonly lengths: FilmLengths;
  /** The shot that a frame of the answer is in, where shots are known. */
  shotOf(frame: { readonly film: string; readonly index: number }): number | undefined;
  /** The command line that asks about a frame of the answer. */
  commandFor(frame: { readonly film: string; readonly index: number }): string;
  /** The command line that was typed. */
  readonly command: string;
  /** What is to be said of pictures that are not shown. */
  readonly notes: readonly string[];
}
