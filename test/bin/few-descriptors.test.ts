/** With few descriptors and many threads, each command gives the same answer as without a limit. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { before, describe, test } from 'node:test';
import { hasAllCases, withoutCases } from '../cases.js';
import { writeFilm } from '../oracle/made-films.js';
import { noise } from '../pictures/make-picture.js';
import { runGiallo } from '../run-giallo.js';
import { temporaryFolder } from '../temporary-folder.js';

const program = join(import.meta.dirname, '../../bin/giallo.js');
const films = 50;

describe('64 open files for 50 films and 64 threads', () => {
  const data = temporaryFolder();
  const shots = temporaryFolder();
  before(async () => {
    await writeFile(join(shots, 'film 3 1'), await noise(400, 300));
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

  const setting = { GIALLO_CACHE: join(data, 'cache'), GIALLO_DATA: data };
  const run = async (args: readonly string[], limit: number) => {
    const command = `ulimit -n ${limit}; exec "$0" "$@"`;
    const env = { ...process.env, ...setting };
    const child = spawn('sh', ['-c', command, process.execPath, program, ...args, '-j', '64'], { env });
    const ended = once(child, 'close');
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [status, signal] = await ended;
    return { status, signal, stdout, stderr };
  };

  const similar = ['similar', 'film 3', '0', '--all', '--json', '-k', '200'];
  const asked = {
    'from archives': [similar, ['topk', 'film 3', 'film 4']],
    'from the index': [similar, ['pairs', '--json', '-k', '40']],
  };
  // A few more than Node.js 20, 22 and 24 themselves need.
  const fewest = hasAllCases ? Array.from({ length: 10 }, (_, i) => 18 + i) : [18, 21, 24, 27];
  test('with too few descriptors the answer is the same, or there is one error', async () => {
    const page = ['similar', 'film 3', '0', '-k', '1', '--html', '-', '--no-cache', '--screenshots', shots];
    let failed = 0;
    for (const args of [page, ['topk', 'film 3', '--no-cache']]) {
      const whole = await run(args, 4096);
      // All at the same time, since most of the time they wait for descriptors.
      for (const [i, outcome] of (await Promise.all(fewest.map((limit) => run(args, limit)))).entries()) {
        const { status, signal, stdout, stderr } = outcome;
        failed += status === 0 ? 0 : 1;
        // Node.js 22 and 24 end like this if they have too few descriptors to start.
        if (signal === 'SIGSEGV' && stdout === '') continue;
        const what = `${args[0]}, ${fewest[i]}`;
        assert.notEqual(status, 70, `${what}: ${stderr}`);
        if (status === 0) assert.equal(stdout, whole.stdout, `${what}: ${stderr}`);
        else assert.match(stderr, /^giallo: too many open files|EMFILE|Node\.js/, what);
      }
    }
    // Which numbers are too few depends on timing.
    assert.ok(failed > 0);
  });

  for (const [state, commands] of Object.entries(asked)) {
    for (const args of commands) {
      test(`${args[0]} ${state}`, withoutCases, async () => {
        const limited = await run(args, 64);
        assert.equal(limited.status, 0, limited.stderr);
        assert.equal(limited.stdout, (await runGiallo(args, { env: setting })).stdout);
      });
    }
    if (state === 'from the index') continue;
    test('index build', withoutCases, async () => {
      const { status, stderr } = await run(['index', 'build', '--json'], 64);
      assert.equal(status, 0, stderr);
    });
  }
});
