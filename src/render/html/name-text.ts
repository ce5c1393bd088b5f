/** A film's or file's name in the text of a page. */
import { type Html, html, type Part } from './html.js';

/** The name, which may break over lines after the marks between its words, and turns no text around it. */
export function nameText(name: string): Html {
  const words = name.split(/(?<=[._\-/])(?=[^._\-/])/);
  return html`<bdi>${words.map((word, i): Part => (i === 0 ? word : html`<wbr>${word}`))}</bdi>`;
}
