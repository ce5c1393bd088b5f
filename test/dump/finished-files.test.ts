import assert from 'node:assert/strict';
import { readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { deadLeftover } from '../dead-leftover.js';
import { writeFilm } from '../oracle/made-films.js';
import { dumpTo, editManifest, isAsFresh, madeCollection } from './made-dumps.js';

describe('a dump that is run again', () => {
  test('makes the files again that depend on a changed film, and says so', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data, { films: ['b', 'empty'] });
    await writeFilm(data, { name: 'b', dim: 2, rows: [[3, 1]] });
    const { outcome, notices } = await dumpTo(folder, data, { films: ['b'] });
    assert.deepEqual(outcome, { written: 1, kept: 0 });
    assert.deepEqual(notices, [`${folder}: made before b changed; removed: b.ndjson, empty.ndjson`]);
    await isAsFresh(data, { films: ['b'] });
  });

  test('makes all files again if a frame that is left out has other numbers than before', async () => {
    const { data, folder } = await madeCollection();
    const [black, logo] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
    await dumpTo(folder, data, { films: ['b', 'empty'], without: [black, logo] });
    const same = await dumpTo(folder, data, { films: ['b'], without: [logo, black] });
    assert.deepEqual(same, { outcome: { written: 0, kept: 1 }, notices: [] });
    const changed = { films: ['b'], without: [black, Float32Array.of(1, 1)] };
    const { outcome, notices } = await dumpTo(folder, data, changed);
    assert.deepEqual(outcome, { written: 1, kept: 0 });
    const reason = 'made before a frame of --without changed';
    assert.deepEqual(notices, [`${folder}: ${reason}; removed: b.ndjson, empty.ndjson`]);
    await isAsFresh(data, changed);
  });

  test('makes all files again if a film was added', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data);
    await writeFilm(data, { name: 'c', dim: 2, rows: [[1, 1]] });
    const { outcome, notices } = await dumpTo(folder, data);
    assert.deepEqual(outcome, { written: 4, kept: 0 });
    assert.match(
      notices.join('\n'),
      /: made from other films; removed: a%3F\.ndjson, b\.ndjson, empty\.ndjson$/,
    );
    await isAsFresh(data);
  });

  test('removes the file of a film’s old name', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data);
    await rename(join(data, 'b.npz'), join(data, 'c.npz'));
    const { outcome, notices } = await dumpTo(folder, data);
    assert.deepEqual(outcome, { written: 3, kept: 0 });
    assert.deepEqual(notices, [
      `${folder}: made from other films; removed: a%3F.ndjson, empty.ndjson`,
      `${folder}: made before b left the collection; removed: b.ndjson`,
    ]);
    await isAsFresh(data);
  });

  test('keeps the files of films that cannot be read now, and of another collection', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data, { films: ['b'], scope: ['b'] });
    await writeFile(join(data, 'b.npz'), 'damaged');
    const other = await madeCollection(['other']);
    for (const from of [data, other.data]) assert.deepEqual((await dumpTo(folder, from)).notices, []);
    assert.equal((await readdir(folder)).filter((name) => name === 'b.ndjson').length, 1);
  });

  test('for Embedding Atlas makes files again if ids changed because an earlier film has more frames', async () => {
    const { data, folder } = await madeCollection();
    const asked = { format: 'atlas', films: ['b'], scope: ['b'] } as const;
    await dumpTo(folder, data, { ...asked, films: ['a?', 'b'] });
    await writeFilm(data, { name: 'a?', dim: 2, rows: [[1, 0]] });
    const { notices } = await dumpTo(folder, data, { ...asked, films: ['a?', 'b'] });
    assert.deepEqual(notices, [
      `${folder}: made before a?, b changed; removed: a%3F.parquet`,
      `${folder}: made before b changed; removed: b.parquet`,
    ]);
    await isAsFresh(data, { ...asked, films: ['a?', 'b'] });
  });

  test('compares the content of films, not their bytes or times', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data);
    const path = join(data, 'b.npz');
    await writeFile(path, await readFile(path));
    assert.deepEqual((await dumpTo(folder, data)).outcome, { written: 0, kept: 3 });
  });

  test('continues what version 1 of the manifest has begun', async () => {
    const { data, folder } = await madeCollection();
    for (const asked of [{}, { scope: ['b'] }]) {
      await dumpTo(folder, data, { ...asked, force: true });
      await editManifest(folder, asVersion1);
      await rm(join(folder, 'b.ndjson'));
      const { outcome, notices } = await dumpTo(folder, data, asked);
      assert.deepEqual(outcome, { written: 1, kept: 2 });
      assert.deepEqual(notices, [`${folder}: modified since written; removed: b.ndjson`]);
      await isAsFresh(data, asked);
    }
  });

  test('makes a damaged file again, and removes a temporary file', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data);
    await truncate(join(folder, 'b.ndjson'), 5);
    await rm(join(folder, 'empty.ndjson'));
    await writeFile(deadLeftover(folder), 'half');
    await writeFile(join(folder, 'notes.txt'), 'mine');
    const { outcome, notices } = await dumpTo(folder, data);
    assert.deepEqual(outcome, { written: 2, kept: 1 });
    assert.deepEqual(notices, [`${folder}: modified since written; removed: b.ndjson, empty.ndjson`]);
    await rm(join(folder, 'notes.txt'));
    await isAsFresh(data);
  });

  test('makes a file again that was written under a different name', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data);
    await rename(join(folder, 'b.ndjson'), join(folder, '.b.ndjson'));
    await editManifest(folder, (text) => text.replace('"file": "b.ndjson"', '"file": ".b.ndjson"'));
    assert.deepEqual((await dumpTo(folder, data, { films: ['a?'] })).outcome, { written: 0, kept: 1 });
    const { outcome, notices } = await dumpTo(folder, data);
    assert.deepEqual(outcome, { written: 1, kept: 2 });
    assert.deepEqual(notices, [`${folder}: named by the rules of another version; removed: .b.ndjson`]);
    await isAsFresh(data);
  });
});

/** A manifest as version 1 had it: with a list of films for each file. */
function asVersion1(text: string): string {
  const { searched, files, ...rest } = JSON.parse(text);
  const entries = Object.entries<{ searched: number; itself: boolean }>(files);
  const filesOf1 = entries.map(([film, { itself, ...file }]) => {
    const names: string[] = searched[file.searched];
    return [film, { ...file, searched: names.filter((name) => itself || name !== film) }];
  });
  return JSON.stringify({ ...rest, v: 1, files: Object.fromEntries(filesOf1) });
}
