/**
 * Runs the installed program many times in one process, since starting one takes longer than most answers. Each line of
 * stdin is `{"argv": [...], "stdin": base64}`, and each line of stdout says what that run printed and its status.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

const { createProgramLoader } = createRequire(import.meta.url)('../../dist/loader/loader.cjs');

const { main } = createProgramLoader(join(import.meta.dirname, '../../dist/program'), process).load(
  'cli.cjs',
);

for await (const line of createInterface({ input: process.stdin })) {
  const { argv, stdin } = JSON.parse(line);
  const [stdout, stderr] = [recorder(), recorder()];
  const status = await main(argv, {
    stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin, 'base64')]),
    stdout,
    stderr,
    env: process.env,
    signal: new AbortController().signal,
  });
  process.stdout.write(`${JSON.stringify({ status, stdout: stdout.printed(), stderr: stderr.printed() })}\n`);
}

/** An output that keeps what is written to it. */
function recorder() {
  /** @type {Buffer[]} */
  const chunks = [];
  return {
    isTerminal: false,
    columns: 80,
    /** @param {string | Uint8Array} chunk */
    async write(chunk) {
      chunks.push(Buffer.from(chunk));
    },
    printed: () => Buffer.concat(chunks).toString('base64'),
  };
}
