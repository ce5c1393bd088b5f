import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { GialloError } from '../src/errors.js';
import {
  errorLines,
  escapeForTerminal,
  escapeJsonForTerminal,
  escapeTabs,
  shellLine,
} from '../src/escape.js';

/** Every C0, DEL, C1 and bidi mark, and the two separators that break lines. */
const unsafe = [
  ...range(0x00, 0x1f),
  ...range(0x7f, 0x9f),
  0x061c,
  0x200e,
  0x200f,
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x2069),
].map((code) => String.fromCharCode(code));

const anything = fc.string({
  unit: fc.oneof(fc.constantFrom(...unsafe, '\\', '"', '😀'), fc.string({ maxLength: 1 })),
});

describe('on a terminal', () => {
  test('no text keeps characters that a terminal obeys', () => {
    assert.equal(unsafe.length, 32 + 33 + 3 + 7 + 4);
    for (const character of unsafe)
      assert.match(escapeForTerminal(character), /^\\x[0-9a-f]{2}$|^\\u[0-9a-f]{4}$/);
    fc.assert(
      fc.property(anything, (text) => {
        const escaped = escapeForTerminal(text);
        assert.ok(!unsafe.some((character) => escaped.includes(character)));
      }),
    );
  });

  test('all other characters are unchanged', () => {
    for (const text of [
      '',
      'plain.jpg',
      'Città 東京 😀 עברית e\u0301 \u00a0',
      '\\x1b',
      '\u200d\u2065\u206a\u2027\u202f',
    ]) {
      assert.equal(escapeForTerminal(text), text);
    }
    assert.equal(escapeForTerminal('\u001b[31m\n\u202e\u009b'), '\\x1b[31m\\x0a\\u202e\\x9b');
  });

  test('JSON means the same after escaping, indented or not', () => {
    fc.assert(
      fc.property(fc.dictionary(anything, fc.array(anything)), (value) => {
        for (const space of [undefined, 2]) {
          const escaped = escapeJsonForTerminal(JSON.stringify(value, null, space));
          assert.deepEqual(JSON.parse(escaped), JSON.parse(JSON.stringify(value)));
          assert.ok(!unsafe.some((character) => character !== '\n' && escaped.includes(character)));
        }
      }),
    );
  });
});

describe('a cell of a tab-separated table', () => {
  test('is on one line, and can be read back if it has no backslash', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const escaped = escapeTabs(text);
        assert.doesNotMatch(escaped, /[\t\n\r]/);
        if (!text.includes('\\')) assert.equal(unescapeTabs(escaped), text);
      }),
    );
  });

  test('keeps its backslashes, so that a name can be typed as printed', () => {
    assert.equal(escapeTabs('a\tb\nc\rd\\t'), 'a\\tb\\nc\\rd\\t');
    assert.equal(escapeTabs('C:\\frames\\new.jpg'), 'C:\\frames\\new.jpg');
  });
});

function unescapeTabs(text: string): string {
  const meaning: Record<string, string> = { t: '\t', n: '\n', r: '\r', '\\': '\\' };
  return text.replace(/\\(.)/gs, (_, letter: string) => meaning[letter] as string);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

const plain = new GialloError('film-unknown', 'Sintle: no such film');
const hinted = new GialloError('film-unknown', 'Sintle: no such film', { hint: 'did you mean Sintel?' });
const hostile = new GialloError('film-unknown', 'a\u001b[31m\n\u202e: no', { hint: 'b\n\u009b' });

test('an error is one line, and its hint another', () => {
  assert.equal(errorLines(plain, false), 'giallo: Sintle: no such film\n');
  assert.equal(errorLines(hinted, false), 'giallo: Sintle: no such film\nhint: did you mean Sintel?\n');
});

test('with --json an error is one object, with its hint if it has one', () => {
  assert.equal(
    errorLines(plain, true),
    '{"v":1,"error":{"code":"film-unknown","message":"Sintle: no such film"}}\n',
  );
  assert.deepEqual(JSON.parse(errorLines(hinted, true)), {
    v: 1,
    error: { code: 'film-unknown', message: 'Sintle: no such film', hint: 'did you mean Sintel?' },
  });
});

test('names in an error are escaped, and unchanged after parsing JSON', () => {
  assert.equal(errorLines(hostile, false), 'giallo: a\\x1b[31m\\x0a\\u202e: no\nhint: b\\x0a\\x9b\n');
  const json = errorLines(hostile, true);
  assert.match(json, /^[ -~]+\n$/);
  assert.equal(JSON.parse(json).error.message, hostile.message);
});

describe('a quoted word is the same word after a shell has read it', () => {
  const words = [
    'Sintel.Trailer.2010.mp4',
    '',
    'two words',
    "it's",
    '$(touch pwned) `touch pwned` $HOME',
    'a"b\\c!d#e*f?g~',
    'new\nline',
    'escape \u001b[31m and \u0007',
    "both ' and \\ and \u202e",
    'ünï 😀',
    '-film',
    '=film',
  ];
  for (const word of words) {
    test(JSON.stringify(word), () => {
      const printed = execFileSync('bash', ['--norc', '-c', `printf %s ${shellLine([word])}`], {
        encoding: 'utf8',
        env: { LC_ALL: 'C.UTF-8' },
      });
      assert.equal(printed, word);
    });
  }
});

test('plain words are not quoted', () => {
  assert.equal(
    shellLine(['giallo', 'similar', 'Krank.Red.Sea', '4', '--all']),
    'giallo similar Krank.Red.Sea 4 --all',
  );
});

test('a word that zsh would expand is quoted', () => assert.equal(shellLine(['=ls', 'a=b']), "'=ls' a=b"));

test('a line to be pasted has no invisible characters', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  assert.doesNotMatch(shellLine(['a\u0000\u001b\n\u202e\u2066b']), /[\u0000-\u001f\u202e\u2066]/);
});
