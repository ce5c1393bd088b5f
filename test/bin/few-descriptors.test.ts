/** With few descriptors and many threads asked for, each command answers as it does without a limit. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { writeFilm } from '../oracle/made-films.js';
import { temporaryFolder } from '../temporary-folder.js';

const program = join(import.meta.dirname, '../../bin/giallo.js');
const films = 50;

describe('64 open files for 50 films and 64 threads', () => {
  const data = temporaryFolder();
  before(async () => {
    for (let i = 0; i < films; i++) {
      await writeFilm(data, {
        name: `film ${i}`,
        dim: 3,
        rows: [
          [1, i, 2],
          [i, 1, 1],
        ],
      });
    }
  });

  const run = (args: readonly string[], limit: string) => {
    const command = `ulimit -n ${limit}; exec "$0" "$@"`;
    const env = { ...process.env, GIALLO_CACHE: join(data, 'cache'), GIALLO_DATA: data };
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-c', command, process.execPath, program, ...args, '-j', '64'],
      { encoding: 'utf8', env },
    );
    return { status, stdout, stderr };
  };

  const similar = ['similar', 'film 3', '0', '--all', '--json', '-k', '200'];
  const asked = {
    'from archives': [similar, ['topk', 'film 3', 'film 4']],
    'from the index': [similar, ['pairs', '--json', '-k', '40']],
  };
  for (const [state, commands] of Object.entries(asked)) {
    for (const args of commands) {
      test(`${args[0]} ${state}`, () => {
        const limited = run(args, '64');
        assert.equal(limited.status, 0, limited.stderr);
        assert.equal(limited.stdout, run(args, '4096').stdout);
      });
    }
    if (state === 'from the index') continue;
    test('index build', () => {
      const { status, stderr } = run(['index', 'build', '--json'], '64');
      assert.equal(status, 0, stderr);
    });
  }
});
