import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { type NumberType, readDtype } from '../../src/npz/dtypes.js';
import { parseHeader } from '../../src/npz/header.js';
import { readRows } from '../../src/npz/rows.js';
import { cases } from '../cases.js';

const folder = join(import.meta.dirname, '../fixtures/npy');

describe('every number type becomes the same float32 bits as in numpy', () => {
  for (const file of readdirSync(folder).filter((name) => /^numbers-.*\.npy$/.test(name))) {
    test(file, async () => {
      const npy = readFileSync(join(folder, file));
      const header = parseHeader(file, npy);
      const dtype = numberType(header.descr);
      const [rows = 0, columns = 0] = header.shape;
      const data = npy.subarray(header.byteLength);
      const { bytes } = await readAll([data], { rows, columns, dtype, fortranOrder: false });
      const expected = readFileSync(join(folder, file.replace('.npy', '.f32')));
      assert.deepEqual(new Uint32Array(bytes.buffer), new Uint32Array(new Uint8Array(expected).buffer));
    });
  }

  test('all 65,536 float16 numbers', async () => {
    const halves = new Uint8Array(Uint16Array.from({ length: 65536 }, (_, half) => half).buffer);
    const { bytes } = await readAll([halves], {
      rows: 256,
      columns: 256,
      dtype: numberType('<f2'),
      fortranOrder: false,
    });
    const { halves: expected } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));
    assert.equal(crc32(bytes).toString(16).padStart(8, '0'), expected);
  });

  test('bfloat16 numbers are the upper halves of float32 numbers', async () => {
    const all = new Uint8Array(Uint16Array.from({ length: 65536 }, (_, half) => half).buffer);
    const dtype = numberType('|V2', 'bfloat16');
    const { bytes } = await readAll([all], { rows: 1, columns: 65536, dtype, fortranOrder: false });
    assert.ok(new Uint32Array(bytes.buffer).every((bits, half) => bits === half * 65536));
  });
});

test('only finite numbers that become infinite are counted', async () => {
  const numbers = new Uint8Array(Float64Array.of(1e39, -1e300, Infinity, NaN, 3.4e38, 1).buffer);
  const layout = { rows: 3, columns: 2, dtype: numberType('<f8') };
  for (const fortranOrder of [false, true]) {
    assert.equal((await readAll([numbers], { ...layout, fortranOrder })).becameInfinite, 2);
  }
});

test('blocks, kept or not, have all rows, in pieces of any size and in C or Fortran order', async () => {
  const layouts = fc.record({
    rows: fc.integer({ min: 0, max: 300 }),
    columns: fc.constantFrom(0, 1, 2, 3, 7, 64, 3000, 70000),
    descr: fc.constantFrom('<f4', '>f4', '<f2', '>i2', '<f8', '|u1'),
    fortranOrder: fc.boolean(),
    cuts: fc.array(fc.nat(), { maxLength: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(layouts, async ({ rows: asked, columns, descr, fortranOrder, cuts }) => {
      const rows = Math.min(asked, columns === 0 ? asked : Math.ceil(600_000 / columns));
      const dtype = numberType(descr);
      const expected = Float32Array.from({ length: rows * columns }, (_, i) => (i * 7919) % 251);
      const data = stored(expected, rows, columns, dtype, fortranOrder);
      const { bytes, blocks } = await readAll(pieces(data, cuts), { rows, columns, dtype, fortranOrder });
      assert.deepEqual(new Float32Array(bytes.buffer), expected);
      assert.ok(blocks <= 1 + Math.ceil((rows * columns * dtype.itemBytes) / (1 << 19)));
      const kept: Float32Array[] = [];
      const layout = { rows, columns, dtype, fortranOrder, areKept: true };
      for await (const { values } of readRows('a', layout, from(pieces(data, cuts)))) kept.push(values);
      assert.deepEqual(
        kept.flatMap((values) => [...values]),
        [...expected],
      );
    }),
    { numRuns: cases(60) },
  );
});

test('blocks reuse their memory, unless they are kept', async () => {
  for (const [fortranOrder, areKept] of [
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ] as const) {
    const layout = { rows: 4096, columns: 1024, dtype: numberType('<f4'), fortranOrder, areKept };
    const buffers: ArrayBuffer[] = [];
    for await (const { values } of readRows('a', layout, from(pieces(new Uint8Array(1 << 24), [])))) {
      buffers.push(values.buffer);
    }
    assert.ok(buffers.length > 1);
    assert.equal(new Set(buffers).size, areKept ? buffers.length : 1);
  }
});

test('a row too long for memory is an error that names its array', async () => {
  const layout = { rows: 1, columns: 2 ** 50, dtype: numberType('<f4'), fortranOrder: false };
  await assert.rejects(readAll([], layout), { code: 'size-absurd', message: /^a\.npy: / });
});

interface Layout {
  readonly rows: number;
  readonly columns: number;
  readonly dtype: NumberType;
  readonly fortranOrder: boolean;
}

async function readAll(data: readonly Uint8Array[], layout: Layout) {
  const kept: Uint8Array[] = [];
  let becameInfinite = 0;
  let blocks = 0;
  let rows = 0;
  for await (const block of readRows('a.npy', layout, from(data))) {
    assert.equal(block.firstRow, rows);
    assert.equal(block.values.length, block.rows * layout.columns);
    const { buffer, byteOffset, byteLength } = block.values;
    kept.push(new Uint8Array(buffer, byteOffset, byteLength).slice());
    becameInfinite += block.becameInfinite;
    rows += block.rows;
    blocks++;
  }
  if (layout.columns > 0) assert.equal(rows, layout.rows);
  return { bytes: new Uint8Array(Buffer.concat(kept)), becameInfinite, blocks };
}

/** The naive writer: each number where numpy would put it. */
function stored(
  values: Float32Array,
  rows: number,
  columns: number,
  dtype: NumberType,
  fortranOrder: boolean,
) {
  const bytes = Buffer.alloc(values.length * dtype.itemBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = !dtype.isBigEndian;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column] ?? 0;
      const at = (fortranOrder ? column * rows + row : row * columns + column) * dtype.itemBytes;
      if (dtype.layout === 'float64') view.setFloat64(at, value, little);
      else if (dtype.layout === 'float32') view.setFloat32(at, value, little);
      else if (dtype.layout === 'int16') view.setInt16(at, value, little);
      else if (dtype.layout === 'uint8') view.setUint8(at, value);
      else view.setUint16(at, halfOf(value), little);
    }
  }
  return bytes;
}

/** Of an integer from 0 to 250. */
function halfOf(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(value));
  return ((exponent + 15) << 10) | ((value / 2 ** exponent - 1) * 1024);
}

function pieces(data: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const ends = [...cuts.map((cut) => cut % (data.length + 1)), data.length].sort((a, b) => a - b);
  return ends.map((end, n) => data.subarray(n === 0 ? 0 : ends[n - 1], end));
}

async function* from(data: readonly Uint8Array[]) {
  yield* data;
}

function numberType(descr: string, assume?: 'bfloat16'): NumberType {
  const dtype = readDtype(descr, assume);
  assert.ok(dtype.kind === 'number');
  return dtype;
}
