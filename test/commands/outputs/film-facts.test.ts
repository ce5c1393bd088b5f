import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openCollection } from '../../../src/collection/collection.js';
import { type FilmFacts, filmFacts } from '../../../src/commands/outputs/film-facts.js';
import { buildSearchIndex } from '../../../src/reports/search-index.js';
import { temporaryFolder } from '../../temporary-folder.js';

const films = ['Big.Buck.Bunny.2008.mp4', 'Krank.Red.Sea', 'Sintel.Trailer.2010.mp4'];
const samples = join(import.meta.dirname, '../../../data_embeddings');
const folder = temporaryFolder(
  Object.fromEntries(films.map((film) => [`${film}.npz`, readFileSync(join(samples, `${film}.npz`))])),
);
const collection = await openCollection(folder);
const wanted = { films: [...films, 'no film'], collection, typedFilms: [], shots: true };

describe('facts of films', () => {
  test('are lengths and shots; stills have no shots, an unknown film has no facts', async () => {
    const facts = await filmFacts(wanted, {});
    assert.deepEqual([...facts.lengths].sort(), [
      ['Big.Buck.Bunny.2008.mp4', 90],
      ['Krank.Red.Sea', 41],
      ['Sintel.Trailer.2010.mp4', 131],
    ]);
    assert.equal(facts.shotOf({ film: 'Sintel.Trailer.2010.mp4', index: 0 }), 0);
    assert.equal(facts.shotOf({ film: 'Krank.Red.Sea', index: 7 }), undefined);
    assert.equal(facts.shotOf({ film: 'no film', index: 0 }), undefined);
  });

  test('are only lengths if shots are not asked for', async () => {
    const facts = await filmFacts({ ...wanted, shots: false }, {});
    assert.equal(facts.lengths.size, 3);
    assert.equal(facts.shotOf({ film: 'Sintel.Trailer.2010.mp4', index: 0 }), undefined);
  });

  test('are the same from the search index, without reading vectors from archives', async () => {
    const read = await filmFacts(wanted, {});
    const index = { dataFolder: folder, cacheRoot: temporaryFolder() };
    await buildSearchIndex(collection, index.cacheRoot, {});
    // Damage in the middle of an archive is in its vectors, so it is found only if they are read.
    for (const film of films) {
      const path = join(folder, `${film}.npz`);
      const archive = readFileSync(path);
      writeFileSync(path, archive.fill(0, archive.length >> 1, (archive.length >> 1) + 1000));
    }
    const indexed = await filmFacts(wanted, { index });
    assert.deepEqual(indexed.lengths, read.lengths);
    assert.deepEqual(shotsOf(indexed), shotsOf(read));
    const unread = await filmFacts(wanted, {});
    assert.equal(unread.shotOf({ film: 'Sintel.Trailer.2010.mp4', index: 0 }), undefined);
  });
});

function shotsOf(facts: FilmFacts): (number | undefined)[] {
  return films.flatMap((film) => Array.from({ length: 131 }, (_, index) => facts.shotOf({ film, index })));
}
