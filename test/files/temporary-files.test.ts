import assert from 'node:assert/strict';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import {
  isRunning,
  isTemporary,
  makeFolder,
  removeLeftovers,
  temporaryPath,
  thisProcess,
} from '../../src/files/temporary-files.js';
import { deadLeftover, endedProcess } from '../dead-leftover.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

describe('the owner of a temporary file', () => {
  const me = thisProcess();

  test('is running if a process has its number and its start time', () => {
    assert.equal(isRunning(me), true);
    assert.equal(isRunning({ ...me, pid: endedProcess() }), false);
    assert.equal(isRunning({ ...me, started: '1' }), false, 'another process has its number');
  });

  test('counts as running if it is on another machine or in another container', () => {
    assert.equal(isRunning({ ...me, pid: endedProcess(), host: 'elsewhere' }), true);
    assert.equal(isRunning({ ...me, pid: endedProcess(), space: 'pid:[1]' }), true);
  });
});

describe('temporary files', () => {
  test('of dead processes are removed, others never', () => {
    const folder = temporaryFolder({ 'notes.txt': 'mine', '.giallo-0123456789abcdef.tmp': 'unknown' });
    const mine = temporaryPath(folder);
    const reused = mine.replace(/-(\d+)-(\d+)-/, '-$1-1-');
    const elsewhere = deadLeftover(folder).replace(/-[0-9a-f]{8}-/, '-00000000-');
    for (const path of [mine, reused, elsewhere, deadLeftover(folder)]) writeFileSync(path, '');
    removeLeftovers(folder);
    const left = [basename(mine), basename(elsewhere), 'notes.txt', '.giallo-0123456789abcdef.tmp'];
    assert.deepEqual(readdirSync(folder).sort(), left.sort());
    removeLeftovers(folder, { ofThisProcess: true });
    assert.equal(readdirSync(folder).includes(basename(mine)), false);
    assert.equal(readdirSync(folder).length, 3);
  });

  test('have short names that other files do not have', () => {
    const name = basename(temporaryPath('x'));
    assert.equal(isTemporary(name), true);
    assert.ok(name.length < 80);
    for (const other of ['.giallo-lock', '.giallo-1-2-3.tmp', 'a.tmp'])
      assert.equal(isTemporary(other), false);
  });

  test('are not looked for if the folder cannot be read', () => {
    removeLeftovers(join(temporaryFolder(), 'none'));
  });
});

describe('a folder', () => {
  test('is made with its parents, and may exist already', () => {
    const folder = join(temporaryFolder(), 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    writeFileSync(join(folder, 'x'), 'x');
    assert.equal(readFileSync(join(folder, 'x'), 'utf8'), 'x');
  });

  test('that cannot be made is an error with its cause in plain words', async () => {
    const file = join(temporaryFolder({ file: '' }), 'file');
    const link = join(temporaryFolder(), 'link');
    symlinkSync('/gone/disk', link);
    await rejects(() => makeFolder('/proc/none'), {
      code: 'file-unwritable',
      message: '/proc/none: cannot write: no such file or folder',
    });
    for (const [path, said] of [
      [file, `${file}: cannot write there: it is a file, not a folder`],
      [join(file, 'a'), `${join(file, 'a')}: cannot write: a part of the path is not a folder`],
      [join(link, 'a'), `${link}: cannot write there: it is a link to /gone/disk, which does not exist`],
    ] as const) {
      await rejects(() => makeFolder(path), { code: 'file-unwritable', message: said });
    }
  });
});
