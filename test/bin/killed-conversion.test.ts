/** A killed conversion leaves a temporary file. The next process that writes into the folder removes it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryFolder } from '../temporary-folder.js';

const program = join(import.meta.dirname, '../../bin/giallo.js');
const isTemporary = (name: string) => name.endsWith('.tmp');

/** Ends the process when it is about to rename its temporary file to the output. */
const hook = `require('node:fs/promises').link = () => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
};`;

describe('a conversion that is killed', () => {
  const files = {
    'kill.cjs': hook,
    'film.csv': 'filename,v0,v1\na,1,2\nb,3,4\n',
    'small.json': '{"a":[1]}',
  };

  for (const [next, args] of Object.entries({
    conversion: ['convert', 'small.json', '-o', 'small.npz'],
    dump: ['topk', '-o', '.', '-d', '.', '--no-cache'],
  })) {
    test(`leaves no files after the next ${next} in the folder`, () => {
      const folder = temporaryFolder(files);
      const node = (...words: readonly string[]) =>
        spawnSync(process.execPath, words, { cwd: folder, encoding: 'utf8' });
      const killed = node('-r', './kill.cjs', program, 'convert', 'film.csv', '-o', 'film.npz');
      assert.equal(killed.signal, 'SIGKILL', killed.stderr);
      assert.ok(readdirSync(folder).some(isTemporary));
      assert.equal(readdirSync(folder).includes('film.npz'), false);
      const { status, stderr } = node(program, ...args);
      assert.equal(status, 0, stderr);
      assert.deepEqual(readdirSync(folder).filter(isTemporary), []);
    });
  }
});
