/**
 * Transcripts as text: cases of a command line and what it prints.
 *
 * ```
 * // What follows is about ...
 * [cd films tty 40 NO_COLOR=1]$ giallo similar --queries - -k 1
 * < Sintel\t40
 * a line of stdout
 * ! a line of stderr
 * [exit 2]
 * ```
 */
export interface Case {
  /** Comments and blank lines before it. */
  readonly before: readonly string[];
  /** The line as it is written, `[...]$ giallo ...`. */
  readonly line: string;
  /** The settings in the brackets. */
  readonly setting: Setting;
  readonly command: string;
  /** Lines for stdin, without `< `. */
  readonly input: readonly string[];
  readonly expected: readonly string[];
}

export interface Setting {
  /** The working folder, relative to the folder of the transcripts. */
  readonly folder: string;
  /** Width of the terminal; undefined for a pipe. */
  readonly columns: number | undefined;
  readonly env: Readonly<Record<string, string>>;
}

export interface Transcript {
  readonly cases: readonly Case[];
  /** Comments and blank lines after the last case. */
  readonly after: readonly string[];
}

const caseLine = /^(?:\[([^\]]*)\])?\$ (.*)$/;

export function parseTranscript(text: string): Transcript {
  const cases: Case[] = [];
  let between: string[] = [];
  let lines: { readonly expected: string[]; readonly input: string[] } | undefined;
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const [isCase, setting = '', command = ''] = caseLine.exec(line) ?? [];
    if (isCase !== undefined) {
      lines = { expected: [], input: [] };
      cases.push({ before: between, line, setting: parseSetting(setting), command, ...lines });
      between = [];
    } else if (line === '' || line.startsWith('// ')) between.push(line);
    else if (!lines) throw new Error(`a transcript begins with a comment or a case, not with: ${line}`);
    else if (/^<( |$)/.test(line)) lines.input.push(line.slice(2));
    else {
      lines.expected.push(...between, line);
      between = [];
    }
  }
  return { cases, after: between };
}

function parseSetting(words: string): Setting {
  const found = /^(?:cd (?<folder>\S+) ?)?(?:tty (?<columns>\d+) ?)?(?<assignments>(?:\S+=\S* ?)*)$/.exec(
    words,
  );
  if (!found?.groups) throw new Error(`not understood: [${words}]`);
  const { folder = '.', columns, assignments = '' } = found.groups;
  const env = Object.fromEntries(
    [...assignments.matchAll(/(\S+?)=(\S*)/g)].map(([, name, value]) => [name, value]),
  );
  return { folder, columns: columns === undefined ? undefined : Number(columns), env };
}

/** The text of the transcript with other expected lines: one list for each case. */
export function formatTranscript(
  { cases, after }: Transcript,
  expected: readonly (readonly string[])[],
): string {
  const lines = cases.flatMap(({ before, line, input }, i) => [
    ...before,
    line,
    ...input.map((text) => `< ${text}`.trimEnd()),
    ...(expected[i] ?? []),
  ]);
  return `${[...lines, ...after].join('\n')}\n`;
}

/** The lines of one case as a transcript shows them; `mark` is put before each. */
export function shownLines(text: string, mark: '' | '! '): string[] {
  if (text === '') return [];
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  else lines.push(`${lines.pop()}\\c`);
  const end = lines.findLastIndex((line) => line !== '');
  return lines.map((line, i) => {
    const isGuarded = mark === '' && (looksLikeMarkup.test(line) || i > end);
    return mark + (isGuarded ? '\\' : '') + visible(line);
  });
}

const looksLikeMarkup = /^(\\|! |<( |$)|\/\/ |\[exit |(\[[^\]]*\])?\$ )/;

/** Escapes control characters and bidi marks, so that a transcript shows them and no editor obeys them. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const unseen = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
  const short: Readonly<Record<string, string>> = { '\u001b': '\\e', '\0': '\\0', '\r': '\\r' };
  return text.replace(unseen, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return short[character] ?? `<U+${code}>`;
  });
}

/** Whether lines are as expected; an expected line `...` stands for any number of lines. */
export function matches(actual: readonly string[], expected: readonly string[]): boolean {
  const gap = expected.indexOf('...');
  if (gap < 0) return actual.length === expected.length && actual.every((line, i) => line === expected[i]);
  if (!matches(actual.slice(0, gap), expected.slice(0, gap))) return false;
  const rest = expected.slice(gap + 1);
  for (let from = gap; from <= actual.length; from++) if (matches(actual.slice(from), rest)) return true;
  return false;
}
