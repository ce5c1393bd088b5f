import assert from 'node:assert/strict';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import type { JsonOptions } from '../../src/convert/frames.js';
import { writeJson } from '../../src/convert/write-text.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { blocksOf, type Held } from './frames-in-memory.js';

const strict: JsonOptions = { nan: 'refuse', onDuplicate: 'refuse' };

async function write(held: Held, options = strict): Promise<string> {
  const path = join(temporaryFolder(), 'film.json');
  const file = await open(path, 'w');
  try {
    const frames = { blocks: blocksOf(held), dim: held.dim, place: path };
    assert.equal(await writeJson(file, frames, options), held.filenames.length);
  } finally {
    await file.close();
  }
  return await readFile(path, 'utf8');
}

function film(filenames: readonly string[], ...values: readonly number[]): Held {
  return { filenames, dim: values.length / filenames.length, values: Float32Array.from(values) };
}

test('JSON has one frame per line, the shortest numbers, and keys in the order of frames', async () => {
  const text = await write(film(['2', 'b"\n', '__proto__', '1'], 0.1, -0, 1e-7, 3, 1 / 3, 5, 6, 7));
  assert.equal(text, '{\n"2":[0.1,-0],\n"b\\"\\n":[1e-7,3],\n"__proto__":[0.33333334,5],\n"1":[6,7]\n}\n');
});

test('no frames are an empty object', async () => {
  assert.equal(await write({ filenames: [], dim: 3, values: new Float32Array() }), '{}\n');
});

test('half of a surrogate pair is escaped, not lost', async () => {
  assert.deepEqual(Object.keys(JSON.parse(await write(film(['\ud83c'], 1)))), ['\ud83c']);
});

test('NaN is an error with frame and position, or is written as null', async () => {
  const held = film(['a', 'b'], 1, 2, 3, Number.NaN);
  await rejects(() => write(held), {
    code: 'value-unrepresentable',
    message: /"b": JSON cannot hold NaN, at position 1$/,
  });
  assert.equal(await write(held, { ...strict, nan: 'null' }), '{\n"a":[1,2],\n"b":[3,null]\n}\n');
});

test('infinities are always refused, since null would be read back as NaN', async () => {
  for (const value of [Infinity, -Infinity]) {
    await assert.rejects(write(film(['a'], value), { ...strict, nan: 'null' }), /cannot hold -?Infinity/);
  }
});

test('a repeated filename is refused or gets a suffix', async () => {
  const held = film(['a', 'a'], 1, 2);
  await rejects(() => write(held), { code: 'names-duplicate' });
  const text = await write(held, { ...strict, onDuplicate: 'suffix' });
  assert.deepEqual(JSON.parse(text), { a: [1], 'a#2': [2] });
});

test('a name longer than the buffer is written completely', async () => {
  const name = '\u{1F3AC}'.repeat(600_000);
  assert.deepEqual(Object.keys(JSON.parse(await write(film([name], 1)))), [name]);
});
