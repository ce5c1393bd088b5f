import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupWarnings } from '../../../src/commands/session/notices.js';

const converted = (film: string) => ({
  code: 'converted' as const,
  message: `films/${film}.npz: embeddings.npy: float16 is read as float32`,
});

test('the first warning of a kind is said at once, the others as their number', async () => {
  const { said, warnings } = recording();
  for (const film of ['a', 'b', 'c d']) warnings.add(film, converted(film));
  warnings.add('a', { code: 'names-missing', message: 'films/a.npz: it holds no names' });
  assert.deepEqual(said, [converted('a').message, 'films/a.npz: it holds no names']);
  await warnings.end();
  assert.deepEqual(said.slice(2), ['2 more films: embeddings.npy: float16 is read as float32']);
});

test('a second one is said in full; what was said is not said again', async () => {
  const { said, warnings } = recording();
  for (const film of ['a', 'b']) warnings.add(film, converted(film));
  await warnings.end();
  await warnings.end();
  assert.deepEqual(said, [converted('a').message, converted('b').message]);
  for (const film of ['c', 'd', 'e']) warnings.add(film, converted(film));
  await warnings.end();
  assert.deepEqual(said.slice(2), ['3 more films: embeddings.npy: float16 is read as float32']);
});

test('films are grouped whose names are parts of the folder’s', async () => {
  const { said, warnings } = recording();
  for (const film of ['a', 'ab', 'abc', 'npz', '.']) {
    const message = `/abc/ab.npz.d/${film}.npz: embeddings.npy: float16 is read as float32`;
    warnings.add(film, { code: 'converted', message });
  }
  await warnings.end();
  assert.deepEqual(said, [
    '/abc/ab.npz.d/a.npz: embeddings.npy: float16 is read as float32',
    '4 more films: embeddings.npy: float16 is read as float32',
  ]);
});

function recording() {
  const said: string[] = [];
  return { said, warnings: groupWarnings({ warn: async (text) => void said.push(text) }) };
}
