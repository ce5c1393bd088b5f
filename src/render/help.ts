/** Help as text, fitted to any width. */

export interface HelpPage {
  /** `giallo films [options]`. */
  readonly usage: string;
  readonly description: string;
  readonly sections: readonly HelpSection[];
  readonly examples: readonly (readonly [line: string, does: string])[];
  readonly closing: string;
}

export interface HelpSection {
  readonly title: string;
  readonly items: readonly { readonly term: string; readonly text: string }[];
}

/** The fewest columns for a text beside its term; with fewer, the text goes below the term. */
const legible = 24;

/** The page, in lines no wider than `width` unless a single word is. */
export function helpText(
  { usage, description, sections, examples, closing }: HelpPage,
  width: number,
): string {
  const terms = sections.flatMap(({ items }) => items.map(({ term }) => term.length));
  const column = Math.max(...terms) + 4;
  const parts = [
    wrapped(`Usage: ${usage}`, width, 2),
    wrapped(description, width),
    ...sections.map(({ title, items }) => [
      ...wrapped(`${title}:`, width),
      ...items.flatMap(({ term, text }) => item(term, text, column, width)),
    ]),
    exampleLines(examples, width),
    wrapped(closing, width),
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => `${lines.join('\n')}\n`)
    .join('\n');
}

/** A term with its text beside it, or below it if there is too little room. */
function item(term: string, text: string, column: number, width: number): string[] {
  const longest = Math.max(...text.split(' ').map((word) => word.length));
  if (width - column < Math.max(legible, longest))
    return [...wrapped(`  ${term}`, width, 4), ...wrapped(`      ${text}`, width, 6)];
  const [first = '', ...rest] = wrapped(text, width - column);
  return [`  ${term}`.padEnd(column) + first, ...rest.map((line) => ' '.repeat(column) + line)];
}

function exampleLines(examples: HelpPage['examples'], width: number): string[] {
  const longest = Math.max(0, ...examples.map(([line]) => line.length));
  const isBeside = examples.every(([, does]) => 2 + longest + 2 + does.length <= Math.min(width, 80));
  const lines = examples.flatMap(([line, does]) =>
    isBeside
      ? [`  ${line.padEnd(longest)}  ${does}`]
      : [...continued(line, width), ...wrapped(`      ${does}`, width, 6)],
  );
  return lines.length === 0 ? [] : ['Examples:', ...lines];
}

/** A command in several lines, which end with `\` so that a shell reads them as one. */
function continued(line: string, width: number): string[] {
  // Quoted words stay whole.
  const words = line.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? [];
  const lines = wrappedWords(words, {
    width: line.length + 2 <= width ? width : width - 2,
    first: 2,
    indent: 4,
  });
  return lines.map((one, i) => (i < lines.length - 1 ? `${one} \\` : one));
}

/** The text in lines of at most `width`, broken at spaces; the first keeps its indent, the others have `indent`. */
export function wrapped(text: string, width: number, indent = 0): string[] {
  const first = /^ */.exec(text)?.[0].length ?? 0;
  return wrappedWords(
    text.split(' ').filter((word) => word !== ''),
    { width, first, indent },
  );
}

interface Wrapping {
  readonly width: number;
  /** Indents of the first line and of the others. */
  readonly first: number;
  readonly indent: number;
}

function wrappedWords(words: readonly string[], { width, first, indent }: Wrapping): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(' '.repeat(last === undefined ? first : indent) + word);
  }
  return lines;
}
