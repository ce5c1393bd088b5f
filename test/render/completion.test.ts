import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionLines } from '../../src/render/completion.js';

const hostile = `My "Film's" $(x)`;
const word = (value: string) => ({ value, description: 'what  it\nis' });

test('zsh and fish get unquoted values, each with its description on one line', () => {
  const insertion = { openQuote: '', kept: 0 } as const;
  for (const shell of ['zsh', 'fish'] as const) {
    const lines = completionLines({ kind: 'words', words: [word(hostile)] }, { shell, ...insertion });
    assert.equal(lines, `words\n${hostile}\twhat it is\n`);
  }
});

test('bash gets values quoted to match an open quote', () => {
  const inBash = (openQuote: '' | '"' | "'") =>
    completionLines({ kind: 'words', words: [word(hostile)] }, { shell: 'bash', openQuote, kept: 0 })
      .split('\n')[1]
      .split('\t')[0];
  assert.equal(inBash(''), `My\\ \\"Film\\'s\\"\\ \\$\\(x\\)`);
  assert.equal(inBash('"'), `My \\"Film's\\" \\$(x)`);
  assert.equal(inBash("'"), `My "Film'\\''s" $(x)`);
});

test('bash keeps the part before a colon', () => {
  const lines = completionLines(
    { kind: 'words', words: [word('A:B')] },
    { shell: 'bash', openQuote: '', kept: 2 },
  );
  assert.equal(lines.split('\n')[1], 'B\twhat it is');
});

test('the first line says which kind of completions follow', () => {
  const insertion = { shell: 'fish', openQuote: '', kept: 0 } as const;
  assert.equal(completionLines({ kind: 'files' }, insertion), 'files\n');
  assert.equal(completionLines({ kind: 'folders' }, insertion), 'folders\n');
  assert.equal(completionLines({ kind: 'words', words: [], isOpen: true }, insertion), 'open\n');
});

test('names that cannot be typed are left out', () => {
  const words = ['a\nb', 'a\tb', 'a\u001b[31m', 'a\u2028'].map(word);
  assert.equal(
    completionLines({ kind: 'words', words }, { shell: 'zsh', openQuote: '', kept: 0 }),
    'words\n',
  );
});
