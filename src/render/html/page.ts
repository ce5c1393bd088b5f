/** The frame of every page: one file that needs nothing else, and may load nothing else. */
import { createHash } from 'node:crypto';
import { version } from '../../version.js';
import { charactersOf, type Html, html, type Part, verbatim } from './html.js';
import type { PageContext } from './page-context.js';
import { script } from './script.js';
import { style } from './style.js';

export interface Page {
  /** For tabs and bookmarks. */
  readonly title: string;
  readonly heading: Part;
  /** Short lines under the heading: what was asked of what. */
  readonly facts: readonly string[];
  /** What a reader should know before relying on the page, such as films left out. */
  readonly notes: readonly string[];
  /** CSS of this kind of page; our own text alone. */
  readonly style: string;
  readonly body: Html;
}

/** How a page says that giallo made it: what may be written over is found by it. */
export const generatorMark = '<meta name="generator" content="giallo';

/**
 * The whole page. Its policy forbids every request and every style and script but the two in it, which it names by
 * their SHA-256; `base`, forms and frames are off as well.
 */
export function pageText(
  { title, heading, facts, notes, style: own, body }: Page,
  context: PageContext,
): string {
  const { shape, command } = context;
  const shapeRule = shape === undefined ? '' : `:root { --shape: ${shape.toFixed(3)}; }\n`;
  const css = `${style}${shapeRule}${own}`;
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
<p class="facts">${facts.map((fact) => html`<span>${fact}</span> `)}</p>
${[...notes, ...context.notes].map((note) => html`<p class="notes">${note}</p>\n`)}</header>
<main>
${body}</main>
<footer class="foot">
<p>Made with <code>${command}</code>, giallo ${version}.</p>
<p class="with-js">A click on a picture, or Enter, copies the command that asks about it. Arrow keys go from picture to picture.</p>
</footer>
<p class="said" role="status" aria-live="polite"></p>
<script>${verbatim(script)}</script>
</body>
</html>
`);
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
