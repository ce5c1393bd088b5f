/** Every format: written films are read back with the same bits. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FormName, type FormOptions, formNames, forms } from '../../src/convert/forms.js';
import { withOutputs } from '../../src/files/outputs.js';
import { anyText, cases } from '../cases.js';
import { temporaryFolder } from '../temporary-folder.js';
import { bitsOf, blocksOf, type Held, hold, plainOptions } from './frames-in-memory.js';

async function write(
  form: FormName,
  path: string,
  held: Held,
  options: FormOptions,
  rows = 2,
): Promise<void> {
  await withOutputs({ force: true, sources: [] }, async (outputs) => {
    const target = { path, place: path, outputs, blocks: blocksOf(held, rows), dim: held.dim };
    assert.equal(await forms[form].write(target, options), held.filenames.length);
  });
}

const awkward = [
  '',
  ' ',
  ',',
  '"',
  '""',
  'a,b',
  'a"b',
  '\n',
  'a\nb',
  '\r',
  'a\r\nb',
  '\u{1F3AC}',
  '__proto__',
  '1',
  '\uFEFFa',
  'a\tb',
  'constructor',
  'film:frame',
];

const anyName = fc.oneof(fc.constantFrom(...awkward), anyText()).filter((name) => !name.endsWith('\0'));

const anyBits = fc.oneof(
  fc.nat({ max: 0xffff_ffff }),
  fc.constantFrom(0, 0x8000_0000, 1, 0x8000_0001, 0x7f7f_ffff, 0x0080_0000, 0x3dcc_cccd),
);

function anyFilm(allBits: boolean): fc.Arbitrary<Held> {
  const bits = allBits ? anyBits : anyBits.filter((word) => (word & 0x7f80_0000) !== 0x7f80_0000);
  return fc
    .tuple(
      fc.uniqueArray(anyName, { minLength: 1, maxLength: 7 }),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(bits),
    )
    .map(([filenames, dim, stream]) => {
      const words = Uint32Array.from({ length: filenames.length * dim }, () => stream.next().value);
      return { filenames, dim, values: new Float32Array(words.buffer) };
    });
}

// Text has only one NaN, and JSON has neither NaN nor infinities.
const keepsAllBits: Readonly<Record<FormName, boolean>> = {
  npz: true,
  npy: true,
  json: false,
  csv: false,
  parquet: true,
};

for (const form of formNames) {
  test(`${form}: any film is read back with the same bits`, async () => {
    const folder = temporaryFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(anyFilm(keepsAllBits[form]), async (held) => {
        // A different name each time, since the names beside an earlier .npy would be in the way.
        const path = join(folder, `${run++}.${form}`);
        await write(form, path, held, plainOptions);
        const read = await hold(await forms[form].read(path, plainOptions));
        assert.deepEqual(read.filenames, held.filenames);
        assert.equal(read.dim, held.dim);
        assert.deepEqual(bitsOf(read.values), bitsOf(held.values));
      }),
      { numRuns: cases(100) },
    );
  });

  test(`${form}: the same frames give the same bytes, in blocks of any size`, async () => {
    const folder = temporaryFolder();
    const filenames = Array.from({ length: 500 }, (_, i) => `${i}.jpg`);
    const values = Float32Array.from({ length: 500 * 600 }, (_, i) => Math.sin(i));
    const files: Buffer[] = [];
    for (const [run, rows] of [3, 3, 77].entries()) {
      const path = join(folder, `${run}.${form}`);
      await write(form, path, { filenames, dim: 600, values }, plainOptions, rows);
      files.push(await readFile(path));
    }
    assert.ok(files[0]?.equals(files[1] as Buffer));
    // Parquet makes a page of each block that it is given.
    if (form !== 'parquet') assert.ok(files[0]?.equals(files[2] as Buffer));
  });

  test(`${form}: a film without frames is read back without frames`, async () => {
    const path = join(temporaryFolder(), `film.${form}`);
    await write(form, path, { filenames: [], dim: 3, values: new Float32Array() }, plainOptions);
    const read = await hold(await forms[form].read(path, plainOptions));
    assert.deepEqual(read.filenames, []);
    if (form !== 'json') assert.equal(read.dim, 3);
  });
}

test('json: NaN is written as null and read back', async () => {
  const path = join(temporaryFolder(), 'film.json');
  const options = { ...plainOptions, nan: 'null' } as const;
  const values = Float32Array.of(1, Number.NaN);
  await write('json', path, { filenames: ['a'], dim: 2, values }, options);
  assert.deepEqual((await hold(await forms.json.read(path, options))).values, values);
});

test('csv: NaN and infinities are read back', async () => {
  const path = join(temporaryFolder(), 'film.csv');
  const values = Float32Array.of(Number.NaN, Infinity, -Infinity);
  await write('csv', path, { filenames: ['a'], dim: 3, values }, plainOptions);
  assert.equal(await readFile(path, 'utf8'), 'filename,v0,v1,v2\na,NaN,Infinity,-Infinity\n');
  assert.deepEqual((await hold(await forms.csv.read(path, plainOptions))).values, values);
});

for (const form of ['csv', 'parquet'] as const) {
  test(`${form}: a name that UTF-8 cannot hold is refused`, async () => {
    const path = join(temporaryFolder(), `film.${form}`);
    const held = { filenames: ['a', '\udfac'], dim: 1, values: Float32Array.of(1, 2) };
    await assert.rejects(write(form, path, held, plainOptions), { code: 'value-unrepresentable' });
  });
}
