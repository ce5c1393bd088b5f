import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, test } from 'node:test';
import { limitOpenFiles, OpenFile, openWithRetries, shareOpenFiles } from '../../src/files/open-files.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const changed = { code: 'file-unreadable', message: /changed while it was being read$/ } as const;
const openNow = () => readdirSync('/proc/self/fd').length;

async function open(count: number): Promise<{ folder: string; files: OpenFile[] }> {
  const names = Array.from({ length: count }, (_, i) => `${i}`);
  const folder = temporaryFolder(Object.fromEntries(names.map((name) => [name, `file ${name}`])));
  return { folder, files: await Promise.all(names.map((name) => OpenFile.open(join(folder, name)))) };
}

async function textOf(file: OpenFile): Promise<string> {
  const bytes = Buffer.alloc(20);
  return bytes.toString('utf8', 0, await file.read(bytes, 0, 20, 0));
}

describe('open files', () => {
  afterEach(() => limitOpenFiles(undefined));

  test('are read with no more descriptors than allowed', async () => {
    const before = openNow();
    limitOpenFiles(3);
    const { files } = await open(40);
    for (let round = 0; round < 3; round++) {
      const texts = await Promise.all(files.map(textOf));
      assert.deepEqual(
        texts,
        files.map((_, i) => `file ${i}`),
      );
      assert.ok(openNow() <= before + 3, `${openNow() - before} open`);
    }
    const bytes = Buffer.alloc(8);
    for (const [i, file] of files.entries()) {
      file.readSync(bytes, 0, 6, 0);
      assert.equal(bytes.toString('utf8', 0, 6), `file ${i}`.slice(0, 6));
    }
    for (const file of files) file.close();
    assert.ok(openNow() <= before);
  });

  test('never block each other if more reads are under way than descriptors are allowed', async () => {
    limitOpenFiles(1);
    const { files } = await open(20);
    // Each task holds one file and reads another.
    await Promise.all(
      files.map(async (file, i) => {
        for (let step = 0; step < 10; step++) {
          assert.equal(await textOf(file), `file ${i}`);
          assert.match(await textOf(files[(i * 7 + step) % files.length]), /^file/);
        }
      }),
    );
    for (const file of files) file.close();
  });

  test('are an error if they were replaced or rewritten while their descriptor was closed', async () => {
    limitOpenFiles(1);
    const { folder, files } = await open(3);
    writeFileSync(join(folder, 'new'), 'file 0');
    renameSync(join(folder, 'new'), join(folder, '0'));
    writeFileSync(join(folder, '1'), 'other');
    assert.equal(await textOf(files[2]), 'file 2');
    for (const i of [0, 1]) {
      await rejects(() => textOf(files[i]), changed);
    }
    for (const file of files) file.close();
  });

  test('notice that their file was rewritten', async () => {
    const { folder, files } = await open(1);
    await files[0].requireUnchanged();
    writeFileSync(join(folder, '0'), 'file 1');
    await rejects(() => files[0].requireUnchanged(), changed);
    files[0].close();
    // Also if size and time are set back.
    const path = join(folder, '0');
    utimesSync(path, 1000, 1000);
    const file = await OpenFile.open(path);
    writeFileSync(path, 'file 2');
    utimesSync(path, 1000, 1000);
    await rejects(() => file.requireUnchanged(), changed);
    file.close();
  });

  test('give the error of the file system if they do not exist', async () => {
    await assert.rejects(OpenFile.open(join(temporaryFolder(), 'none')), { code: 'ENOENT' });
    assert.throws(() => OpenFile.openSync(join(temporaryFolder(), 'none')), { code: 'ENOENT' });
  });
});

describe('if no descriptor is left', () => {
  test('opening waits for one', async () => {
    let attempts = 0;
    const opened = await openWithRetries(async () => {
      if (++attempts < 4) throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
      return 'opened';
    });
    assert.deepEqual([opened, attempts], ['opened', 4]);
  });

  test('many files wait at the same time, not one after another', async () => {
    let attempts = 0;
    const open = async () => {
      attempts++;
      throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
    };
    await assert.rejects(openWithRetries(open), { code: 'open-files-limit' });
    const ofFirst = attempts;
    attempts = 0;
    await assert.rejects(openWithRetries(open), { code: 'open-files-limit' });
    assert.ok(ofFirst > 10 && attempts <= 2, `${ofFirst} attempts, then ${attempts}`);
  });

  test('a single error names the limit', () => {
    const script = `
      const fs = await import('node:fs');
      const { OpenFile } = await import(${JSON.stringify(new URL('../../dist/files/open-files.js', import.meta.url).href)});
      let said;
      while (said === undefined) {
        for (;;) try { fs.openSync('/dev/null'); } catch { break; }
        // Descriptors that the loader closes meanwhile are taken too.
        await OpenFile.open('/etc/passwd').catch((error) => { said = error.code + ': ' + error.message; });
      }
      fs.writeSync(1, said);`;
    const run = `ulimit -n 64; exec "${process.execPath}" --input-type=module -e '${script.replaceAll("'", `'\\''`)}'`;
    const said = execFileSync('bash', ['--norc', '-c', run], { encoding: 'utf8' });
    assert.equal(
      said,
      'open-files-limit: too many open files: this process has reached its limit (ulimit -n)',
    );
  });
});

test('worker threads share the allowed descriptors', () => {
  const { threads, loading, files } = shareOpenFiles(4);
  assert.equal(threads, 4);
  assert.ok(loading >= 1 && files >= 2);
});
