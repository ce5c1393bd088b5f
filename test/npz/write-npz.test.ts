import assert from 'node:assert/strict';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { openFilm } from '../../src/collection/film.js';
import { forms } from '../../src/convert/forms.js';
import { type NpzLayout, writeNpz } from '../../src/npz/write-npz.js';
import type { NamedRows } from '../../src/npz/write-rows.js';
import { anyText, cases, hasAllCases } from '../cases.js';
import { bitsOf, blocksOf, type Held, hold, plainOptions } from '../convert/frames-in-memory.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

type Options = Pick<NpzLayout, 'dtype' | 'compression'>;

const plain: Options = { dtype: 'float32', compression: 'deflated' };

/** Writes an archive and returns its bytes. */
async function write(path: string, held: Held, options: Options, rowsInBlock = 2): Promise<Buffer> {
  const archive = await open(path, 'w+');
  const scratch = await open(`${path}.scratch`, 'w+');
  try {
    const layout = { ...options, dim: held.dim, place: path };
    const frames = await writeNpz({ archive, scratch }, blocksOf(held, rowsInBlock), layout);
    assert.equal(frames, held.filenames.length);
  } finally {
    await archive.close();
    await scratch.close();
  }
  return await readFile(path);
}

function sample(frames: number, dim: number): Held {
  const filenames = Array.from({ length: frames }, (_, i) => `film_${i}.jpg`);
  const values = Float32Array.from({ length: frames * dim }, (_, i) => Math.sin(i));
  return { filenames, dim, values };
}

const anyFilm = fc
  .record({
    filenames: fc.array(
      anyText().filter((name) => !name.endsWith('\0')),
      { maxLength: 8 },
    ),
    dim: fc.integer({ min: 1, max: 5 }),
    seed: fc.infiniteStream(fc.nat({ max: 0xffff_ffff })),
  })
  .map(({ filenames, dim, seed }): Held => {
    const bits = Uint32Array.from({ length: filenames.length * dim }, () => seed.next().value);
    return { filenames, dim, values: new Float32Array(bits.buffer) };
  });

for (const compression of ['deflated', 'stored'] as const) {
  test(`a film written ${compression} is read back with the same bits`, async () => {
    const path = join(temporaryFolder(), 'film.npz');
    await fc.assert(
      fc.asyncProperty(anyFilm, async (film) => {
        await write(path, film, { dtype: 'float32', compression });
        const read = await hold(await forms.npz.read(path, plainOptions));
        assert.deepEqual(read.filenames, film.filenames);
        assert.deepEqual(bitsOf(read.values), bitsOf(film.values));
      }),
      { numRuns: cases(60) },
    );
  });
}

test('the same film gives the same bytes, in blocks of any size', async () => {
  const path = join(temporaryFolder(), 'film.npz');
  const film = sample(1000, 700); // three deflate blocks
  const bytes = await write(path, film, plain, 1);
  assert.ok(bytes.equals(await write(path, film, plain, 1)));
  assert.ok(bytes.equals(await write(path, film, plain, 999)));
  assert.deepEqual(
    bitsOf((await hold(await forms.npz.read(path, plainOptions))).values),
    bitsOf(film.values),
  );
});

test('members are dated 1980-01-01 00:00, as numpy dates them, in any time zone', async (context) => {
  const path = join(temporaryFolder(), 'film.npz');
  const zone = process.env.TZ;
  context.after(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
  for (const place of ['UTC', 'Pacific/Auckland', 'America/Los_Angeles']) {
    process.env.TZ = place;
    const bytes = await write(path, sample(1, 1), plain);
    // Time and date in the first local header: the latter counts years from 1980, months and days from 1.
    assert.equal(bytes.readUInt32LE(10), ((1 << 5) | 1) << 16);
  }
});

test('filenames come first, and both arrays are named as in numpy', async () => {
  const path = join(temporaryFolder(), 'film.npz');
  await write(path, sample(3, 4), plain);
  const film = await openFilm({ name: 'film', path });
  await film.close();
  assert.deepEqual(
    film.arrays.map(({ name, dtype, shape, compression }) => ({ name, dtype, shape, compression })),
    [
      { name: 'filenames', dtype: '<U10', shape: [3], compression: 'deflated' },
      { name: 'embeddings', dtype: 'float32', shape: [3, 4], compression: 'deflated' },
    ],
  );
});

test('stored rows begin at a multiple of 64 bytes, unchanged', async () => {
  const path = join(temporaryFolder(), 'film.npz');
  for (const frames of [1, 7, 50]) {
    const film = sample(frames, 3);
    const bytes = await write(path, film, { dtype: 'float32', compression: 'stored' });
    const at = bytes.indexOf(new Uint8Array(film.values.buffer));
    assert.equal(at % 64, 0);
  }
});

test('float16 is written as float16', async () => {
  const path = join(temporaryFolder(), 'film.npz');
  const film = { filenames: ['a'], dim: 3, values: Float32Array.of(1.5, -0, 2.001) };
  await write(path, film, { dtype: 'float16', compression: 'deflated' });
  const opened = await openFilm({ name: 'film', path });
  assert.equal(opened.dtype, 'float16');
  await opened.close();
  assert.deepEqual(
    [...(await hold(await forms.npz.read(path, plainOptions))).values],
    [1.5, -0, 2.001_953_125],
  );
});

test('a finite number too large for float16 is an error that names its frame', async () => {
  const path = join(temporaryFolder(), 'film.npz');
  const film = { filenames: ['a', 'b', 'c'], dim: 2, values: Float32Array.of(1, Infinity, 3, 4, 5, 7e4) };
  await rejects(() => write(path, film, { dtype: 'float16', compression: 'deflated' }), {
    code: 'value-unrepresentable',
    message: /"c": 70000 is too large for float16 \(65504 at most\)$/,
  });
});

for (const [limit, dim, maxRowsLength] of [
  ['4 MiB', 2 ** 14, 2 ** 22 - 1],
  ...(hasAllCases ? ([['4 GiB', 2 ** 24, undefined]] as const) : []),
] as const) {
  test(`an archive of ${limit} or more is refused with a hint at other formats`, async () => {
    const values = new Float32Array(dim);
    let taken = 0;
    async function* rows(): AsyncGenerator<NamedRows> {
      for (; taken < 100; taken++) yield { filenames: ['a'], values };
    }
    const nowhere = await open('/dev/null', 'r+');
    const layout = { dim, dtype: 'float32', compression: 'stored', place: 'all.npz', maxRowsLength } as const;
    try {
      const writing = () => writeNpz({ archive: nowhere, scratch: nowhere }, rows(), layout);
      await rejects(writing, { code: 'output-too-large', hint: /\.npy/ });
    } finally {
      await nowhere.close();
    }
    assert.equal(taken, 64 - 1);
  });
}
