/**
 * Names come from files and may contain any characters. Printed on a terminal, they must not move the cursor, colour or
 * reverse text. In a command line that is printed to be pasted, they must not make the shell run anything.
 */
import type { GialloError } from './errors.js';

/** C0, DEL, C1, and the marks that reorder text (bidi), line and paragraph separators. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Whether a text contains characters that control a terminal. */
function hasUnsafe(text: string): boolean {
  return text.search(unsafe) >= 0;
}

/** The text with the characters that control a terminal written out, as `\x1b` or `\u202e`. */
export function escapeForTerminal(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`;
  });
}

/** JSON text with the same characters as `\u` escapes: still the same JSON. Newlines of its layout stay. */
export function escapeJsonForTerminal(json: string): string {
  return json.replace(unsafe, (character) =>
    character === '\n' ? character : `\\u${hex(character.charCodeAt(0), 4)}`,
  );
}

/** A cell of a tab-separated table: tab, newline and carriage return written out; backslashes stay as they are. */
export function escapeTabs(text: string): string {
  return text.replace(/[\t\n\r]/g, (character) => tabEscapes[character]);
}

const tabEscapes: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** A field of CSV (RFC 4180): in quotes if it needs them. */
export function csvField(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Whether `text` is how a pipe or a terminal shows the name: people type what was printed. */
export function isPrintedAs(name: string, text: string): boolean {
  return text.includes('\\') && (escapeTabs(name) === text || escapeForTerminal(name) === text);
}

/**
 * An error as it goes to stderr: `giallo: <message>` and, if there is one, a `hint:` line; with `--json` one object.
 */
export function errorLines({ code, message, hint }: GialloError, isJson: boolean): string {
  if (isJson) return `${escapeJsonForTerminal(JSON.stringify({ v: 1, error: { code, message, hint } }))}\n`;
  const hintLine = hint === undefined ? '' : `hint: ${escapeForTerminal(hint)}\n`;
  return `giallo: ${escapeForTerminal(message)}\n${hintLine}`;
}

/** The text on one line: line breaks, with the spaces around them, become one space. */
export function onOneLine(text: string): string {
  return text.trim().replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ');
}

/** Words of a command line that may be pasted into a POSIX shell: quoted where they need it, with spaces between. */
export function shellLine(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** A line that runs giallo; arguments that look like options come after `--`. */
export function commandLine(name: string, words: readonly string[], options: readonly string[]): string {
  const looksLikeOption = words.some((word) => /^-(?!\d+$)/.test(word));
  return shellLine([
    'giallo',
    name,
    ...(looksLikeOption ? [...options, '--', ...words] : [...words, ...options]),
  ]);
}

function shellWord(word: string): string {
  // zsh takes =word for the path of a program.
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) && !word.startsWith('=')) return word;
  // Pasted unescaped, these would control the terminal, or hide part of the command.
  if (!hasUnsafe(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  // As bytes, since the meaning of `\u` depends on the shell's locale.
  const escaped = [...word].map((character) => {
    if (character === "'" || character === '\\') return `\\${character}`;
    if (!hasUnsafe(character)) return character;
    return [...new TextEncoder().encode(character)].map((byte) => `\\x${hex(byte, 2)}`).join('');
  });
  return `$'${escaped.join('')}'`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
