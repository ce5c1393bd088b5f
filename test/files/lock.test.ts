import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { withLock } from '../../src/files/lock.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

describe('a lock', () => {
  test('exists during the work, and names its process', async () => {
    const folder = temporaryFolder();
    const found = await withLock(folder, async () => {
      assert.deepEqual(await readdir(folder), ['.giallo-lock']);
      return JSON.parse(await readFile(join(folder, '.giallo-lock'), 'utf8'));
    });
    assert.deepEqual([found.pid, found.host], [process.pid, hostname()]);
    assert.deepEqual(await readdir(folder), []);
  });

  test('is removed if the work fails', async () => {
    const folder = temporaryFolder();
    await assert.rejects(
      withLock(folder, () => Promise.reject(new Error('no'))),
      /^Error: no$/,
    );
    assert.deepEqual(await readdir(folder), []);
  });

  test('keeps a second writer out', async () => {
    const folder = temporaryFolder();
    await withLock(folder, async () => {
      await rejects(() => withLock(folder, async () => {}), {
        code: 'dump-locked',
        message: new RegExp(`another giallo .*process ${process.pid} on `),
      });
      assert.deepEqual(await readdir(folder), ['.giallo-lock']);
    });
  });

  test('admits only one of many processes', async () => {
    const folder = temporaryFolder();
    let turnedAway = 0;
    let allTurnedAway = () => {};
    const others = new Promise<void>((resolve) => {
      allTurnedAway = resolve;
    });
    const tries = Array.from({ length: 8 }, () =>
      withLock(folder, () => others).catch((error) => {
        if (++turnedAway === 7) allTurnedAway();
        throw error;
      }),
    );
    const outcomes = await Promise.allSettled(tries);
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  const { pid: ended } = spawnSync(process.execPath, ['--version']);
  const left: readonly (readonly [string, object])[] = [
    ['a process that is no more', { pid: ended, host: hostname(), started: null }],
    ['one whose number another process has now', { pid: process.pid, host: hostname(), started: '1' }],
  ];
  for (const [whose, holder] of left) {
    test(`of ${whose} is taken over`, async () => {
      const folder = temporaryFolder({ '.giallo-lock': JSON.stringify(holder) });
      assert.equal(await withLock(folder, async () => 'done'), 'done');
    });
  }

  test('of a process that has ended is taken over by only one of many', async () => {
    for (let round = 0; round < 50; round++) {
      const dead = { pid: ended, host: hostname(), started: null };
      const folder = temporaryFolder({ '.giallo-lock': JSON.stringify(dead) });
      let inside = 0;
      let most = 0;
      const work = async () => {
        most = Math.max(most, ++inside);
        await setTimeout(5);
        inside--;
      };
      const come = async (steps: number) => {
        for (let step = 0; step < steps; step++) await setImmediate();
        await withLock(folder, work);
      };
      await Promise.allSettled(Array.from({ length: 16 }, (_, i) => come(i)));
      assert.equal(most, 1);
      assert.deepEqual(await readdir(folder), []);
    }
  });

  test('is taken over even if two dead processes left a lock and a guard', async () => {
    const dead = { pid: ended, host: hostname(), started: null };
    const folder = temporaryFolder({ '.giallo-lock': JSON.stringify(dead) });
    const script = `
      import fs from 'node:fs';
      fs.renameSync = () => process.kill(process.pid, 'SIGKILL');
      const { withLock } = await import(${JSON.stringify(new URL('../../dist/files/lock.js', import.meta.url).href)});
      await withLock(${JSON.stringify(folder)}, async () => {});`;
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script]);
    assert.equal(child.signal, 'SIGKILL', String(child.stderr));
    assert.equal((await readdir(folder)).filter((name) => /^\.giallo-lock-/.test(name)).length, 1);
    assert.equal(await withLock(folder, async () => 'done'), 'done');
    assert.deepEqual(await readdir(folder), []);
  });

  test('of another machine is respected, and so is one that cannot be read', async () => {
    for (const text of [JSON.stringify({ pid: ended, host: 'elsewhere', started: null }), '']) {
      const folder = temporaryFolder({ '.giallo-lock': text });
      await rejects(() => withLock(folder, async () => {}), {
        code: 'dump-locked',
        hint: /delete .*\.giallo-lock/,
      });
      assert.equal(await readFile(join(folder, '.giallo-lock'), 'utf8'), text);
    }
  });

  test('in a read-only folder is an error that names the file', async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    await rejects(() => withLock(join(folder, 'file'), async () => {}), { code: 'file-unwritable' });
  });
});
