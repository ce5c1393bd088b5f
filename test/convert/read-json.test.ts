import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import type { JsonOptions } from '../../src/convert/frames.js';
import { readJson } from '../../src/convert/read-json.js';
import { type ErrorCode, GialloError } from '../../src/errors.js';
import { anyText, cases } from '../cases.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { type Held, hold } from './frames-in-memory.js';

const strict: JsonOptions = { nan: 'refuse', onDuplicate: 'refuse' };

async function read(text: string | Buffer, options = strict): Promise<Held> {
  const path = join(temporaryFolder(), 'film.json');
  await writeFile(path, text);
  return await hold(await readJson(path, options));
}

test('frames are in the order of the keys, which may be any strings', async () => {
  const film = await read(
    ' {"b": [1, 2.5e-1],\n"" :[3,-0],"__proto__":[ 5 , 6 ]\t, "1":[7,8], "\\ud83c\\udfac\\n\\"]":[9,10]}\r\n',
  );
  assert.deepEqual(film.filenames, ['b', '', '__proto__', '1', '\u{1F3AC}\n"]']);
  assert.deepEqual([...film.values], [1, 0.25, 3, -0, 5, 6, 7, 8, 9, 10]);
  assert.equal(film.dim, 2);
});

test('a byte order mark is ignored', async () => {
  assert.deepEqual((await read('\uFEFF{"a":[1]}')).filenames, ['a']);
});

test('an empty object is a film without frames', async () => {
  assert.deepEqual(await read(' { } '), { filenames: [], dim: 0, values: new Float32Array() });
});

test('whatever JSON.stringify writes is read', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'film.json');
  const film = fc.integer({ min: 1, max: 4 }).chain((dim) =>
    fc.tuple(
      fc.uniqueArray(anyText(), { minLength: 1, maxLength: 6 }),
      fc.array(fc.double({ min: -1e38, max: 1e38, noNaN: true }), {
        minLength: dim * 6,
        maxLength: dim * 6,
      }),
      fc.constant(dim),
      fc.constantFrom(0, 1, '\t'),
    ),
  );
  await fc.assert(
    fc.asyncProperty(film, async ([names, numbers, dim, space]) => {
      const rows = names.map((name, row) => [name, numbers.slice(row * dim, (row + 1) * dim)]);
      const text = JSON.stringify(Object.fromEntries(rows), null, space);
      await writeFile(path, text);
      const held = await hold(await readJson(path, strict));
      const parsed = Object.entries(JSON.parse(text) as Record<string, number[]>);
      assert.deepEqual(
        held.filenames,
        parsed.map(([name]) => name),
      );
      assert.deepEqual(held.values, Float32Array.from(parsed.flatMap(([, vector]) => vector)));
    }),
    { numRuns: cases(100) },
  );
});

test('frames split between two reads are read correctly', async () => {
  // About 5 MB: names of every length up to 300, so that every byte of a frame is at a boundary at some point.
  const entries = Array.from({ length: 2000 }, (_, i) => {
    return [
      `${'n'.repeat(i % 300)}\u{1F3AC}${i}`,
      Array.from({ length: 200 }, (_, j) => i * 1000 + j),
    ] as const;
  });
  const film = await read(JSON.stringify(Object.fromEntries(entries)));
  assert.deepEqual(
    film.filenames,
    entries.map(([name]) => name),
  );
  assert.deepEqual(film.values, Float32Array.from(entries.flatMap(([, vector]) => vector)));
});

test('a frame longer than one read is read correctly', async () => {
  const vector = Array.from({ length: 700_000 }, (_, i) => i / 7);
  const film = await read(JSON.stringify({ a: vector, b: vector }));
  assert.equal(film.dim, 700_000);
  assert.deepEqual(film.values.subarray(700_000), Float32Array.from(vector));
});

interface Malformed {
  readonly text: string;
  readonly code?: ErrorCode;
  /** The offset of the first wrong byte. */
  readonly offset: number;
  readonly key?: string;
  readonly found?: string;
}

const malformed: Record<string, Malformed> = {
  'an empty file': { text: '', offset: 0, found: 'the end of the file' },
  'white space': { text: ' \n', offset: 2, found: 'the end of the file' },
  'an array': { text: '[1]', offset: 0, found: '"["' },
  'no key': { text: '{a:[1]}', offset: 1 },
  'no colon': { text: '{"a" [1]}', offset: 5, key: '"a"' },
  'a number for a vector': { text: '{"a":1}', offset: 5, key: '"a"', found: '"1"' },
  'an empty vector': { text: '{"a":[ ]}', offset: 7, key: '"a"', found: '"]"' },
  'a string among numbers': { text: '{"a":[1,"2"]}', offset: 8, key: '"a"', found: '"\\"2\\""' },
  'a boolean': { text: '{"a":[true]}', offset: 6, key: '"a"', found: '"true"' },
  null: { text: '{"a":[1, null]}', offset: 9, key: '"a"', found: '"null"' },
  NaN: { text: '{"a":[1],"b":[NaN]}', offset: 14, key: '"b"', found: '"NaN"' },
  Infinity: { text: '{"a":[-Infinity]}', offset: 6, key: '"a"', found: '"-Infinity"' },
  'a nested vector': { text: '{"a":[[1]]}', offset: 6, key: '"a"' },
  'a nested object': { text: '{"a":[{"b":[1]}]}', offset: 6, key: '"a"' },
  'a comma at the end of a vector': { text: '{"a":[1,]}', offset: 8, key: '"a"', found: '"]"' },
  'two commas': { text: '{"a":[1,,2]}', offset: 8, key: '"a"' },
  'no comma between numbers': { text: '{"a":[1 2]}', offset: 8, key: '"a"', found: '"2"' },
  'a leading zero': { text: '{"a":[01]}', offset: 6, key: '"a"', found: '"01"' },
  'a number with letters': { text: '{"a":[1,2x]}', offset: 8, key: '"a"', found: '"2x"' },
  'a number too large for float32': {
    text: '{"a":[1e39]}',
    code: 'value-unrepresentable',
    offset: 6,
    key: '"a"',
    found: '"1e39"',
  },
  'a longer vector': {
    text: '{"a":[1,2],"b":[1,2,3]}',
    code: 'shape-mismatch',
    offset: 15,
    key: '"b"',
    found: '3',
  },
  'a shorter vector': {
    text: '{"a":[1,2],"b":[1]}',
    code: 'shape-mismatch',
    offset: 15,
    key: '"b"',
    found: '1',
  },
  'a key twice': { text: '{"a":[1], "a":[2]}', code: 'names-duplicate', offset: 10, key: '"a"' },
  'a key twice, spelled otherwise': {
    text: '{"a":[1],"\\u0061":[2]}',
    code: 'names-duplicate',
    offset: 9,
    key: '"a"',
  },
  '__proto__ twice': { text: '{"__proto__":[1],"__proto__":[2]}', code: 'names-duplicate', offset: 17 },
  'a wrong escape': { text: '{"a\\x":[1]}', offset: 1 },
  'a control character in a key': { text: '{"a\n":[1]}', offset: 1 },
  'no comma between frames': { text: '{"a":[1]"b":[2]}', offset: 8, key: 'after "a"' },
  'a comma at the end of the object': { text: '{"a":[1],}', offset: 9, key: 'after "a"', found: '"}"' },
  'text behind the object': { text: '{"a":[1]} x', offset: 10, key: 'after "a"', found: '"x"' },
  'a second object': { text: '{"a":[1]}\n{"b":[1]}', offset: 10, key: 'after "a"' },
  'a file cut in a key': { text: '{"a":[1],"bc', offset: 12, key: 'after "a"', found: 'the end of the file' },
  'a file cut behind a key': { text: '{"a":[1],"b"', offset: 12, key: '"b"', found: 'the end of the file' },
  'a file cut in a vector': {
    text: '{"a":[1],"b":[1.',
    offset: 16,
    key: '"b"',
    found: 'the end of the file',
  },
  'a file cut between frames': {
    text: '{"a":[1],',
    offset: 9,
    key: 'after "a"',
    found: 'the end of the file',
  },
  'a file cut before its end': {
    text: '{"a":[1]',
    offset: 8,
    key: 'after "a"',
    found: 'the end of the file',
  },
};

for (const [what, { text, code = 'input-malformed', offset, key, found }] of Object.entries(malformed)) {
  test(`${what} is refused at its byte`, async () => {
    await assert.rejects(read(text), (error) => {
      assert.ok(error instanceof GialloError);
      assert.equal(error.code, code);
      assert.match(error.message, new RegExp(`film\\.json: byte ${offset}: `));
      if (key !== undefined) assert.ok(error.message.includes(`byte ${offset}: ${key}: `), error.message);
      if (found !== undefined) assert.ok(error.message.endsWith(`found ${found}`), error.message);
      return true;
    });
  });
}

test('JSON with an array of vectors and one of names gets a hint at the right format', async () => {
  const text = '{"embeddings": [[1, 2], [3, 4]], "filenames": ["a", "b"]}';
  const hint = /a name and a vector of its own: \{"filename": \[numbers\]/;
  await rejects(() => read(text), { code: 'input-malformed', hint });
});

test('offsets in errors are those in the file, also far into it', async () => {
  const vector = JSON.stringify(Array.from({ length: 1000 }, (_, i) => i / 3));
  const frames = Array.from({ length: 300 }, (_, i) => `"frame ${i}":${vector}`);
  const text = `{${frames.join(',')},"bad":[1,oops]}`;
  await rejects(() => read(text), {
    code: 'input-malformed',
    message: new RegExp(`byte ${text.indexOf('oops')}: "bad": `),
  });
});

test('bytes that are not UTF-8 are refused in a key', async () => {
  const text = Buffer.from([...Buffer.from('{"a'), 0xff, ...Buffer.from('":[1]}')]);
  await rejects(() => read(text), {
    code: 'input-malformed',
    message: /byte 1: the filename is not UTF-8$/,
    hint: /Latin-1, run: python3 -c .* latin1$/,
  });
});

test('a cut or changed file gives an error or another film, and never crashes', async () => {
  const path = join(temporaryFolder(), 'film.json');
  const whole = Buffer.from('{"a.jpg": [0.5, -1e-3, 3],\n "\\u00e9": [1, 2, 3], "": [7, 8, 9]}\n');
  const change = fc.tuple(fc.nat({ max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }), fc.boolean());
  await fc.assert(
    fc.asyncProperty(change, async ([at, byte, isCut]) => {
      const text = Buffer.from(isCut ? whole.subarray(0, at) : whole);
      if (!isCut) text[at] = byte;
      await writeFile(path, text);
      let expected: unknown;
      try {
        expected = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
      } catch {
        await assert.rejects(readJson(path, strict).then(hold), GialloError);
        return;
      }
      const held = await readJson(path, strict).then(hold, (error: unknown) =>
        assert.ok(error instanceof GialloError),
      );
      if (held !== undefined) assert.deepEqual(held.filenames.length, Object.keys(expected as object).length);
    }),
    { numRuns: cases(500) },
  );
});

test('null, and NaN as Python writes it, are read as NaN with --nan null', async () => {
  const options: JsonOptions = { ...strict, nan: 'null' };
  for (const word of ['null', 'NaN']) {
    const text = `{"a":[${word},1, ${word} ]}`;
    assert.deepEqual([...(await read(text, options)).values], [Number.NaN, 1, Number.NaN]);
    await rejects(() => read(text, strict), { code: 'input-malformed', hint: /^--nan null reads/ });
    await assert.rejects(read(`{"a":[${word}x]}`, options), /byte 6/);
  }
});

test('the hint about infinity does not name an option that refuses it too', async () => {
  for (const nan of ['null', 'refuse'] as const) {
    const message = /byte 6: "a": expected a number, found "-Infinity"$/;
    await rejects(() => read('{"a":[-Infinity]}', { ...strict, nan }), {
      code: 'input-malformed',
      message,
      hint: 'JSON has no infinity; CSV, .npy and Parquet can hold it',
    });
  }
});

test('a repeated key gets a suffix if that is asked for', async () => {
  const options: JsonOptions = { ...strict, onDuplicate: 'suffix' };
  const film = await read('{"a":[1],"a":[2],"a#2":[3],"a":[4]}', options);
  assert.deepEqual(film.filenames, ['a', 'a#2', 'a#2#2', 'a#3']);
});

test('a missing file is an error that says so', async () => {
  await assert.rejects(readJson('/no/such/film.json', strict), (error) => {
    return error instanceof GialloError && error.code === 'file-unreadable';
  });
});
