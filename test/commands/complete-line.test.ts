import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lineOf } from '../../src/commands/complete-line.js';
import { runGiallo } from '../run-giallo.js';
import { emptyFiles, temporaryFolder } from '../temporary-folder.js';

const films = [
  'A Film.npz',
  'Opera.1987.mkv.npz',
  'Opera.1988.mkv.npz',
  '-odd.npz',
  'Per\u00f2.npz',
  'opera.poster.npy',
  'note.txt',
];
const folder = temporaryFolder(emptyFiles(...films));
const other = temporaryFolder(emptyFiles('Zed.npz'));

const cases: readonly (readonly [words: string[], kind: string, values: string[]])[] = [
  [['ver'], 'words', ['verify']],
  [['--v'], 'words', ['--version']],
  [['help', 'sim'], 'words', ['similar']],
  [['help', 'similar', ''], 'words', []],
  [['nonsense', ''], 'words', []],
  // films
  [['similar', 'Op'], 'words', ['Opera.1987.mkv', 'Opera.1988.mkv']],
  [['similar', 'a'], 'words', ['A Film']],
  [['similar', 'Pero\u0300'], 'words', ['Per\u00f2']],
  [['similar', '--in=pero\u0300'], 'words', ['--in=Per\u00f2']],
  [['similar', '1988'], 'words', ['Opera.1988.mkv']],
  [['similar', '198'], 'words', []],
  [['similar', './x'], 'files', []],
  [['similar', '--', '-'], 'words', ['-odd']],
  [['compare', 'A Film', 'Opera.1987.mkv', 'OPERA.1988'], 'words', ['Opera.1988.mkv']],
  [['similar', '-k', '5', '-q', 'Z'], 'words', []],
  [['similar', '-d', other, '-qk5', 'Z'], 'words', ['Zed']],
  [['similar', `--data=${other}`, ''], 'words', ['Zed']],
  [['similar', `-d${other}`, '--all', ''], 'words', ['Zed']],
  [['similar', '-d', '/nowhere', ''], 'words', []],
  [['similar', 'Opera.1987.mkv', ''], 'words', []],
  // values of options
  [['similar', '--in', 'Opera.1987'], 'words', ['Opera.1987.mkv']],
  [['similar', '--and', 'Opera.1987'], 'open', ['Opera.1987.mkv:']],
  [['similar', '--metric', 'eu'], 'words', ['euclidean']],
  [['similar', '--metric=eu'], 'words', ['--metric=euclidean']],
  [['similar', '--exclude-near', ''], 'words', ['shot']],
  [['duplicates', '--exclude-near=s'], 'words', ['--exclude-near=shot']],
  [['similar', '--nonsense='], 'words', []],
  [['similar', '-k', ''], 'words', []],
  [['similar', '--html', 'x'], 'files', []],
  [['films', '-d', ''], 'folders', []],
  [['index', 'b'], 'words', ['build']],
  // options
  [['similar', 'Opera.1987.mkv', '1', '--min'], 'words', ['--min-score']],
  [['completion', ''], 'words', ['bash', 'zsh', 'fish']],
];

describe('completions of a line', () => {
  for (const [words, kind, values] of cases) {
    test(words.join(' '), async () => {
      const lines = (await complete(...words)).trimEnd().split('\n');
      assert.equal(lines[0], kind);
      assert.deepEqual(
        lines.slice(1).map((line) => line.split('\t')[0]),
        values,
      );
    });
  }
});

test('completions have every command and every option, with a description', async () => {
  const commands = (await complete('')).trimEnd().split('\n').slice(1);
  assert.ok(commands.length > 10);
  for (const line of commands) {
    const [name, description] = line.split('\t');
    assert.ok(description.length > 0, name);
    if (name === 'help') continue;
    const options = (await complete(name, '-')).split('\n');
    assert.ok(
      options.some((option) => option.startsWith('--help\t')),
      name,
    );
  }
});

async function complete(...words: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await runGiallo(['completion', 'fish', '--', ...words], {
    env: { GIALLO_DATA: folder },
  });
  assert.deepEqual([status, stderr], [0, '']);
  return stdout;
}

describe('a line from bash', () => {
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

test('the whole word is replaced if bash does not split words at colons', () => {
  assert.equal(lineOf('bash', ['giallo similar A:B', ' =']).kept, 0);
});

test('zsh and fish give giallo the words of the line', () => {
  const words = ['similar', '"a b', ''];
  assert.deepEqual(lineOf('fish', words), { shell: 'fish', words, openQuote: '', kept: 0 });
});
