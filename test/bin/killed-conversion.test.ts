/** A conversion that is killed leaves a temporary file, which whoever writes there next removes. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { temporaryFolder } from '../temporary-folder.js';

const program = join(import.meta.dirname, '../../bin/giallo.js');
const isTemporary = (name: string) => name.endsWith('.tmp');

describe('a conversion that is killed', () => {
  const rows = Array.from({ length: 300_000 }, (_, i) => `${i},1,2,3`).join('\n');
  const files = { 'big.csv': `filename,v0,v1,v2\n${rows}\n`, 'small.json': '{"a":[1]}' };

  for (const [next, args] of Object.entries({
    conversion: ['convert', 'small.json', '-o', 'small.npz'],
    dump: ['topk', '-o', '.', '-d', '.', '--no-cache'],
  })) {
    test(`leaves nothing to the next ${next} there`, async () => {
      const folder = temporaryFolder(files);
      const options = { cwd: folder, stdio: 'ignore' } as const;
      const killed = spawn(process.execPath, [program, 'convert', 'big.csv', '-o', 'big.npz'], options);
      while (!readdirSync(folder).some(isTemporary) && killed.exitCode === null) await setTimeout(1);
      killed.kill('SIGKILL');
      await once(killed, 'exit');
      assert.ok(readdirSync(folder).some(isTemporary));
      assert.equal(readdirSync(folder).includes('big.npz'), false);
      const { status, stderr } = spawnSync(process.execPath, [program, ...args], {
        cwd: folder,
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
      assert.deepEqual(readdirSync(folder).filter(isTemporary), []);
    });
  }
});
