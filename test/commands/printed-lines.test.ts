/** Runs the command lines that giallo prints in bash, as they are printed. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runGiallo as giallo } from '../run-giallo.js';
import { temporaryFolder } from '../temporary-folder.js';

const golden = join(import.meta.dirname, '../fixtures/golden/films');
/** Names that a shell would run, split or expand, and one name in both Unicode forms. */
const names = [
  'It\'s a "film" $(touch pwned) `touch pwned`',
  'back\\slash; touch pwned & *?',
  'Pe\u0301ro\u0304',
  '-odd name',
  '-q',
  'line\nbreak \u202e',
  'a -- b -d c --data d',
];
const folder = temporaryFolder();
/** A copy that `giallo times` writes to. */
const timed = temporaryFolder();
for (const name of names) {
  copyFileSync(join(golden, 'Gamma.npz'), join(folder, `${name}.npz`));
  copyFileSync(join(golden, 'Gamma.npz'), join(timed, `${name}.npz`));
}

/** The words after `giallo` as bash splits a line. */
function wordsOf(line: string): string[] {
  const script = `giallo() { printf '%s\\0' "$@"; }\n${line}`;
  const printed = execFileSync('bash', ['--norc', '-c', script], {
    cwd: folder,
    encoding: 'utf8',
    env: { LC_ALL: 'C' },
  });
  assert.ok(!existsSync(join(folder, 'pwned')), `ran what a name holds: ${line}`);
  return printed.split('\0').slice(0, -1);
}

describe('printed command lines do in bash what they say', () => {
  for (const name of names) {
    test(`hints about ${JSON.stringify(name)}`, async () => {
      const bare = await giallo(['-d', folder, name, '0'].slice(0, name.startsWith('-') ? 2 : 4));
      if (!name.startsWith('-')) {
        const [, line = ''] = /^hint: did you mean `(.*)`\?$/m.exec(bare.stderr) ?? [];
        const { status, stdout } = await giallo(wordsOf(line));
        assert.equal(status, 0);
        assert.match(stdout, /^rank\t/);
      }
      const unknown = await giallo(['similar', '-d', folder, '--', name, 'nowhere.jpg']);
      const [, info = ''] = /^hint: `(.*)` lists them$/m.exec(unknown.stderr) ?? [];
      assert.match((await giallo(wordsOf(info))).stdout, /^index\tfilename/);
      for (const asked of [['@1:00'], ['0', '--edl', '-'], ['0', '--reel', '-', '--fps', '2']]) {
        const { stderr } = await giallo(['similar', '-d', timed, ...asked.slice(1), '--', name, asked[0]]);
        const [, line = ''] = /^hint: `(.*)` (writes them|adds it)/m.exec(stderr) ?? [];
        const words = wordsOf(line.replace('film.mp4', join(golden, 'Gamma.npz')));
        assert.equal((await giallo(words)).status, 0, stderr);
        assert.ok(name in JSON.parse(readFileSync(join(timed, 'films.json'), 'utf8')).films);
      }
    });

    test(`commands copied from a page about ${JSON.stringify(name)}`, async () => {
      const options = [
        '--metric',
        'euclidean',
        '--exclude-near',
        'shot',
        '-k',
        '3',
        '--max-distance=9',
        '--others',
      ];
      const { stdout, stderr } = await giallo([
        'similar',
        ...options,
        '-d',
        folder,
        '--html',
        '-',
        '--',
        name,
        '0',
      ]);
      assert.equal(stderr, '');
      const [, attribute = ''] = /<figure.*?data-command="([^"]*)"/s.exec(stdout) ?? [];
      const line = attribute.replace(
        /&(amp|lt|gt|quot|#39|#96);/g,
        (_, entity) => entities[entity] as string,
      );
      const words = wordsOf(line);
      const next = await giallo([...words.slice(0, 1), '--json', ...words.slice(1)]);
      const report = JSON.parse(next.stdout);
      assert.deepEqual([report.query[0].film, report.metric, report.k], [name, 'euclidean', 3]);
      for (const option of ['--exclude-near', '--others', '--max-distance', '--data'])
        assert.ok(words.includes(option), option);
    });
  }

  test('hints and copied commands name a film outside the collection by its path', async () => {
    const elsewhere = temporaryFolder();
    const path = join(elsewhere, 'a b.npz');
    copyFileSync(join(golden, 'Gamma.npz'), path);
    for (const asked of [['@1:00'], ['0', '--edl', '-'], ['0', '--reel', '-', '--fps', '2']]) {
      if (asked.includes('-')) asked[asked.indexOf('-')] = join(elsewhere, 'list');
      const { stderr } = await giallo(['similar', path, ...asked, '-d', golden]);
      const [, line = ''] = /^hint: `(.*)` (writes them|adds it)/m.exec(stderr) ?? [];
      const words = wordsOf(line.replace('film.mp4', join(golden, 'Gamma.npz')));
      assert.equal((await giallo(words)).status, 0, stderr);
    }
    const { stdout } = await giallo(['similar', path, '0', '-k', '1', '-d', golden, '--html', '-']);
    const lines = [...stdout.matchAll(/data-command="([^"]*)"/g)].map(([, text]) =>
      text.replaceAll('&#39;', "'"),
    );
    assert.ok(lines.length > 0);
    for (const line of lines) assert.equal((await giallo(wordsOf(line))).status, 0, line);
  });

  test('commands copied from a page about frames of several films look in all of these', async () => {
    for (const [frames, films] of [
      [
        ['Alpha:0', 'Beta:0'],
        ['--in', 'Alpha.1968.mkv', '--in', 'Beta.1971.mp4'],
      ],
      [['Alpha:0', 'Alpha:1'], []],
      [['Alpha:0', 'Beta:0', '--all'], []],
    ]) {
      const { stdout } = await giallo(['similar', ...frames, '-d', golden, '--html', '-']);
      const [, line = ''] = /<figure.*?data-command="([^"]*)"/s.exec(stdout) ?? [];
      const words = wordsOf(line);
      assert.deepEqual(
        words.filter((word, i) => word === '--in' || words[i - 1] === '--in'),
        films,
      );
    }
  });

  test('commands copied from pages of pairs and groups leave out what these left out', async () => {
    const leftOut = ['--without', 'Alpha:0'];
    for (const asked of [
      ['pairs', ...leftOut],
      ['duplicates', '--min-score', '0.5', ...leftOut],
    ]) {
      const { stdout } = await giallo([...asked, '-d', golden, '--html', '-']);
      const [, line = ''] = /data-command="(giallo similar [^"]*)"/.exec(stdout) ?? [];
      assert.match(line, /--all --without Alpha:0 /);
    }
  });

  test('hints repeat the options about how films are read', async () => {
    const { stderr } = await giallo([
      'similar',
      'Gamma',
      'nowhere.jpg',
      '-d',
      golden,
      '--filenames-key',
      'filenames',
    ]);
    const [, line = ''] = /^hint: `(.*)` lists them$/m.exec(stderr) ?? [];
    assert.deepEqual(wordsOf(line), [
      'info',
      'Gamma',
      '--frames',
      '--data',
      golden,
      '--filenames-key',
      'filenames',
    ]);
  });
});

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#96': '`',
};
