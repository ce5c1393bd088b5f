/** Names come from files and may hold anything; on a terminal they must not move the cursor, colour or reverse text. */

/** C0, DEL, C1, and the marks that reorder text (bidi), line and paragraph separators. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Whether a text holds anything that a terminal would obey. */
export function hasUnsafe(text: string): boolean {
  return text.search(unsafe) >= 0;
}

/** The text with everything that a terminal would obey written out, as `\x1b` or `\u202e`. */
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

/** A cell of a tab-separated table: tab, newline, carriage return and backslash written out. */
export function escapeTabs(text: string): string {
  return text.replace(/[\\\t\n\r]/g, (character) => tabEscapes[character]);
}

const tabEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
