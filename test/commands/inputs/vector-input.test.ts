import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { readQueryVectors } from '../../../src/commands/inputs/vector-input.js';
import { buildNpy, buildZip } from '../../npz/build-zip.js';
import { recordingIo } from '../../recording-io.js';
import { type ExpectedError, rejects } from '../../rejects.js';
import { temporaryFolder } from '../../temporary-folder.js';

const npy = (shape: readonly number[], ...values: number[]) =>
  buildNpy('<f4', shape, new Uint8Array(Float32Array.from(values).buffer));
const zip = (arrays: Readonly<Record<string, Buffer>>) =>
  buildZip(Object.entries(arrays).map(([name, raw]) => ({ name: `${name}.npy`, raw })));

const accepted: readonly (readonly [string, string | Uint8Array, number[][], isRaw?: true])[] = [
  ['a JSON array', '[1, 2.5, -3]', [[1, 2.5, -3]]],
  [
    'a JSON array of arrays',
    '[[1,2],[3,4]]\n',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [
    'NDJSON',
    '[1,2]\n\n[3,4]\r\n',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  [
    'JSON whose lines end in carriage returns',
    '[1,2]\r[3,4]\r',
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['JSON with a byte order mark', '\ufeff[1]', [[1]]],
  ['JSON over several lines', '[\n 1,\n 2\n]', [[1, 2]]],
  ['numbers that float32 has to round', '[0.1, 16777217]', [[Math.fround(0.1), 16777216]]],
  ['an .npy of one row', npy([3], 1, 2, 3), [[1, 2, 3]]],
  [
    'an .npy of several',
    npy([2, 2], 1, 2, 3, 4),
    [
      [1, 2],
      [3, 4],
    ],
  ],
  ['an .npz of one array', zip({ anything: npy([1, 2], 1, 2) }), [[1, 2]]],
  ['raw float32', new Uint8Array(Float32Array.from([1, 0.5]).buffer), [[1, 0.5]], true],
];

const takenOut = /with: jq -c '\.\. \| arrays \| select\(\.\[0\] \| numbers\)'$/;

const inBrackets = 'a vector in JSON is an array, such as [0.5, -0.25]';

const refused: readonly (readonly [string, string | Uint8Array, ExpectedError, isRaw?: true])[] = [
  ['nothing', '', { code: 'input-malformed', message: 'stdin: expected a vector, found nothing' }],
  [
    'words',
    'a black glove',
    { code: 'input-malformed', message: /^stdin: expected \.npy, \.npz or JSON/, hint: inBrackets },
  ],
  ['numbers without brackets', '0.5 1e-3\n', { code: 'input-malformed', hint: inBrackets }],
  ['bytes of numbers', new Uint8Array(8).fill(200), { code: 'input-malformed', hint: /^--raw/ }],
  [
    'an empty array',
    '[]',
    { code: 'input-malformed', message: /^stdin: expected an array of numbers, found \[\]/ },
  ],
  [
    'an object, as programs answer',
    '{"embedding": [1, 2]}',
    {
      code: 'input-malformed',
      message: /^stdin: expected an array of numbers, found \{"emb/,
      hint: takenOut,
    },
  ],
  [
    'an object of a list of objects, as servers answer',
    '{"data": [{"embedding": [1, 2]}]}',
    { code: 'input-malformed', message: /^stdin: expected an array of numbers/, hint: takenOut },
  ],
  [
    'a list of objects',
    `[{"embedding": [${'1,'.repeat(999)}2]}]`,
    {
      code: 'input-malformed',
      message: /^stdin: expected a number at position 0, found \{"embedding".{28}$/,
      hint: takenOut,
    },
  ],
  [
    'a number that float32 cannot hold',
    '[1, 1e39]',
    {
      code: 'input-malformed',
      message: 'stdin: expected a number within the range of float32 at position 1, found 1e+39',
    },
  ],
  ['an object', '{"v": 1}', { code: 'input-malformed', message: /found \{"v":1\}/ }],
  [
    'a dictionary of vectors by their names, as convert writes',
    '{"a.jpg": [1, 2], "b.jpg": [3, 4]}',
    { code: 'input-malformed', message: /found \{"a\.jpg"/, hint: takenOut },
  ],
  [
    'a number in quotes',
    '[1, "2"]',
    { code: 'input-malformed', message: 'stdin: expected a number at position 1, found "2"' },
  ],
  [
    'null',
    '[[1, 2], [3, null]]',
    { code: 'input-malformed', message: /vector 1: expected a number at position 1, found null/ },
  ],
  [
    'vectors of two dims',
    '[1, 2]\n[1]',
    { code: 'input-malformed', message: /vectors of 2 numbers like the first, vector 1 has 1/ },
  ],
  [
    'raw bytes that are no float32',
    'abcde',
    { code: 'input-malformed', message: /4 bytes, found 5 bytes/ },
    true,
  ],
  [
    'an .npy as raw bytes',
    npy([1, 3]),
    { code: 'usage', message: 'stdin: an .npy, not bare float32 numbers', hint: 'leave out --raw' },
    true,
  ],
  [
    'an .npz as raw bytes',
    zip({ a: npy([1, 1], 1) }),
    { code: 'usage', message: 'stdin: an .npz, not bare float32 numbers', hint: 'leave out --raw' },
    true,
  ],
  [
    'a picture',
    Buffer.from('\x89PNG\r\n', 'latin1'),
    { code: 'input-malformed', message: /found a picture$/, hint: /your-own-films\.md/ },
  ],
  [
    'safetensors',
    Buffer.from(`\x40${'\0'.repeat(7)}{"a":{"dtype":"F32"}}`),
    { code: 'input-malformed', message: /found a safetensors file$/ },
  ],
  [
    'numbers a line, as numpy.savetxt writes them',
    '1.0e+00\n2.0e+00\n',
    {
      code: 'input-malformed',
      message: /expected an array of numbers, found 1$/,
      hint: /an array, such as /,
    },
  ],
  [
    'raw numbers with a zero byte, which are no UTF-16',
    Buffer.from([0, 0x3f, 0, 0x1c, 1, 2, 3, 4]),
    { code: 'input-malformed', hint: '--raw reads little-endian float32 bytes' },
  ],
  [
    'an .npy with a number that float32 cannot hold',
    buildNpy('<f8', [2, 2], new Uint8Array(Float64Array.of(1, -1e39, Number.POSITIVE_INFINITY, 2).buffer)),
    {
      code: 'input-malformed',
      message: 'stdin: expected numbers within the range of float32, found 1 that is not',
    },
  ],
  [
    'an .npy without rows',
    npy([0, 3]),
    { code: 'input-malformed', message: 'stdin: expected a vector, found none' },
  ],
  [
    'an .npz of two arrays',
    zip({ a: npy([1, 1], 1), b: npy([1, 1], 1) }),
    { code: 'array-missing', message: /^stdin: .*found a, b$/ },
  ],
  ['an empty .npz', zip({}), { code: 'array-missing', message: /^stdin: .*found no arrays$/ }],
  [
    'UTF-16, as PowerShell writes it',
    Buffer.from('\ufeff[1,2]', 'utf16le'),
    { code: 'input-malformed', message: 'stdin: the text is not UTF-8', hint: /iconv -f utf-16 / },
  ],
  [
    'an .npy of objects, which no line mends in a pipe',
    buildNpy('|O', [2], Buffer.alloc(40)),
    { code: 'dtype-unsupported', hint: /^save it in a file, and name the file with --vector/ },
  ],
  ['a damaged .npy', npy([3], 1, 2), { code: 'header-invalid', message: /^stdin: / }],
];

describe('vectors from stdin', () => {
  for (const [what, input, vectors, isRaw] of accepted) {
    test(`are read from ${what}`, async () => {
      const found = await readQueryVectors(ioWith(input), '-', isRaw === true, undefined);
      assert.deepEqual(
        found.map((vector) => [...vector]),
        vectors,
      );
    });
  }
  for (const [what, input, error, isRaw] of refused) {
    test(`are refused: ${what}`, () =>
      rejects(() => readQueryVectors(ioWith(input), '-', isRaw === true, undefined), error));
  }

  test('stop being waited for after Ctrl-C', async () => {
    const stop = new AbortController();
    const io = { ...recordingIo({ signal: stop.signal }).io, stdin: new Readable({ read() {} }) };
    const reading = readQueryVectors(io, '-', false, undefined);
    const reason = new Error('interrupted');
    void setImmediate().then(() => stop.abort(reason));
    await assert.rejects(reading, (error) => error === reason);
  });
});

describe('vectors from a file', () => {
  test('are recognized by the content, whatever the file’s name', async () => {
    const folder = temporaryFolder({ 'query.txt': npy([2], 1, 2) });
    const [vector] = await readQueryVectors(recordingIo().io, join(folder, 'query.txt'), false, undefined);
    assert.deepEqual([...(vector as Float32Array)], [1, 2]);
  });
  test('of an archive are its only suitable array, whatever its name and axes', async () => {
    const text = buildNpy('<U1', [2], Buffer.alloc(8));
    for (const array of [npy([2], 1, 2), npy([1, 2], 1, 2)]) {
      const folder = temporaryFolder({ 'q.npz': zip({ text, image: array }) });
      const [vector] = await readQueryVectors(recordingIo().io, join(folder, 'q.npz'), false);
      assert.deepEqual([...(vector as Float32Array)], [1, 2]);
    }
  });
  test('of an archive with several suitable arrays need --vector-key', async () => {
    const folder = temporaryFolder({ 'q.npz': zip({ a: npy([1], 1), b: npy([1, 1], 2) }) });
    const path = join(folder, 'q.npz');
    const [vector] = await readQueryVectors(recordingIo().io, path, false, { vectorKey: 'b' });
    assert.deepEqual([...(vector as Float32Array)], [2]);
    await rejects(() => readQueryVectors(recordingIo().io, path, false), {
      code: 'array-missing',
      message: `${path}: several arrays may be the vectors, found a, b`,
      hint: 'name the array with --vector-key <name>',
    });
    await rejects(() => readQueryVectors(recordingIo().io, path, false, { vectorKey: 'c' }), {
      code: 'array-missing',
      message: `${path}: no array named c, found a, b`,
    });
    const scalar = temporaryFolder({ 'q.npz': zip({ a: npy([], 1) }) });
    await rejects(() => readQueryVectors(recordingIo().io, join(scalar, 'q.npz'), false), {
      code: 'array-missing',
      hint: 'name the array with --vector-key <name>',
    });
  });
  test('without a number in them are refused', async () => {
    const path = join(temporaryFolder({ 'q.npy': npy([2, 0]) }), 'q.npy');
    await rejects(() => readQueryVectors(recordingIo().io, path, false), {
      code: 'shape-mismatch',
      message: `${path}: vectors need at least one number, found (2, 0)`,
    });
  });
  test('that changes while it is read are an error', async () => {
    const vector = buildNpy('<f4', [1 << 20], Buffer.alloc(4 << 20));
    const path = join(temporaryFolder({ 'q.npy': vector }), 'q.npy');
    let isRead = false;
    const reading = readQueryVectors(recordingIo().io, path, false).finally(() => {
      isRead = true;
    });
    const refused = rejects(() => reading, { code: 'file-unreadable', message: /changed while it was/ });
    const descriptor = openSync(path, 'r+');
    while (!isRead) {
      writeSync(descriptor, Buffer.from([1]), 0, 1, 4_000_000);
      await setImmediate();
    }
    closeSync(descriptor);
    await refused;
  });
  test('that does not exist or is a folder are an error', async () => {
    const folder = temporaryFolder();
    for (const path of [join(folder, 'none'), folder]) {
      await rejects(() => readQueryVectors(recordingIo().io, path, false, undefined), {
        code: 'file-unreadable',
        message: new RegExp(`^${path}: cannot read: `),
      });
    }
  });
});

function ioWith(input: string | Uint8Array) {
  return { ...recordingIo().io, stdin: Readable.from(input.length === 0 ? [] : [Buffer.from(input)]) };
}
