/**
 * Templates of HTML that escape everything put into them, except the results of other templates. This is needed because
 * names of films and files can contain anything, also attacks.
 */
import { escapeForTerminal } from '../../escape.js';

/** Not exported, so that only this module can make HTML. */
const markup = Symbol('markup');

/** A piece of HTML. */
export interface Html {
  readonly [markup]: string;
}

/** What a template takes: HTML stays as it is, text and numbers are escaped, lists are joined. */
export type Part = Html | string | number | readonly Part[];

/**
 * A template of HTML. Put parts only into the text of elements and into attributes between quotes. Control and bidi
 * characters are escaped as on a terminal, so that no name can look like another or reverse the text around it.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { [markup]: strings.reduce((text, next, i) => text + partText(parts[i - 1]) + next) };
}

/**
 * A name as HTML. It may be broken after punctuation, and its direction of writing does not affect the text around it.
 */
export function nameText(name: string): Html {
  const words = name.split(/(?<=[._\-/])(?=[^._\-/])/);
  return html`<bdi>${words.map((word, i): Part => (i === 0 ? word : html`<wbr>${word}`))}</bdi>`;
}

/** Markup, style or script of giallo's own, not escaped. Never use it for text that was read or typed. */
export function verbatim(text: string): Html {
  return { [markup]: text };
}

/** The characters of a piece of HTML. */
export function charactersOf(piece: Html): string {
  return piece[markup];
}

function partText(part: Part): string {
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeText(part);
  return markup in part ? part[markup] : part.map(partText).join('');
}

function escapeText(text: string): string {
  return escapeForTerminal(text).replace(/[&<>"'`]/g, (character) => entities[character]);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};
