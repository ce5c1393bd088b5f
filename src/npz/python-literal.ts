/**
 * Reads the one Python expression that stands in an `.npy` header: a literal of dicts, tuples, lists, strings,
 * integers, True, False and None, as Python 2 and 3 write them. A real tokenizer, since key order, spacing, quotes and
 * trailing commas are free.
 */

/** Dicts are Maps (their keys come from files), tuples and lists are arrays. */
export type PythonLiteral =
  | string
  | number
  | boolean
  | null
  | readonly PythonLiteral[]
  | ReadonlyMap<string, PythonLiteral>;

/** The value of a literal; throws an Error that says what was expected and at which character. */
export function parsePythonLiteral(text: string): PythonLiteral {
  const tokens = tokenize(text);
  const reader = { tokens, at: 0 };
  const value = readValue(reader, 0);
  if (reader.at < tokens.length) throw unexpected(reader, 'the end');
  return value;
}

interface Token {
  readonly kind: 'string' | 'number' | 'word' | 'mark';
  readonly text: string;
  readonly at: number;
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

/** String (Python 2 wrote `u'x'`), integer (Python 2 wrote `5L`), word, mark: in this order of groups. */
const tokenPattern =
  /\s*(?:u?'((?:[^'\\\n]|\\.)*)'|u?"((?:[^"\\\n]|\\.)*)"|(-?\d+)L?(?!\w)|([A-Za-z]+)|([{}()[\],:]))/y;
const maxDepth = 16;

function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const length = text.trimEnd().length;
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < length) {
    const at = tokenPattern.lastIndex;
    const match = tokenPattern.exec(text);
    if (match === null) throw new Error(`not a Python literal at character ${at}`);
    const [, single, double, number, word, mark] = match;
    const quoted = single ?? double;
    if (quoted !== undefined) tokens.push({ kind: 'string', text: withoutEscapes(quoted), at });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number, at });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word, at });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark, at });
  }
  return tokens;
}

/** What Python's repr writes with a backslash. */
function withoutEscapes(quoted: string): string {
  return quoted.replace(
    /\\(?:x([\da-f]{2})|u([\da-f]{4})|U([\da-f]{8})|(.))/g,
    (_, byte, unit, point, letter: string) =>
      letter === undefined
        ? String.fromCodePoint(Number.parseInt(byte ?? unit ?? point, 16))
        : (spaces.get(letter) ?? letter),
  );
}

const spaces: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

function readValue(reader: Reader, depth: number): PythonLiteral {
  if (depth > maxDepth) throw new Error('it is nested too deeply');
  const token = reader.tokens[reader.at];
  if (token === undefined) throw unexpected(reader, 'a value');
  reader.at++;
  if (token.kind === 'string') return token.text;
  if (token.kind === 'number') return Number(token.text);
  if (token.kind === 'word' && words.has(token.text)) return words.get(token.text) ?? null;
  if (token.text === '{') return readDict(reader, depth);
  if (token.text === '[') return readItems(reader, ']', depth).items;
  if (token.text === '(') {
    const { items, hasComma } = readItems(reader, ')', depth);
    const [only] = items;
    return items.length === 1 && !hasComma && only !== undefined ? only : items;
  }
  reader.at--;
  throw unexpected(reader, 'a value');
}

const words: ReadonlyMap<string, PythonLiteral> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
]);

function readDict(reader: Reader, depth: number): ReadonlyMap<string, PythonLiteral> {
  const dict = new Map<string, PythonLiteral>();
  while (!takeMark(reader, '}')) {
    const key = readValue(reader, depth + 1);
    if (typeof key !== 'string' || dict.has(key))
      throw new Error('its keys are not all strings, or one appears twice');
    if (!takeMark(reader, ':')) throw unexpected(reader, '":"');
    dict.set(key, readValue(reader, depth + 1));
    if (!takeMark(reader, ',') && !isNextMark(reader, '}')) throw unexpected(reader, '"," or "}"');
  }
  return dict;
}

function readItems(reader: Reader, closing: string, depth: number) {
  const items: PythonLiteral[] = [];
  let hasComma = false;
  while (!takeMark(reader, closing)) {
    items.push(readValue(reader, depth + 1));
    hasComma = takeMark(reader, ',');
    if (!hasComma && !isNextMark(reader, closing)) throw unexpected(reader, `"," or "${closing}"`);
  }
  return { items, hasComma };
}

function isNextMark(reader: Reader, mark: string): boolean {
  const token = reader.tokens[reader.at];
  return token?.kind === 'mark' && token.text === mark;
}

function takeMark(reader: Reader, mark: string): boolean {
  const isThere = isNextMark(reader, mark);
  if (isThere) reader.at++;
  return isThere;
}

function unexpected(reader: Reader, expected: string): Error {
  const token = reader.tokens[reader.at];
  const found = token === undefined ? 'the end' : `${token.text} at character ${token.at}`;
  return new Error(`expected ${expected}, found ${found}`);
}
