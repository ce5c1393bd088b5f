import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatTranscript, matches, parseTranscript, shownLines } from './transcript.js';

const text = `// About this.

[cd sub/folder tty 40 NO_COLOR=1 A=b=c]$ giallo one
< a\\tb
<
out

// not a comment: no case follows
more
! err
[exit 2]

// Between.
$ giallo two

[A=]$ giallo three
\\
// The end.
`;

test('a transcript consists of cases and the lines between them', () => {
  const { cases, after } = parseTranscript(text);
  assert.deepEqual(
    cases.map(({ command, setting, input, expected }) => ({ command, ...setting, input, expected })),
    [
      {
        command: 'giallo one',
        folder: 'sub/folder',
        columns: 40,
        env: { NO_COLOR: '1', A: 'b=c' },
        input: ['a\\tb', ''],
        expected: ['out', '', '// not a comment: no case follows', 'more', '! err', '[exit 2]'],
      },
      { command: 'giallo two', folder: '.', columns: undefined, env: {}, input: [], expected: [] },
      {
        command: 'giallo three',
        folder: '.',
        columns: undefined,
        env: { A: '' },
        input: [],
        expected: ['\\'],
      },
    ],
  );
  assert.deepEqual(cases[1]?.before, ['', '// Between.']);
  assert.deepEqual(after, ['// The end.']);
});

test('a transcript is written back unchanged', () => {
  const folder = new URL('.', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.txt'));
  const texts = [text, ...files.map((file) => readFileSync(new URL(file, folder), 'utf8'))];
  assert.ok(texts.length > 5);
  for (const each of texts) {
    const transcript = parseTranscript(each);
    const expected = transcript.cases.map((one) => one.expected);
    assert.equal(formatTranscript(transcript, expected), each);
  }
});

test('text that is not a transcript is refused', () => {
  for (const wrong of ['out of place\n', '[ttyy 40]$ giallo\n', '[tty]$ giallo\n', '[tty 40 80]$ giallo\n']) {
    assert.throws(() => parseTranscript(wrong), wrong);
  }
});

test('lines are escaped so that they are read back unchanged', () => {
  const output = '\u001b[1m\0\r\u009b\u202e\tx\n\\y\n! z\n[exit 1]\n$ q\n[a]$ q\n< i\n// c\n\nend\n\n';
  const lines = shownLines(output, '');
  assert.deepEqual(lines, [
    '\\e[1m\\0\\r<U+009B><U+202E>\tx',
    '\\\\y',
    '\\! z',
    '\\[exit 1]',
    '\\$ q',
    '\\[a]$ q',
    '\\< i',
    '\\// c',
    '',
    'end',
    '\\',
  ]);
  const { cases } = parseTranscript(`$ giallo\n${lines.join('\n')}\n`);
  assert.deepEqual(cases[0]?.expected, lines);
  assert.deepEqual(shownLines('no newline', '! '), ['! no newline\\c']);
  assert.deepEqual(shownLines('', ''), []);
});

test('lines are compared one by one, except at gaps', () => {
  assert.ok(matches(['a', 'b'], ['a', 'b']));
  assert.ok(matches([], []));
  for (const [actual, expected] of [
    [['a'], ['b']],
    [['a'], []],
    [[], ['a']],
    [
      ['a', 'b'],
      ['b', 'a'],
    ],
    [['a', 'b'], ['a']],
    [
      ['a', 'c'],
      ['a', '...', 'b'],
    ],
    [['b'], ['a', '...']],
    [
      ['b', 'a'],
      ['...', 'b'],
    ],
  ] as const) {
    assert.ok(!matches(actual, expected), `${actual} is not ${expected}`);
  }
  assert.ok(matches(['a', 'x', 'y', 'b'], ['a', '...', 'b']));
  assert.ok(matches(['a', 'b'], ['a', '...', 'b']));
  assert.ok(matches(['b', 'x', 'b'], ['...', 'b']));
  assert.ok(matches(['a', 'x', 'b', 'y', 'c'], ['a', '...', 'b', '...', 'c']));
});
