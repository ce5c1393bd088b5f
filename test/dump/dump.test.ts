import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { openCollection } from '../../src/collection/collection.js';
import { type DumpOutcome, dump } from '../../src/dump/dump.js';
import { type DumpFormat, dumpForm } from '../../src/dump/forms.js';
import { withOutputs } from '../../src/files/outputs.js';
import { planTopk } from '../../src/reports/topk.js';
import { questionDefaults } from '../../src/search/question.js';
import { cases } from '../cases.js';
import { deadLeftover } from '../dead-leftover.js';
import { filesIn } from '../files-in.js';
import { type MadeFilm, madeFilms, withCollection, writeFilm } from '../oracle/made-films.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

interface Asked {
  readonly format?: DumpFormat;
  readonly k?: number;
  readonly force?: boolean;
  readonly films?: readonly string[];
  /** Where neighbours are looked for: in all films by default. */
  readonly scope?: readonly string[];
  /** Ends the dump when so many files are whole. */
  readonly stopAt?: number;
}

class Stopped extends Error {}

describe('a dump', () => {
  test('that is stopped anywhere and run again ends with the files of an undisturbed one', async () => {
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

  test('names its files by their films, with what a file system forbids written out', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data);
    assert.deepEqual(
      (await filesIn(folder)).map(([name]) => name),
      ['a%3F.ndjson', 'b.ndjson', 'empty.ndjson', 'manifest.json'],
    );
  });

  test('that is whole is left as it is', async () => {
    const { data, folder } = await madeCollection();
    assert.deepEqual((await dumpTo(folder, data)).outcome, { written: 3, kept: 0 });
    const again = await dumpTo(folder, data);
    assert.deepEqual([again.outcome, again.notices], [{ written: 0, kept: 3 }, []]);
  });

  test('makes again what was made from a film that has changed, and says so', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data, { films: ['b', 'empty'] });
    await writeFilm(data, { name: 'b', dim: 2, rows: [[3, 1]] });
    const { outcome, notices } = await dumpTo(folder, data, { films: ['b'] });
    assert.deepEqual(outcome, { written: 1, kept: 0 });
    assert.deepEqual(notices, [`${folder}: made before b changed; removed: b.ndjson, empty.ndjson`]);
    await isAsFresh(data, { films: ['b'] });
  });

  test('makes all again when there is a film more', async () => {
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

  test('of a film that was renamed has no file under its old name', async () => {
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

  test('for Embedding Atlas makes again what the number of frames of a film before it has moved', async () => {
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

  test('goes by what is in a film, not by its bytes or its time', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data);
    const path = join(data, 'b.npz');
    await writeFile(path, await readFile(path));
    assert.deepEqual((await dumpTo(folder, data)).outcome, { written: 0, kept: 3 });
  });

  test('makes a damaged file again, and takes a leftover away', async () => {
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

  test('makes a file again that was written under another name', async () => {
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

  test('leaves the temporary files of processes that run', async () => {
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

  test('of films with long names, and names of characters that are written out, has a file for each', async () => {
    const names = ['x'.repeat(249), `${'x'.repeat(248)}y`, '%'.repeat(100), 'short'];
    const { data, folder } = await madeCollection(names);
    assert.deepEqual((await dumpTo(folder, data)).outcome, { written: 4, kept: 0 });
    assert.deepEqual((await dumpTo(folder, data)).outcome, { written: 0, kept: 4 });
    const files = (await readdir(folder)).filter((name) => name.endsWith('.ndjson'));
    assert.equal(files.length, 4);
    const { files: manifest } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'));
    assert.deepEqual(Object.keys(manifest).sort(), names.sort());
  });

  test('grows film by film', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data, { films: ['b'] });
    assert.deepEqual((await dumpTo(folder, data)).outcome, { written: 2, kept: 1 });
    await isAsFresh(data);
  });

  test('of other parameters is refused, naming what differs, until it is forced', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data, { format: 'csv', k: 2 });
    await rejects(() => dumpTo(folder, data, { format: 'csv', k: 3 }), {
      code: 'dump-differs',
      message: `${folder}: made with k 2, not 3`,
      hint: /--force/,
    });
    await dumpTo(folder, data, { k: 3, force: true });
    await isAsFresh(data, { k: 3 });
  });

  test('does not begin where another manifest.json lies', async () => {
    const { data } = await madeCollection();
    for (const text of ['{}', '[', '{"v":1,"parameters":{},"inputs":{},"files":{"a":1}}']) {
      const other = temporaryFolder({ 'manifest.json': text });
      await rejects(() => dumpTo(other, data), { code: 'input-malformed', message: /manifest of a dump/ });
      await dumpTo(other, data, { force: true });
    }
    const other = temporaryFolder();
    execFileSync('mkfifo', [join(other, 'manifest.json')]);
    await rejects(() => dumpTo(other, data), { code: 'input-malformed', message: /manifest of a dump/ });
  });

  test('never writes over a film or over what no dump wrote', async () => {
    const { data, folder } = await madeCollection();
    const before = await readFile(join(data, 'b.npz'));
    for (const force of [false, true]) {
      await rejects(() => dumpTo(data, data, { format: 'npz', force }), {
        code: 'usage',
        message: `${join(data, 'b.npz')}: a film, and giallo writes over no film`,
      });
    }
    assert.deepEqual(await readFile(join(data, 'b.npz')), before);

    const other = temporaryFolder({ 'b.ndjson': 'mine' });
    await rejects(() => dumpTo(other, data), {
      code: 'output-exists',
      message: `${join(other, 'b.ndjson')}: already exists, and no dump wrote it`,
      hint: /-o.*--force/,
    });
    assert.deepEqual(await readdir(other), ['b.ndjson']);
    await dumpTo(other, data, { force: true });
    await dumpTo(folder, data);
    assert.deepEqual(await filesIn(other), await filesIn(folder));
  });

  test('never removes a file elsewhere, whatever its manifest says', async () => {
    const { data, folder } = await madeCollection();
    await dumpTo(folder, data);
    await writeFile(join(data, 'notes.txt'), 'mine');
    await editManifest(folder, (text) => text.replace('"file": "b.ndjson"', '"file": "../notes.txt"'));
    await rejects(() => dumpTo(folder, data), { code: 'input-malformed', message: /manifest of a dump/ });
    await dumpTo(folder, data, { force: true });
    assert.equal(await readFile(join(data, 'notes.txt'), 'utf8'), 'mine');
  });

  test('too large for an archive is refused before the work', async () => {
    const { data, folder } = await madeCollection();
    await rejects(() => dumpTo(folder, data, { format: 'npz', k: 2 ** 31 }), {
      code: 'output-too-large',
      message: /^a\?: .*2 frames x 2147483648 neighbours/,
    });
    assert.ok(!(await readdir(data)).includes('dump'));
  });
});

const films: readonly MadeFilm[] = [
  {
    name: 'a?',
    dim: 2,
    rows: [
      [1, 0],
      [0, 0],
    ],
  },
  {
    name: 'b',
    dim: 2,
    rows: [
      [1, 1],
      [1, 2],
      [2, 1],
    ],
  },
  { name: 'empty', dim: 2, rows: [] },
];

/** A folder of films, and a place in it for a dump. */
async function madeCollection(names?: readonly string[]): Promise<{ data: string; folder: string }> {
  const data = temporaryFolder();
  const made = names?.map((name): MadeFilm => ({ name, dim: 2, rows: [[1, 2]] })) ?? films;
  for (const film of made) await writeFilm(data, film);
  return { data, folder: join(data, 'dump') };
}

async function editManifest(folder: string, edit: (text: string) => string): Promise<void> {
  const path = join(folder, 'manifest.json');
  await writeFile(path, edit(await readFile(path, 'utf8')));
}

/** Asserts that the dump of the folder is what one from nothing is. */
async function isAsFresh(data: string, asked: Asked = {}): Promise<void> {
  await dumpTo(join(data, 'fresh'), data, asked);
  assert.deepEqual(await filesIn(join(data, 'dump')), await filesIn(join(data, 'fresh')));
}

async function dumpTo(folder: string, data: string, asked: Asked = {}) {
  const { format = 'ndjson', k = 2, force = false, films, scope, stopAt } = asked;
  const stop = new AbortController();
  const collection = await openCollection(data);
  const chosen = collection.films.filter(({ name }) => films?.includes(name) ?? true);
  const searched = scope ? { in: collection.films.filter(({ name }) => scope.includes(name)) } : 'all';
  const request = { ...questionDefaults, k, films: chosen, scope: searched } as const;
  const plan = await planTopk(collection, request, { signal: stop.signal });
  const notices: string[] = [];
  const outcome: DumpOutcome = await dump(plan, {
    folder,
    form: dumpForm(format, { ...request, times: new Map(), films: plan.films }),
    parameters: new Map(Object.entries({ format, k })),
    force,
    onNotice: async (text) => void notices.push(text),
    onFile(whole) {
      if (whole === stopAt) stop.abort(new Stopped());
    },
  });
  return { outcome, notices };
}
