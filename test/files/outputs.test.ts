import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { withOutputs } from '../../src/files/outputs.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const careful = { force: false, sources: [] };

test('files appear under their names only when all are complete', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a.txt');
  const { result, paths } = await withOutputs(careful, async (outputs) => {
    const scratch = await outputs.scratch(path);
    await scratch.writeFile('scratch');
    const file = await outputs.create(path);
    await file.writeFile('whole');
    assert.equal((await readdir(folder)).includes('a.txt'), false);
    return 7;
  });
  assert.equal(result, 7);
  assert.deepEqual(paths, [path]);
  assert.deepEqual(await readdir(folder), ['a.txt']);
  assert.equal(await readFile(path, 'utf8'), 'whole');
});

test('an error leaves no files, and is thrown on', async () => {
  const folder = temporaryFolder();
  const thrown = new Error('no');
  await assert.rejects(
    withOutputs(careful, async (outputs) => {
      await (await outputs.create(join(folder, 'a.txt'))).writeFile('half');
      await outputs.scratch(join(folder, 'a.txt'));
      throw thrown;
    }),
    (error) => error === thrown,
  );
  assert.deepEqual(await readdir(folder), []);
});

test('an existing file is an error and unchanged, or is replaced with force', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a.txt');
  await writeFile(path, 'old');
  const write = (force: boolean) =>
    withOutputs({ force, sources: [] }, async (outputs) => (await outputs.create(path)).writeFile('new'));
  await rejects(() => write(false), { code: 'output-exists', message: /a\.txt/ });
  assert.equal(await readFile(path, 'utf8'), 'old');
  await write(true);
  assert.equal(await readFile(path, 'utf8'), 'new');
  assert.deepEqual(await readdir(folder), ['a.txt']);
});

test('a file made by others meanwhile is not replaced, and files published before it are removed', async () => {
  const folder = temporaryFolder();
  await rejects(
    () =>
      withOutputs(careful, async (outputs) => {
        await outputs.create(join(folder, 'a.txt'));
        await outputs.create(join(folder, 'b.txt'));
        await writeFile(join(folder, 'b.txt'), 'other');
      }),
    { code: 'output-exists', message: /b\.txt/ },
  );
  assert.deepEqual(await readdir(folder), ['b.txt']);
  assert.equal(await readFile(join(folder, 'b.txt'), 'utf8'), 'other');
});

test('a source is never replaced, not even with force or through a link', async () => {
  const folder = temporaryFolder();
  const source = join(folder, 'a.npz');
  await writeFile(source, 'source');
  await symlink(source, join(folder, 'symbolic.npz'));
  await link(source, join(folder, 'hard.npz'));
  for (const name of ['a.npz', './a.npz', 'symbolic.npz', 'hard.npz']) {
    await rejects(
      () => withOutputs({ force: true, sources: [source] }, (outputs) => outputs.create(`${folder}/${name}`)),
      { code: 'usage', message: /would overwrite its input/ },
    );
  }
  assert.equal(await readFile(source, 'utf8'), 'source');
});

test('errors of the file system name the target file', async () => {
  const folder = temporaryFolder();
  await rejects(() => withOutputs(careful, (outputs) => outputs.create(join(folder, 'none', 'a.txt'))), {
    code: 'file-unwritable',
    message: /none\/a\.txt: cannot write: no such file or folder/,
  });
  await mkdir(join(folder, 'folder'));
  await rejects(
    () => withOutputs({ force: true, sources: [] }, (outputs) => outputs.create(join(folder, 'folder'))),
    { code: 'file-unwritable', message: /folder: cannot write/ },
  );
  assert.deepEqual(await readdir(folder), ['folder']);
});

test('an error about one of several files names that file', async () => {
  const folder = temporaryFolder();
  const first = join(folder, 'a.npy');
  const second = join(folder, 'a.txt');
  await rejects(
    () =>
      withOutputs(careful, async (outputs) => {
        await (await outputs.create(first)).writeFile('whole');
        await outputs.create(second);
        await writeFile('/dev/full', 'more');
      }),
    { code: 'file-unwritable', message: /a\.txt: cannot write/ },
  );
  await mkdir(second);
  await rejects(
    () =>
      withOutputs({ force: true, sources: [] }, async (outputs) => {
        await outputs.create(second);
        await outputs.create(first);
      }),
    { code: 'file-unwritable', message: /a\.txt: cannot write/ },
  );
  assert.deepEqual(await readdir(folder), ['a.txt']);
});

test('a full disk leaves no files', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'a.txt');
  await rejects(
    () =>
      withOutputs(careful, async (outputs) => {
        await (await outputs.create(path)).writeFile('some');
        await writeFile('/dev/full', 'more');
      }),
    { code: 'file-unwritable', message: /a\.txt: cannot write: no space left on the disk/ },
  );
  assert.deepEqual(await readdir(folder), []);
});

async function write(path: string, text: string, force = false): Promise<void> {
  await withOutputs({ force, sources: [] }, async (outputs) => (await outputs.create(path)).writeFile(text));
}

test('a symbolic link is kept, and its file is written', async () => {
  const folder = temporaryFolder();
  const link = join(folder, 'link');
  await mkdir(join(folder, 'other'));
  await symlink(join('other', 'real'), link);
  await rejects(() => write(link, 'new'), { code: 'output-exists', message: /link: already exists/ });
  for (const text of ['dangling', 'again']) {
    await write(link, text, true);
    assert.equal(await readFile(join(folder, 'other', 'real'), 'utf8'), text);
  }
  assert.deepEqual((await readdir(folder)).sort(), ['link', 'other']);
});

test('links to links that lead nowhere yet are kept, and `..` in them leads where the system says', async () => {
  const folder = temporaryFolder();
  await mkdir(join(folder, 'far', 'pages'), { recursive: true });
  await symlink(join('far', 'pages'), join(folder, 'pages'));
  await symlink('second', join(folder, 'far', 'pages', 'first'));
  await symlink(join('..', 'real'), join(folder, 'far', 'pages', 'second'));
  await write(join(folder, 'pages', 'first'), 'text', true);
  assert.deepEqual((await readdir(folder)).sort(), ['far', 'pages']);
  assert.deepEqual((await readdir(join(folder, 'far', 'pages'))).sort(), ['first', 'second']);
  assert.equal((await lstat(join(folder, 'pages', 'second'))).isSymbolicLink(), true);
  assert.equal(await readFile(join(folder, 'far', 'real'), 'utf8'), 'text');
});

test('a file that is replaced keeps its permissions', async () => {
  const path = join(temporaryFolder(), 'secret');
  await writeFile(path, 'old', { mode: 0o600 });
  await write(path, 'new', true);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('a device is written to and not replaced; a full device is an error', async () => {
  await write('/dev/null', 'text');
  assert.equal((await stat('/dev/null')).isCharacterDevice(), true);
  await rejects(() => write('/dev/full', 'text'), {
    code: 'file-unwritable',
    message: /full: .*no space left/,
  });
});

test('a pipe is written to, or is an error if nobody reads from it', async () => {
  const pipe = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  await rejects(() => write(pipe, 'text'), {
    code: 'file-unwritable',
    message: /no program is reading from this pipe/,
  });
  const reader = await open(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  await write(pipe, 'text');
  assert.equal((await reader.readFile('utf8')).toString(), 'text');
  await reader.close();
});
