/** What the words of `similar` and `vector` name: a film and frames, or `film:frame`. */
import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../../src/cli.js';
import { recordingIo } from '../../recording-io.js';
import { temporaryFolder } from '../../temporary-folder.js';

const golden = join(import.meta.dirname, '../../fixtures/golden/films/Gamma.npz');
const folder = temporaryFolder();
for (const name of ['Rocky.0', 'Rocky.1', 'Alien: 1']) copyFileSync(golden, join(folder, `${name}.npz`));

const asked: [words: string[], query: string[]][] = [
  [['Rocky.1:1'], ['Rocky.1 1']],
  [['0:1'], ['Rocky.0 1']],
  [
    ['Rocky.0', '1', 'Rocky.1:1'],
    ['Rocky.0 1', 'Rocky.1 1'],
  ],
  [['Alien: 1', '0'], ['Alien: 1 0']],
  [['alien: 1', '0'], ['Alien: 1 0']],
  [['Alien: 1:0'], ['Alien: 1 0']],
];
for (const [words, query] of asked) {
  test(`similar ${words.join(' ')}`, async () => {
    const { io, stdout, stderr } = recordingIo();
    assert.equal(await main(['similar', ...words, '-d', folder, '--json'], io), 0, stderr());
    const { query: found } = JSON.parse(stdout());
    assert.deepEqual(
      found.map(({ film, index }: { film: string; index: number }) => `${film} ${index}`),
      query,
    );
  });
}
