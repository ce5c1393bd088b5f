/** Values of options that were forgotten. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runGiallo as giallo } from '../run-giallo.js';

const golden = join(import.meta.dirname, '../fixtures/golden/films');

test('an empty value, as from an unset variable, is refused before any work', async () => {
  for (const option of ['-o', '-d', '--in', '--html', '--edl', '-k', '--screenshots', '--vector-key']) {
    const command = option === '-o' ? 'topk' : option === '--vector-key' ? 'search' : 'similar';
    const { status, stdout, stderr } = await giallo([command, option, '', 'Gamma', '0', '-d', golden]);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /^giallo: --?[a-z-]+: its value is empty$/m);
  }
});

test('a number with a comma gets the number with a point for a hint', async () => {
  const ask = async (...words: string[]) =>
    (await giallo(['similar', 'Gamma', '0', '-d', golden, ...words])).stderr;
  assert.equal(
    await ask('--min-score', '0,9'),
    'giallo: --min-score: expected a number, found 0,9\nhint: write 0.9\n',
  );
  assert.match(await ask('--fps', '2,5'), /^hint: write 2\.5$/m);
  assert.doesNotMatch(await ask('-k', '2,5'), /hint/);
});

describe('an option is not taken as the value of the option before it', () => {
  const ask = (...words: string[]) => giallo(['similar', 'Gamma', '0', '-d', golden, ...words]);
  for (const words of [
    ['--html', '--json'],
    ['--in', '--csv'],
    ['--reel', '-q'],
    ['-qj', '--others'],
    ['--screenshots', '-k', '3'],
  ]) {
    test(words.join(' '), async () => {
      const { status, stdout, stderr } = await ask(...words);
      assert.deepEqual([status, stdout], [2, '']);
      const [option = '', found] = words.map((word) => word.replace('-qj', '-j'));
      assert.match(stderr, new RegExp(`${option} needs a value, found the option ${found}`));
    });
  }
  test('unless it is in the same word or after --', async () => {
    const { stderr } = await ask('--in=--csv');
    assert.match(stderr, /^giallo: --csv: no such film/);
    assert.match(
      (await giallo(['films', '-d', golden, '--', '--data', '--json'])).stderr,
      /takes no arguments/,
    );
  });
});
