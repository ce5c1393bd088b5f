import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import fc from 'fast-check';
import { uniqueNames, writeNpyNames } from '../../src/convert/frames.js';
import { withOutputs } from '../../src/files/outputs.js';
import { temporaryFolder } from '../temporary-folder.js';

function write(folder: string, names: readonly string[], force = false): Promise<unknown> {
  return withOutputs({ force, sources: [] }, (outputs) =>
    writeNpyNames(outputs, join(folder, 'film'), names),
  );
}

test('names are written on lines', async () => {
  const folder = temporaryFolder();
  await write(folder, ['a', '', 'b "c"']);
  assert.equal(await readFile(join(folder, 'film.txt'), 'utf8'), 'a\n\nb "c"\n');
});

for (const name of ['a\nb', 'a\r', 'a\0b', '\uFEFFa', '\ud83c']) {
  test(`${JSON.stringify(name)} cannot be on a line, so all names go into JSON`, async () => {
    const folder = temporaryFolder();
    await write(folder, [name, 'z']);
    assert.deepEqual(await readdir(folder), ['film.json']);
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'film.json'), 'utf8')), [name, 'z']);
  });
}

test('a .txt that would be read instead of the .json is an error, even with force', async () => {
  const folder = temporaryFolder();
  await writeFile(join(folder, 'film.txt'), 'old\n');
  await assert.rejects(write(folder, ['a\nb'], true), { code: 'output-exists' });
  assert.deepEqual(await readdir(folder), ['film.txt']);
});

test('refuse finds repeated names', () => {
  const keyOf = uniqueNames('refuse');
  assert.deepEqual(['a', 'b', 'a', '__proto__', '__proto__'].map(keyOf), [
    'a',
    'b',
    undefined,
    '__proto__',
    undefined,
  ]);
});

test('suffix counts, and avoids names that look like its own', () => {
  assert.deepEqual(['a', 'a', 'a', 'a#3', 'a'].map(uniqueNames('suffix')), [
    'a',
    'a#2',
    'a#3',
    'a#3#2',
    'a#4',
  ]);
});

test('with suffixes all keys are different, and new names are unchanged', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'a#2', 'a#2#2', '')), (names) => {
      const keyOf = uniqueNames('suffix');
      const taken = new Set<string>();
      for (const name of names) {
        const key = keyOf(name);
        assert.ok(key !== undefined && !taken.has(key));
        assert.equal(key === name, !taken.has(name));
        taken.add(key);
      }
    }),
  );
});
