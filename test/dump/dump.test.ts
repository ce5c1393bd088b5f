import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { DumpFormat } from '../../src/dump/forms.js';
import { withOutputs } from '../../src/files/outputs.js';
import { cases } from '../cases.js';
import { bytesOf } from '../collection/small-films.js';
import { filesIn } from '../files-in.js';
import { buildNpy } from '../npz/build-zip.js';
import { madeFilms, withCollection } from '../oracle/made-films.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { dumpTo, editManifest, isAsFresh, madeCollection, Stopped } from './made-dumps.js';

describe('a dump', () => {
  test('stopped anywhere and run again has the same files as one that was not stopped', async () => {
    const formats = fc.constantFrom<DumpFormat>('ndjson', 'csv', 'npz', 'parquet', 'atlas');
    await fc.assert(
      fc.asyncProperty(madeFilms(5), formats, fc.array(fc.nat(4)), async (films, format, stops) => {
        await withCollection(films, async ({ folder }) => {
          const disturbed = join(folder, 'disturbed');
          for (const stopAt of stops) {
            await dumpTo(disturbed, folder, { format, stopAt }).catch((error) => {
              if (!(error instanceof Stopped)) throw error;
            });
          }
          await dumpTo(disturbed, folder, { format });
          await dumpTo(join(folder, 'undisturbed'), folder, { format });
          assert.deepEqual(await filesIn(disturbed), await filesIn(join(folder, 'undisturbed')));
        });
      }),
      { numRuns: cases(25) },
    );
  });

  test('names its files after their films, with forbidden characters escaped', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data);
    assert.deepEqual(
      [...(await filesIn(folder)).keys()],
      ['a%3F.ndjson', 'b.ndjson', 'empty.ndjson', 'manifest.json'],
    );
  });

  test('that is complete is not changed', async () => {
    const { data, folder } = await madeCollection();
    assert.deepEqual((await dumpTo(folder, data)).outcome, { written: 3, kept: 0 });
    const again = await dumpTo(folder, data);
    assert.deepEqual([again.outcome, again.notices], [{ written: 0, kept: 3 }, []]);
  });

  test('keeps the temporary files of running processes', async () => {
    const { data, folder } = await madeCollection();
    await mkdir(folder);
    const path = join(folder, 'other.txt');
    await withOutputs({ force: false, sources: [] }, async (outputs) => {
      const file = await outputs.create(path);
      await dumpTo(folder, data);
      await file.writeFile('whole');
    });
    assert.equal(await readFile(path, 'utf8'), 'whole');
  });

  test('has a file for each film with a long or escaped name', async () => {
    const names = ['x'.repeat(249), `${'x'.repeat(248)}y`, '%'.repeat(100), 'short'];
    const { data, folder } = await madeCollection(names);
    assert.deepEqual((await dumpTo(folder, data)).outcome, { written: 4, kept: 0 });
    assert.deepEqual((await dumpTo(folder, data)).outcome, { written: 0, kept: 4 });
    const files = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'));
    assert.equal(files.length, 4);
    const { files: manifest } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    assert.deepEqual(Object.keys(manifest).sort(), names.sort());
  });

  test('has a manifest that names a film three times, however many films there are', async () => {
    const names = Array.from({ length: 40 }, (_, number) => `film ${number}.`);
    const { data, folder } = await madeCollection(names);
    await dumpTo(folder, data);
    const manifest = await readFile(join(folder, 'manifest.json'), 'utf8');
    for (const name of names) assert.equal(manifest.split(`"${name}"`).length - 1, 3);
  });

  test('can be made film by film', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data, { films: ['b'] });
    assert.deepEqual((await dumpTo(folder, data)).outcome, { written: 2, kept: 1 });
    await isAsFresh(data);
  });

  test('with other parameters is an error that names the difference, unless forced', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data, { format: 'csv', k: 2 });
    await rejects(() => dumpTo(folder, data, { format: 'csv', k: 3 }), {
      code: 'dump-differs',
      message: `${folder}: made with -k 2, not 3`,
      hint: /--force/,
    });
    await dumpTo(folder, data, { k: 3, force: true });
    await isAsFresh(data, { k: 3 });
    // Manifests of earlier versions did not note how the films were read.
    await dumpTo(folder, data, { k: 3, reading: ['--fps 5', '--times'] });
    for (const [reading, made] of [
      [[], 'with --fps 5, --times'],
      [['--fps 6'], 'with --fps 5, --times'],
    ] as const) {
      await rejects(() => dumpTo(folder, data, { k: 3, reading }), {
        code: 'dump-differs',
        message: `${folder}: made ${made}`,
      });
    }
    await dumpTo(folder, data, { k: 3, reading: [], force: true });
    await rejects(() => dumpTo(folder, data, { k: 3, reading: ['--fps 5'] }), {
      code: 'dump-differs',
      message: `${folder}: made without --fps 5`,
    });
  });

  test('does not start in a folder with another program’s manifest.json', async () => {
    const { data } = await madeCollection();
    const texts = [
      '{}',
      '[',
      '{"v":1,"parameters":{},"inputs":{},"files":{"a":1}}',
      '{"v":1,"parameters":{"k":{"a":1}},"inputs":{},"files":{}}',
    ];
    for (const text of texts) {
      const other = temporaryFolder({ 'manifest.json': text });
      await rejects(() => dumpTo(other, data), { code: 'input-malformed', message: /manifest of a dump/ });
      await dumpTo(other, data, { force: true });
    }
    const other = temporaryFolder();
    execFileSync('mkfifo', [join(other, 'manifest.json')]);
    await rejects(() => dumpTo(other, data), { code: 'input-malformed', message: /manifest of a dump/ });
  });

  test('never writes over a film or over a file that no dump wrote', async () => {
    const { data, folder } = await madeCollection();
    const before = await readFile(join(data, 'b.npz'));
    for (const force of [false, true]) {
      await rejects(() => dumpTo(data, data, { format: 'npz', force }), {
        code: 'usage',
        message: `${join(data, 'b.npz')}: is a film; giallo does not write over films`,
      });
    }
    assert.deepEqual(await readFile(join(data, 'b.npz')), before);
    const arrays = temporaryFolder({ 'a.npy': buildNpy('<f4', [2, 1], bytesOf(1, 2)) });
    await rejects(() => dumpTo(arrays, arrays, { format: 'npz' }), {
      code: 'usage',
      message: `${arrays}: holds films, and a dump's .npz files would be films there`,
    });
    assert.deepEqual(await readdir(arrays), ['a.npy']);

    const other = temporaryFolder({ 'b.ndjson': 'mine' });
    await rejects(() => dumpTo(other, data), {
      code: 'output-exists',
      message: `${join(other, 'b.ndjson')}: already exists, and was not written by a dump`,
      hint: /-o.*--force/,
    });
    assert.deepEqual(await readdir(other), ['b.ndjson']);
    await dumpTo(other, data, { force: true });
    await dumpTo(folder, data);
    assert.deepEqual(await filesIn(other), await filesIn(folder));
  });

  test('removes files that were written after its manifest, when it was killed', async () => {
    for (const force of [false, true]) {
      const { data, folder } = await madeCollection();
      await dumpTo(folder, data);
      await editManifest(folder, (text) => {
        const { files, ...manifest } = JSON.parse(text);
        delete files.b;
        return JSON.stringify({ ...manifest, files, unfinished: ['b.ndjson'] });
      });
      await dumpTo(folder, data, { films: ['a?'], force });
      assert.ok(!(await readdir(folder)).includes('b.ndjson'));
    }
  });

  test('never removes a file outside its folder, whatever its manifest says', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data);
    await writeFile(join(data, 'notes.txt'), 'mine');
    const changes = [
      ['"file": "b.ndjson"', '"file": "../notes.txt"'],
      ['"v": 2', '"v": 2, "unfinished": ["../notes.txt"]'],
    ];
    for (const [before, after] of changes) {
      await editManifest(folder, (text) => text.replace(before, after));
      await rejects(() => dumpTo(folder, data), { code: 'input-malformed', message: /manifest of a dump/ });
      await dumpTo(folder, data, { force: true });
      assert.equal(await readFile(join(data, 'notes.txt'), 'utf8'), 'mine');
    }
  });

  test('too large for an archive is refused before any work', async () => {
    const { data, folder } = await madeCollection();
    await rejects(() => dumpTo(folder, data, { format: 'npz', k: 2 ** 31 }), {
      code: 'output-too-large',
      message: /^a\?: .*2 frames x 2147483648 neighbours/,
    });
    assert.ok(!(await readdir(data)).includes('dump'));
  });
});
