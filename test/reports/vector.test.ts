import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openCollection } from '../../src/collection/collection.js';
import { openFilm } from '../../src/collection/film.js';
import { readRowsAt } from '../../src/collection/held-rows.js';
import { vector } from '../../src/reports/vector.js';
import { withBrokenChecksum } from '../break-checksum.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const golden = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));
const collection = await openCollection(golden);

test('the answer has the row, with the film, index and filename', async () => {
  const path = join(golden, 'Beta.1971.mp4.npz');
  const film = await openFilm({ name: 'Beta', path });
  const [row] = await readRowsAt(film, [31]);
  await film.close();
  assert.deepEqual(await vector(collection, { film: 'beta', frame: '000032' }), {
    film: 'Beta.1971.mp4',
    path,
    index: 31,
    filename: 'Beta.1971.mp4_000032.jpg',
    vector: row,
  });
});

test('the vector is a copy, and may be one that cannot be searched with', async () => {
  const first = await vector(collection, { film: 'NotFinite', frame: 2 });
  assert.ok(Number.isNaN(first.vector[5]));
  first.vector.fill(7);
  assert.ok(Number.isNaN((await vector(collection, { film: 'NotFinite', frame: 2 })).vector[5]));
});

test('a film with a damaged end gives no vector', async () => {
  const broken = withBrokenChecksum(readFileSync(join(golden, 'One.npz')));
  const folder = temporaryFolder({ 'One.npz': broken });
  await rejects(async () => vector(await openCollection(folder), { film: 'One', frame: 0 }), {
    code: 'archive-corrupt',
  });
});

test('a missing film or frame is an error', async () => {
  await rejects(() => vector(collection, { film: 'Alfa', frame: 0 }), { code: 'film-unknown' });
  await rejects(() => vector(collection, { film: 'Alpha', frame: 17 }), { code: 'frame-unknown' });
});

test('numbers that were converted are reported', async () => {
  const corpus = fileURLToPath(new URL('../fixtures/npz-corpus', import.meta.url));
  const told: string[] = [];
  const onWarning = (film: string, { code }: { readonly code: string }) => told.push(`${film}: ${code}`);
  const films = await openCollection(corpus);
  await vector(films, { film: 'float16', frame: 0 }, { onWarning });
  await vector(films, { film: 'filenames-object-strings', frame: 0 }, { onWarning });
  assert.deepEqual(told, ['float16: converted', 'filenames-object-strings: names-pickled']);
});
