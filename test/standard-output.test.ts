import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { orUndefined } from '../src/errors.js';
import { directOutput, OutputClosed, streamOutput } from '../src/standard-output.js';
import { rejects } from './rejects.js';
import { temporaryFolder } from './temporary-folder.js';

describe('an output to a stream', () => {
  test('writes text and bytes in order, and waits until they are taken', async () => {
    const taken: Buffer[] = [];
    const stdout = streamOutput(
      new Writable({
        write(chunk, _, done) {
          setImmediate(() => {
            taken.push(chunk);
            done();
          });
        },
      }),
      'stdout',
    );
    await stdout.write('ab');
    assert.equal(Buffer.concat(taken).toString(), 'ab');
    await Promise.all([stdout.write(Uint8Array.of(99)), stdout.write('é')]);
    assert.equal(Buffer.concat(taken).toString(), 'abcé');
  });

  test('reports a closed pipe, immediately and ever after', async () => {
    const stdout = streamOutput(failing('EPIPE'), 'stdout');
    for (let time = 0; time < 3; time++) await assert.rejects(stdout.write('x'), OutputClosed);
  });

  test('reports other errors, immediately and ever after', async () => {
    const stdout = streamOutput(failing('ENOSPC'), 'stdout');
    const message = 'stdout: cannot write: no space left on the disk';
    for (let time = 0; time < 3; time++) {
      await rejects(() => stdout.write('x'), { code: 'file-unwritable', message });
    }
  });

  test('has the width of its terminal, or 80 columns without a terminal', () => {
    for (const [stream, isTerminal, columns] of [
      [{ isTTY: true, columns: 132 }, true, 132],
      [{ isTTY: true, columns: 0 }, true, 80], // a terminal without a known width
      [{}, false, 80],
    ] as const) {
      const output = streamOutput(Object.assign(failing('EPIPE'), stream), 'stdout');
      assert.deepEqual([output.isTerminal, output.columns], [isTerminal, columns]);
    }
  });
});

describe('an output to a full pipe', { skip: process.platform !== 'linux' }, () => {
  const pipe = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const outputUntil = (signal: AbortSignal) =>
    directOutput(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK), 'stdout', signal);
  const tooMuch = new Uint8Array(1 << 20);
  const readWhatIsThere = () => orUndefined(() => readSync(reader, tooMuch)) ?? 0;
  after(() => closeSync(reader));

  test('waits for its reader', async () => {
    const writing = outputUntil(new AbortController().signal).write(tooMuch);
    for (let left = tooMuch.length; left > 0; await nextTurn()) left -= readWhatIsThere();
    await writing;
    assert.equal(readWhatIsThere(), 0);
  });

  test('ends when the signal aborts, be it before the pipe is full', { timeout: 10_000 }, async () => {
    const during = new AbortController();
    const writing = outputUntil(during.signal).write(tooMuch);
    during.abort(new Error('enough'));
    await assert.rejects(writing, /enough/);
    const before = AbortSignal.abort(new Error('enough'));
    await assert.rejects(outputUntil(before).write(tooMuch), /enough/);
  });
});

test('an output to a file lets signals in, and ends when they abort', async () => {
  const folder = temporaryFolder();
  const file = openSync(join(folder, 'file'), 'w');
  const interrupted = new AbortController();
  const stdout = directOutput(file, 'stdout', interrupted.signal);
  setTimeout(() => interrupted.abort(new Error('enough')));
  const part = new Uint8Array(1 << 16);
  let parts = 0;
  const writing = async () => {
    for (; parts < 10_000; parts++) await stdout.write(part);
  };
  await assert.rejects(writing, /enough/);
  assert.equal(fstatSync(file).size, (parts + 1) * part.length);
  closeSync(file);
});

function failing(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => setImmediate(done, Object.assign(new Error(code), { code })),
  });
}
