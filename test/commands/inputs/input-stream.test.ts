/** Named pipes on the command line, in a process of its own: one that waits for a thread cannot end. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { temporaryFolder } from '../../temporary-folder.js';

const root = join(import.meta.dirname, '../../..');
const data = join(root, 'test/fixtures/golden/films');
const asked = [
  ['--queries', 'similar', 'Alpha:3\n'],
  ['--vector', 'search', `${JSON.stringify(Array(20).fill(1))}\n`],
];
for (const [option, command, content] of asked) {
  const pipe = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const start = () => {
    const args = [join(root, 'bin/giallo.js'), command, option, pipe, '-d', data, '--no-cache', '--ndjson'];
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 30_000 });
  };

  test(`${command} ${option} <pipe> ends on SIGTERM while its writer says nothing`, async () => {
    const child = start();
    // Opened when the reader has opened it.
    const writer = await open(pipe, 'w');
    child.kill('SIGTERM');
    const isKilled = setTimeout(() => child.kill('SIGKILL'), 20_000);
    assert.deepEqual(await once(child, 'exit'), [143, null]);
    clearTimeout(isKilled);
    await writer.close();
  });

  test(`${command} ${option} <pipe> reads all that is written, in pieces`, async () => {
    const child = start();
    const writer = await open(pipe, 'w');
    for (const piece of content) await writer.write(piece);
    await writer.close();
    assert.match(await text(child.stdout), /"film":/);
  });
}
