import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lineOf } from '../../src/commands/complete-line.js';

describe('a bash line', () => {
  const lines: readonly (readonly [line: string, words: string[], rest?: object])[] = [
    ['giallo ', ['']],
    ['giallo sim', ['sim']],
    ['giallo  similar\tOpera ', ['similar', 'Opera', '']],
    ['giallo similar My\\ Fi', ['similar', 'My Fi']],
    ['giallo similar "My Fi', ['similar', 'My Fi'], { openQuote: '"' }],
    ["giallo similar 'It", ['similar', 'It'], { openQuote: "'" }],
    ['giallo similar "a\\"\\$\\x" b', ['similar', 'a"$\\x', 'b']],
    ["giallo similar 'a\\b'c", ['similar', 'a\\bc']],
    ['giallo similar $(touch pwned)', ['similar', '$(touch', 'pwned)']],
    ['giallo similar A:B', ['similar', 'A:B'], { kept: 2 }],
    ['giallo similar --metric=eu', ['similar', '--metric=eu'], { kept: 9 }],
    ['giallo similar "A:B', ['similar', 'A:B'], { openQuote: '"' }],
    ['giallo similar A:B C', ['similar', 'A:B', 'C']],
    ['giallo similar a\\', ['similar', 'a']],
  ];
  for (const [line, words, rest] of lines) {
    test(JSON.stringify(line), () => {
      assert.deepEqual(lineOf('bash', [line, ' "\'=:']), {
        shell: 'bash',
        words,
        openQuote: '',
        kept: 0,
        ...rest,
      });
    });
  }
});

test('bash that does not cut at colons replaces the whole word', () => {
  assert.equal(lineOf('bash', ['giallo similar A:B', ' =']).kept, 0);
});

test('zsh and fish hand over words', () => {
  const words = ['similar', '"a b', ''];
  assert.deepEqual(lineOf('fish', words), { shell: 'fish', words, openQuote: '', kept: 0 });
});
