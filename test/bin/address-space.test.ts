/**
 * Commands that use WebAssembly where `ulimit -v` limits the address space, as on computers that many people share:
 * Node.js reserves gigabytes of it for each memory, unless it is told otherwise. Later versions do without by themselves.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { writeFilm } from '../oracle/made-films.js';
import { temporaryFolder } from '../temporary-folder.js';

const program = join(import.meta.dirname, '../../bin/giallo.js');
const options = '--disable-wasm-trap-handler';
const kibibytes = 8_000_000;

describe('a limited address space', {
  skip: process.platform === 'linux' ? false : 'Linux limits it',
}, () => {
  const folder = temporaryFolder();
  before(() => writeFilm(join(folder), { name: 'a', dim: 8, rows: [Array(8).fill(1), Array(8).fill(2)] }));

  for (const line of ['similar a 0 -d . --no-cache', 'convert a.npz -o a.parquet --force']) {
    const run = (nodeOptions: string) =>
      spawnSync(
        'sh',
        ['-c', `ulimit -v ${kibibytes}; exec "$0" "$@"`, process.execPath, program, ...line.split(' ')],
        {
          cwd: folder,
          env: { ...process.env, NODE_OPTIONS: nodeOptions },
          encoding: 'utf8',
        },
      );

    test(`${line}: works, or the error names the option with which it works`, () => {
      const { status, stderr } = run('');
      const refused =
        /^giallo: not enough memory for this work\nhint: .*NODE_OPTIONS=--disable-wasm-trap-handler/;
      if (status !== 0) assert.match(stderr, refused);
      assert.ok(status === 0 || status === 1, `${status}`);
      assert.equal(run(options).status, 0);
    });
  }
});
