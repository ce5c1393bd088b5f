/** Named pipes on the command line, in a separate process, since a process that waits for a thread cannot end. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { temporaryFolder } from '../temporary-folder.js';

const root = join(import.meta.dirname, '../..');
const data = join(root, 'test/fixtures/golden/films');
const questions = ['-d', data, '--no-cache', '--ndjson'];
const vector = JSON.stringify(Array(20).fill(1));
const asked: Record<string, { readonly argv: (pipe: string) => string[]; readonly content: string }> = {
  'similar --queries': {
    argv: (pipe) => ['similar', '--queries', pipe, ...questions],
    content: 'Alpha:3\n',
  },
  'search --vector': {
    argv: (pipe) => ['search', '--vector', pipe, ...questions],
    content: `${vector}\n`,
  },
  'convert JSON from': {
    argv: (pipe) => ['convert', pipe, '--to', 'csv', '-o', '-'],
    content: `{"film": ${vector}}`,
  },
};
for (const [command, { argv, content }] of Object.entries(asked)) {
  const pipe = join(temporaryFolder(), 'pipe.json');
  execFileSync('mkfifo', [pipe]);
  const start = () => {
    const args = [join(root, 'bin/giallo.js'), ...argv(pipe)];
    return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 30_000 });
  };

  test(`${command} <pipe> ends on SIGTERM while the writer is silent`, async () => {
    const child = start();
    // Opens as soon as the reader has opened it.
    const writer = await open(pipe, 'w');
    child.kill('SIGTERM');
    const isKilled = setTimeout(() => child.kill('SIGKILL'), 20_000);
    assert.deepEqual(await once(child, 'exit'), [143, null]);
    clearTimeout(isKilled);
    await writer.close();
  });

  test(`${command} <pipe> reads everything that is written in pieces`, async () => {
    const child = start();
    const writer = await open(pipe, 'w');
    for (const piece of content) await writer.write(piece);
    await writer.close();
    assert.match(await text(child.stdout), /film/);
  });
}
