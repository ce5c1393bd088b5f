import assert from 'node:assert/strict';
import { Readable, Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { OutputClosed, processIo } from '../src/io.js';
import { rejects } from './rejects.js';

describe('an output', () => {
  test('writes text and bytes in order, and waits until they are taken', async () => {
    const taken: Buffer[] = [];
    const { stdout } = ioOf(
      new Writable({
        write(chunk, _, done) {
          setImmediate(() => {
            taken.push(chunk);
            done();
          });
        },
      }),
    );
    await stdout.write('ab');
    assert.equal(Buffer.concat(taken).toString(), 'ab');
    await Promise.all([stdout.write(Uint8Array.of(99)), stdout.write('é')]);
    assert.equal(Buffer.concat(taken).toString(), 'abcé');
  });

  test('reports a closed pipe, immediately and ever after', async () => {
    const { stdout } = ioOf(failing('EPIPE'));
    for (let time = 0; time < 3; time++) await assert.rejects(stdout.write('x'), OutputClosed);
  });

  test('reports other errors, immediately and ever after', async () => {
    const { stdout, stderr } = ioOf(failing('ENOSPC'));
    const message = 'stdout: cannot write: no space left on the disk';
    for (let time = 0; time < 3; time++) {
      await rejects(() => stdout.write('x'), { code: 'file-unwritable', message });
    }
    await stderr.write('fine');
  });

  test('has the width of its terminal, or 80 columns without a terminal', () => {
    const terminal = Object.assign(failing('EPIPE'), { isTTY: true, columns: 132 });
    const { stdout, stderr } = ioOf(terminal);
    assert.deepEqual([stdout.isTerminal, stdout.columns], [true, 132]);
    assert.deepEqual([stderr.isTerminal, stderr.columns], [false, 80]);
    // Terminals without a known width report 0.
    assert.equal(ioOf(Object.assign(failing('EPIPE'), { isTTY: true, columns: 0 })).stdout.columns, 80);
  });
});

function ioOf(stdout: Writable) {
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  const process = { stdin: Readable.from([]), stdout, stderr, env: {} };
  return processIo(process as unknown as NodeJS.Process, new AbortController().signal);
}

function failing(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => setImmediate(done, Object.assign(new Error(code), { code })),
  });
}
