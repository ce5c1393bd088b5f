/** How the words of `similar` and `vector` are read: a film and frames, or `film:frame`. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runGiallo } from '../../run-giallo.js';
import { temporaryFolder } from '../../temporary-folder.js';

const golden = join(import.meta.dirname, '../../fixtures/golden/films/Gamma.npz');
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
