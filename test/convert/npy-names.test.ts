import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { writeNpyNames } from '../../src/convert/npy-names.js';
import { withOutputs } from '../../src/files/outputs.js';
import { temporaryFolder } from './frames-in-memory.js';

function write(folder: string, names: readonly string[], force = false): Promise<unknown> {
  return withOutputs({ force, sources: [] }, (outputs) =>
    writeNpyNames(outputs, join(folder, 'film'), names),
  );
}

test('names go on lines', async (context) => {
  const folder = await temporaryFolder(context);
  await write(folder, ['a', '', 'b "c"']);
  assert.equal(await readFile(join(folder, 'film.txt'), 'utf8'), 'a\n\nb "c"\n');
});

for (const name of ['a\nb', 'a\r', '\uFEFFa', '\ud83c']) {
  test(`${JSON.stringify(name)} would not come back from a line: all go into JSON`, async (context) => {
    const folder = await temporaryFolder(context);
    await write(folder, [name, 'z']);
    assert.deepEqual(await readdir(folder), ['film.json']);
    assert.deepEqual(JSON.parse(await readFile(join(folder, 'film.json'), 'utf8')), [name, 'z']);
  });
}

test('a text file that would be read instead of the JSON is an error, even with force', async (context) => {
  const folder = await temporaryFolder(context);
  await writeFile(join(folder, 'film.txt'), 'old\n');
  await assert.rejects(write(folder, ['a\nb'], true), { code: 'output-exists' });
  assert.deepEqual(await readdir(folder), ['film.txt']);
});
