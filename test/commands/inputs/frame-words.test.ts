/** How the words of `similar` and `vector` are read: a film and frames, or `film:frame`. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { escapeForTerminal } from '../../../src/escape.js';
import { runGiallo } from '../../run-giallo.js';
import { temporaryFolder } from '../../temporary-folder.js';

const goldenFilms = join(import.meta.dirname, '../../fixtures/golden/films');
const golden = join(goldenFilms, 'Gamma.npz');
const folder = temporaryFolder();
for (const name of [
  'Rocky.0',
  'Rocky.1',
  'Alien: 1',
  'My.Name',
  '@zola',
  '24',
  '24:5 am',
  '42.mp4',
  '42:6 pm.mp4',
  '@1:2',
  '-k',
])
  copyFileSync(golden, join(folder, `${name}.npz`));

const asked: [words: string[], query: string[]][] = [
  [['Rocky.1:1'], ['Rocky.1 1']],
  [['0:1'], ['Rocky.0 1']],
  [['@1:2/Gamma_000002.jpg'], ['@1:2 1']],
  [
    ['Rocky.0', '1', 'Rocky.1:1'],
    ['Rocky.0 1', 'Rocky.1 1'],
  ],
  [['Alien: 1', '0'], ['Alien: 1 0']],
  [['alien: 1', '0'], ['Alien: 1 0']],
  [['Alien: 1.npz', '0'], ['Alien: 1 0']],
  [['Alien: 1:0'], ['Alien: 1 0']],
  [['alien: 1:1'], ['Alien: 1 1']],
  [['Alien:1'], ['Alien: 1 1']],
  [['Rocky.0', 'name:Gamma_000002'], ['Rocky.0 1']],
  [['Rocky.0', 'name:6'], ['Rocky.0 5']],
  [
    ['Rocky.0', '1', 'name:000006'],
    ['Rocky.0 1', 'Rocky.0 5'],
  ],
  [['name:6'], ['My.Name 6']],
  [['24:5'], ['24 5']],
  [['42:6'], ['42.mp4 6']],
  [['24:5 am', '1'], ['24:5 am 1']],
  [['24:5 am:1'], ['24:5 am 1']],
  [['@zola:6'], ['@zola 6']],
  [['@zola', '6'], ['@zola 6']],
  [['Alien: 1/Gamma_000002.jpg'], ['Alien: 1 1']],
  [['Rocky.0/Gamma_000002'], ['Rocky.0 1']],
  [
    ['Rocky.0/Gamma_000002', '5'],
    ['Rocky.0 1', 'Rocky.0 5'],
  ],
  [
    ['Rocky.0', '5', 'Rocky.1/Gamma_000002'],
    ['Rocky.0 5', 'Rocky.1 1'],
  ],
  [
    ['Rocky.0', '5', '--and', '@1:2/Gamma_000002.jpg'],
    ['Rocky.0 5', '@1:2 1'],
  ],
];
for (const [words, query] of asked) {
  test(`similar ${words.join(' ')}`, async () => {
    const { status, stdout, stderr } = await runGiallo(['similar', ...words, '-d', folder, '--json']);
    assert.equal(status, 0, stderr);
    const { query: found } = JSON.parse(stdout);
    assert.deepEqual(
      found.map(({ film, index }: { film: string; index: number }) => `${film} ${index}`),
      query,
    );
  });
}

const dash = '-k is a film: --in=-k searches in it, -k:0 asks about its first frame';
const colon = 'did you mean My\\? a filename with a colon is written My:name:<filename>';
const refused: [words: string[], hint: string][] = [
  [['My:a:b'], colon],
  [['Rocky.0', '0', '--and', 'My:a:b'], colon],
  [['Rocky.0', '5', 'my'], 'my is a film: --in my searches in it, my:0 asks about its first frame'],
  [['Rocky.0', '5', '--', '-k'], dash],
  [['Rocky.0', '66,67'], 'write several frames as 66 67, and a range as 66-70'],
  [['Rocky.0', '66..70'], 'write several frames as 66 67, and a range as 66-70'],
  [['Rocky.0', '@27s'], 'write a moment as @72.5, @1:12.5 or @0:01:12.5'],
  [['Rocky.0', '@0:26-0:28'], 'write a moment as @72.5, @1:12.5 or @0:01:12.5'],
];
for (const [words, hint] of refused) {
  test(`similar ${words.join(' ')} says how to write it`, async () => {
    const { status, stderr } = await runGiallo(['similar', '-d', folder, ...words]);
    assert.equal(status, 2);
    assert.match(stderr, new RegExp(`^hint: ${hint}$`, 'm'));
  });
}

const films = ['-d', join(import.meta.dirname, '../../fixtures/golden/films')];

test('--without takes a range of frames, as --and does', async () => {
  const answer = async (...without: string[]) => {
    const asked = ['similar', 'Beta', '0', '-k', '50', '--json', ...films];
    const leftOut = without.flatMap((frame) => ['--without', frame]);
    const { status, stdout, stderr } = await runGiallo([...asked, ...leftOut]);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout).results;
  };
  const oneByOne = await answer('Beta:1', 'Beta:20', 'Beta:21', 'Beta:22');
  assert.ok(oneByOne.length < (await answer('Beta:1', 'Beta:20')).length);
  assert.deepEqual(await answer('Beta:1', 'Beta:20-22'), oneByOne);
});

test('--without passes over the frames of a range that cannot be compared, and says how many', async () => {
  const asked = async (...without: string[]) =>
    runGiallo(['similar', 'Beta', '0', '--json', ...without.flatMap((one) => ['--without', one]), ...films]);
  const ofRange = await asked('Gamma:1-5', 'NotFinite:1-3');
  assert.equal(ofRange.stderr, 'giallo: --without: left out 4 frames that cannot be compared\n');
  const oneByOne = await asked('Gamma:1', 'Gamma:5', 'NotFinite:1', 'NotFinite:3');
  assert.equal(oneByOne.stderr, '');
  assert.deepEqual(JSON.parse(ofRange.stdout).results, JSON.parse(oneByOne.stdout).results);

  const { status, stderr } = await asked('Beta:1', 'Gamma:2-4');
  assert.equal(status, 1);
  assert.match(stderr, /Gamma frame 2 .*: the vector is all zero/);
});

test('--without an all-zero frame does not speak of other metrics, which change nothing', async () => {
  const asked = ['similar', 'Beta', '0', '--metric', 'dot', '--without', 'Gamma:2', ...films];
  const { status, stderr } = await runGiallo(asked);
  assert.equal(status, 1);
  assert.equal(
    stderr,
    'giallo: Gamma frame 2 (Gamma_000003.jpg): the vector is all zero, and has no direction to compare\n',
  );
});

test('a path of a film with a slash at its end is no film/filename', async () => {
  const path = `${join(folder, 'Rocky.0.npz')}/`;
  const { stderr } = await runGiallo(['similar', path, '1', '-d', folder]);
  assert.match(stderr, /Rocky\.0\.npz\/: no such file/);
});

describe('a frame may be', () => {
  const query = async (...words: string[]) => {
    const { stdout, stderr } = await runGiallo([
      'similar',
      ...words,
      '-d',
      goldenFilms,
      '--metric',
      'dot',
      '--json',
    ]);
    if (stdout === '') return stderr;
    const frames = JSON.parse(stdout).query as { film: string; index: number }[];
    return frames.map(({ film, index }) => `${film.slice(0, 1)}${index}`).join(' ');
  };
  const cases: readonly (readonly [words: string[], frames: string])[] = [
    [['Gamma:3'], 'G3'],
    [['Gamma', '3-5'], 'G3 G4 G5'],
    [['Gamma:3-5'], 'G3 G4 G5'],
    [['Gamma', '-2--1'], 'G5 G6'],
    [['Alpha:3', 'Beta:4'], 'A3 B4'],
    [['Alpha', '3', 'Beta:4'], 'A3 B4'],
    [['Alpha:3', '4', '--and', 'Beta:1-2'], 'A3 A4 B1 B2'],
    [[`${join(goldenFilms, 'Gamma.npz')}:1`], 'G1'],
    [['Gamma:Gamma_000004.jpg'], 'G3'],
    [['Gamma:name:Gamma_000004.jpg', 'Gamma_000005.jpg'], 'G3 G4'],
    [[`${join(goldenFilms, 'Gamma.npz')}:Gamma_000004.jpg`], 'G3'],
  ];
  for (const [words, frames] of cases) {
    test(words.join(' ').replace(goldenFilms, 'DIR'), async () =>
      assert.equal(await query(...words), frames),
    );
  }
  const errors: readonly (readonly [words: string[], message: RegExp])[] = [
    [['Gamma', '5-9'], /index from 0 to 6 \(or -1 to -7\), found 5-9","hint":"name:5-9 asks/],
    [['Gamma', '3--1'], /both from the end/],
    [['Gamma', '0-9999999'], /at most/],
    [['Gama:3'], /did you mean Gamma/],
    [['Gamma', 'Beta:2'], /"Gamma: no frame has \\"Beta:2\\" in its filename"/],
    [['Gamma', '8:12'], /"hint":"@8:12 asks for a moment"/],
  ];
  for (const [words, message] of errors) {
    test(`not ${words.join(' ')}`, async () => assert.match(await query(...words), message));
  }
  test('the one frame of giallo vector', async () => {
    const [one, same] = [
      await runGiallo(['vector', 'Gamma:3', '-d', goldenFilms]),
      await runGiallo(['vector', 'Gamma', '3', '-d', goldenFilms]),
    ];
    assert.equal(one.stdout, same.stdout);
    assert.equal((await runGiallo(['vector', 'Gamma', '3-4', '-d', goldenFilms])).status, 2);
  });
});

test('a name can be typed as it was printed in a pipe or on a terminal', async () => {
  const hostile = temporaryFolder();
  copyFileSync(join(goldenFilms, '../hostile-names.npz'), join(hostile, 'tab\there \\t.npz'));
  const question = ['similar', 'here', '0', '-d', hostile, '-k', '20'];
  const { results } = JSON.parse((await runGiallo([...question, '--json'])).stdout) as {
    results: { index: number; filename: string }[];
  };
  const lines = (await runGiallo(question)).stdout.trimEnd().split('\n').slice(1);
  assert.equal(lines.length, results.length);
  for (const [i, line] of lines.entries()) {
    const [, film, , filename] = line.split('\t') as [string, string, string, string];
    const shown = escapeForTerminal(results[i].filename);
    for (const typed of [filename, shown]) {
      const { stdout } = await runGiallo([
        'similar',
        film,
        typed,
        '-d',
        hostile,
        '--json',
        '--metric',
        'dot',
      ]);
      assert.equal(JSON.parse(stdout).query[0].index, results[i].index, typed);
    }
  }
});

test('a name of --names over several films can be asked about', async () => {
  const { stdout } = await runGiallo([
    'similar',
    'Alpha',
    '0',
    '--others',
    '-k',
    '3',
    '--names',
    '-d',
    goldenFilms,
  ]);
  const names = stdout.trimEnd().split('\n');
  assert.equal(names.length, 3);
  for (const name of names) {
    const { query } = JSON.parse(
      (await runGiallo(['similar', name, '--json', '--metric', 'dot', '-d', goldenFilms])).stdout,
    );
    assert.equal(`${query[0].film}/${query[0].filename}`, name);
    const asked = ['similar', 'Gamma', '0', '--json', '--metric', 'dot', '-d', goldenFilms];
    const more = JSON.parse((await runGiallo([...asked, '--and', name])).stdout);
    assert.equal(`${more.query[1].film}/${more.query[1].filename}`, name);
    assert.equal((await runGiallo([...asked, '--without', name])).status, 0);
  }
  for (const frame of ['a/b/c.jpg', `${goldenFilms}/Gamma.npz`])
    assert.match((await runGiallo(['similar', 'Gamma', '0', '--and', frame])).stderr, /expected film:frame/);
});

describe('a picture', () => {
  const data = join(import.meta.dirname, '../../../data_embeddings');
  const film = 'Sintel.Trailer.2010.mp4';
  const pictureOf = (number: string) => join(data, 'screenshots', film, `${film}_${number}.jpg`);
  const ask = (...pictures: string[]) => runGiallo(['similar', ...pictures, '--json', '-d', data]);

  test('asks about the frame whose screenshot it is', async () => {
    const { query } = JSON.parse((await ask(pictureOf('000062'))).stdout);
    assert.deepEqual(query, [{ film, index: 61, filename: `${film}_000062.jpg`, seconds: 24.4 }]);
  });

  test('may stand beside others', async () => {
    const { query } = JSON.parse((await ask(pictureOf('000062'), pictureOf('000063'))).stdout);
    assert.deepEqual([query[0].index, query[1].index, query.length], [61, 62, 2]);
  });

  test('that does not exist is an error', async () => {
    const { status, stderr } = await ask(pictureOf('missing'));
    const message = `${pictureOf('missing')}: cannot read: no such file or folder`;
    assert.deepEqual([status, JSON.parse(stderr).error.message], [1, message]);
  });
});
