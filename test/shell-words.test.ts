import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { shellLine } from '../src/escape.js';

describe('a word comes out of a shell as it went in', () => {
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

test('plain words stay plain', () => {
  assert.equal(
    shellLine(['giallo', 'similar', 'Krank.Red.Sea', '4', '--all']),
    'giallo similar Krank.Red.Sea 4 --all',
  );
});

test('a word that zsh would expand is quoted', () => assert.equal(shellLine(['=ls', 'a=b']), "'=ls' a=b"));

test('nothing invisible is left in a line that will be pasted', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  assert.doesNotMatch(shellLine(['a\u0000\u001b\n\u202e\u2066b']), /[\u0000-\u001f\u202e\u2066]/);
});
