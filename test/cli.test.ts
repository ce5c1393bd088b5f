import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { main } from '../src/cli.js';
import { fileError } from '../src/errors.js';
import { Interruption, type Io } from '../src/io.js';
import { type Output, OutputClosed } from '../src/standard-output.js';
import { recordingIo } from './recording-io.js';
import { temporaryFolder } from './temporary-folder.js';

const films = fileURLToPath(new URL('fixtures/golden/films', import.meta.url));
const answered = ['similar', 'Alpha', '3', '-d', films];
const misspelt = ['similar', 'Alfa', '3', '-d', films];

const one = readFileSync(join(films, 'One.npz'));
const withHint = ['films', '-d', temporaryFolder({ 'One.npz': one, 'One.npy': '' })];

const closed: Output = failing(new OutputClosed());
const full: Output = failing(fileError('write', 'stdout', { code: 'ENOSPC' }));

describe('when stdout', () => {
  const cases: readonly [what: string, argv: readonly string[]][] = [
    ['an answer', answered],
    ['help', ['--help']],
    ['the version', ['--version']],
    ['nothing but help', []],
  ];
  for (const [what, argv] of cases) {
    test(`has lost its reader, ${what} ends quietly with 0`, async () => {
      const { io, stderr } = recordingIo();
      assert.equal(await main([...argv, ...quiet(argv)], { ...io, stdout: closed }), 0);
      assert.equal(stderr(), '');
    });

    test(`is on a full disk, ${what} ends with one line and 1`, async () => {
      const { io, stderr } = recordingIo();
      assert.equal(await main([...argv, ...quiet(argv)], { ...io, stdout: full }), 1);
      assert.equal(stderr(), 'giallo: stdout: cannot write: no space left on the disk\n');
    });
  }
});

describe('when stderr cannot be written', () => {
  for (const stderr of [closed, full]) {
    test('the status of an error stays the same', async () => {
      assert.equal(await main(misspelt, { ...recordingIo().io, stderr }), 2);
      assert.equal(await main(['similar', '--nope'], { ...recordingIo().io, stderr }), 2);
      assert.equal(await main(['films', '-d', films], { ...recordingIo().io, stdout: full, stderr }), 1);
    });

    test('the answer is complete', async () => {
      const plain = recordingIo();
      await main(withHint, plain.io);
      assert.match(plain.stderr(), /One\.npy: left out/);
      const { io, stdout } = recordingIo();
      assert.equal(await main(withHint, { ...io, stderr }), 0);
      assert.equal(stdout(), plain.stdout());
    });
  }
});

describe('a signal', () => {
  for (const [signal, status] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`${signal} ends with ${status} and prints nothing`, async () => {
      for (const argv of [answered, ['films', '-d', films], ['info', 'Alpha', '-d', films]]) {
        const { io, written } = recordingIo({ signal: AbortSignal.abort(new Interruption(signal)) });
        assert.equal(await main(argv, io), status);
        assert.deepEqual(written, []);
      }
    });

    test(`${signal} ends the waiting for questions`, async () => {
      const abort = new AbortController();
      const { io, stderr } = recordingIo({ signal: abort.signal });
      const endless = new Readable({ read: () => undefined });
      endless.push('Alpha\t3\n');
      const stdout: Output = { ...io.stdout, write: async () => abort.abort(new Interruption(signal)) };
      const waiting: Io = { ...io, stdin: endless, stdout };
      assert.equal(await main(['similar', '--queries', '-', '-d', films], waiting), status);
      assert.equal(stderr(), '');
      assert.ok(endless.destroyed);
    });
  }
});

test('an error that is not a GialloError is a bug: status 70, with its stack', async () => {
  const { io, stderr } = recordingIo();
  const stdout: Output = failing(new TypeError('oh'));
  assert.equal(await main(['films', '-d', films], { ...io, stdout }), 70);
  assert.match(
    stderr(),
    /^giallo: this is a bug; please report it with the output of `giallo doctor`: TypeError: oh\n +at .*cli\.test\.ts/,
  );
});

/** Options with which a command writes nothing to stderr. */
function quiet(argv: readonly string[]): string[] {
  return argv === answered ? ['-q'] : [];
}

function failing(error: Error): Output {
  return { isTerminal: false, columns: 80, write: () => Promise.reject(error) };
}
