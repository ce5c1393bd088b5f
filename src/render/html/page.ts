/**
 * What all pages have around their content. A page is one file; it needs no other files, and is not allowed to load
 * any.
 */
import { createHash } from 'node:crypto';
import type { NamedPicture } from '../../pictures/picture-folder.js';
import type { Refusal, Thumbnail } from '../../pictures/thumbnail.js';
import type { FramePlace, SkippedFilm } from '../../search/answer.js';
import { version } from '../../version.js';
import type { FilmLengths } from '../film-lines.js';
import { charactersOf, type Html, html, type Part, verbatim } from './html.js';

/** The pictures that a page shows: large ones for the query, small ones for the results. */
export interface PicturesShown {
  readonly large: readonly NamedPicture[];
  /** If there are too many for a page, the last are left out. */
  readonly small: readonly NamedPicture[];
  /** Films whose colours are drawn from their first frame to their last. */
  readonly along?: readonly string[];
}

/** Why a frame's picture is not shown. */
export type NoPicture = Refusal | 'missing' | 'left-out';

/** The page of an answer: the pictures that it needs, and the content that is made when they have been read. */
export interface AnswerPage {
  readonly shown: PicturesShown;
  content(context: PageContext): Page;
}

export interface PageContext {
  /** The picture of a frame that is among the page's `PicturesShown`, or why there is none. */
  pictureOf(frame: NamedPicture): Thumbnail | NoPicture;
  /** The usual ratio of width to height of the pictures; undefined if no picture was found. */
  readonly shape: number | undefined;
  /** The number of frames of each film, if the page needs them. */
  readonly lengths: FilmLengths;
  /** The shot of a frame of the answer, if shots are known. */
  shotOf(frame: FramePlace): number | undefined;
  /** The moment of a frame, if it is known. */
  timeOf(frame: FramePlace): FrameTime | undefined;
  /** The command line that asks about a frame of the answer. */
  commandFor(frame: FramePlace): string;
  /** The command line that was typed. */
  readonly command: string;
  /** Notes about pictures that are not shown. */
  readonly notes: readonly string[];
  /**
   * The average colours, `#rrggbb`, of consecutive parts of a film; an empty string for a part without a picture.
   * Undefined if no colour is known.
   */
  coloursOf(film: string): readonly string[] | undefined;
  readonly assets: PageAssets;
}

/** The style and the script of every page. The build makes them. */
export interface PageAssets {
  readonly style: string;
  readonly script: string;
}

/** The moment of a frame in its film. */
export interface FrameTime {
  /** `0:12:07.2`. */
  readonly moment: string;
  /** The address of the video at that moment; null if the video is not known. */
  readonly address: string | null;
}

export interface Page {
  /** For tabs and bookmarks. */
  readonly title: string;
  /** The title by default. */
  readonly heading?: Html;
  /** Short texts under the heading that say what was asked. */
  readonly facts: readonly string[];
  /** What a reader should know before relying on the page, such as films left out. */
  readonly notes: readonly string[];
  readonly body: Html;
}

/** Marks a page that giallo made: a file with this mark may be replaced. */
export const generatorMark = '<meta name="generator" content="giallo';

/**
 * The text of the whole page. Its content security policy forbids all requests. Of styles and scripts it allows only
 * the page's own two, by their SHA-256. It also forbids `base`, forms and frames.
 */
export function pageText(
  { title, heading = html`${title}`, facts, notes, body }: Page,
  context: PageContext,
): string {
  const { shape, command, assets } = context;
  const { script } = assets;
  const css = shape === undefined ? assets.style : `${assets.style} :root { --shape: ${shape.toFixed(3)}; }`;
  const policy = [
    "default-src 'none'",
    'img-src data:',
    `style-src '${digest(css)}'`,
    `script-src '${digest(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return charactersOf(html`${verbatim('<!doctype html>')}
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verbatim(policy.join('; '))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${verbatim(generatorMark)} ${version}">
<title>${title}</title>
<style>${verbatim(css)}</style>
</head>
<body${shape === undefined ? html` class="bare"` : ''}>
<header class="top">
<p class="brand">giallo</p>
<h1>${heading}</h1>
<p class="facts">${facts.map((fact) => html`<span>${fact}</span> `)}${copyButton(command)}</p>
${[...notes, ...context.notes].map((note) => html`<p class="notes">${note}</p>\n`)}</header>
<main>
${body}</main>
<footer class="foot">
<p>Made with <code>${command}</code>, giallo ${version}.</p>
<p class="with-keys">Arrow keys go from picture to picture, Enter enlarges one, Esc comes back.</p>
</footer>
<script>${verbatim(script)}</script>
</body>
</html>
`);
}

/**
 * A button that copies a command. Without a script it is not shown, so the page must have the command as text as well.
 */
export function copyButton(command: string, purpose: Part = ''): Html {
  return html`<span class="copy"><button type="button" disabled data-command="${command}">Copy command${purpose}</button> <span role="status"></span></span>`;
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** A note for each film that was left out. After ten, one note counts the rest. */
export function skippedNotes(skipped: readonly SkippedFilm[]): string[] {
  const listed = skipped.slice(0, 10).map(({ film, code }) => `Left out: ${film} (${code}).`);
  const more = skipped.length - listed.length;
  return more === 0 ? listed : [...listed, `Left out: ${more} more films.`];
}
