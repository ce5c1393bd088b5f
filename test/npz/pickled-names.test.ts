import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { readPickledNames } from '../../src/npz/pickled-names.js';
import { cases } from '../cases.js';

/** Made by `test/fixtures/npy/make.py`; null stands for arrays that are no list of names. */
interface Expected {
  readonly pickles: Readonly<Record<string, { count: number; names: readonly string[] | null }>>;
}

const folder = join(import.meta.dirname, '../fixtures/npy');
const { pickles }: Expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

function pickleOf(file: string): Uint8Array {
  const npy = readFileSync(join(folder, file));
  return npy.subarray(10 + npy.readUInt16LE(8));
}

describe('pickles of Python in every protocol', () => {
  for (const [file, { count, names }] of Object.entries(pickles)) {
    test(file, () => {
      assert.deepEqual(readPickledNames(pickleOf(file), count) ?? null, names);
      assert.equal(readPickledNames(pickleOf(file), count + 1), undefined);
    });
  }
});

test('a pickle never makes giallo call anything', () => {
  for (const code of [
    'cos\nsystem\n(S"true"\ntR.',
    'c__builtin__\neval\n(V1\ntR.',
    'cnumpy\nload\n(Vx\ntR.',
  ]) {
    assert.equal(readPickledNames(Buffer.from(code), 1), undefined);
  }
});

test('cut and changed pickles give names or undefined, and never throw', () => {
  const files = Object.keys(pickles);
  const change = fc.record({
    file: fc.constantFrom(...files),
    cut: fc.nat(),
    flips: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(change, ({ file, cut, flips }) => {
      const pickle = Buffer.from(pickleOf(file));
      for (const [at, byte] of flips) pickle[at % pickle.length] = byte;
      const names = readPickledNames(
        pickle.subarray(0, 1 + (cut % pickle.length)),
        pickles[file]?.count ?? 0,
      );
      assert.ok(names === undefined || names.every((name) => typeof name === 'string'));
    }),
    { numRuns: cases(2000) },
  );
});

test('a few bytes that stand for gigabytes of names are not expanded', () => {
  // One part of 60,000 characters, remembered, then 5,000 paths that name it 250 times each.
  const part = Buffer.concat([
    Buffer.from('X\x60\xea\x00\x00', 'latin1'),
    Buffer.alloc(60000, 'x'),
    Buffer.from('q\x00', 'latin1'),
  ]);
  const path = Buffer.from(`cpathlib\nPosixPath\n(${'h\x00'.repeat(250)}tR`, 'latin1');
  const items = Array.from({ length: 5000 }, () => path);
  const head = Buffer.from('cnumpy.core.multiarray\n_reconstruct\n(tR(K\x01)NN](', 'latin1');
  const pickle = Buffer.concat([part, head, ...items, Buffer.from('etb.')]);
  assert.equal(readPickledNames(pickle, 5000), undefined);
  const one = Buffer.concat([part, head, path, Buffer.from('etb.')]);
  assert.equal(readPickledNames(one, 1)?.[0]?.length, 60000 * 250 + 249);
});

test('the reading stops if a pickle holds far more than its names', () => {
  const names = 'cnumpy.core.multiarray\n_reconstruct\n(tR(K\x01)NN](Vx\netb.';
  const padded = (padding: string) => readPickledNames(Buffer.from(padding + names, 'latin1'), 1);
  const fills = {
    stack: (times: number) => 'N'.repeat(times),
    marks: (times: number) => '('.repeat(times),
    memo: (times: number) => `N${'\x94'.repeat(times)}`,
    list: (times: number) => `]${'Na'.repeat(times)}`,
    'a list at once': (times: number) => `](${'N'.repeat(times)}e`,
  };
  for (const [what, fill] of Object.entries(fills)) {
    assert.deepEqual(padded(fill(1000)), ['x'], what);
    assert.equal(padded(fill(5000)), undefined, what);
  }
});
