import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Collection, openCollection } from '../../src/collection/collection.js';
import { type FilmEntry, openFilm } from '../../src/collection/film.js';
import { readRowsAt } from '../../src/collection/held-rows.js';
import { createBlockScorer } from '../../src/kernel/block-scorer.js';
import type { Progress } from '../../src/progress.js';
import type { Filters } from '../../src/ranking/film-selection.js';
import { requireAnyRead } from '../../src/search/answer.js';
import { search } from '../../src/search/search.js';
import { withBrokenChecksum } from '../break-checksum.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const films = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));
const bytesOf = (name: string) => readFileSync(join(films, `${name}.npz`));
const filters: Filters = { metric: 'cosine', k: 1000, excludeNear: 0 };

/** The memory that the next scorer gets. */
function idleMemory(): ArrayBufferLike {
  const scorer = createBlockScorer({ dim: 8, queries: [], maxRows: 1, implementation: 'simd' });
  const { buffer } = scorer.squares();
  scorer.release();
  return buffer;
}

describe('a search over several films', () => {
  test('counts no frames of a film with a damaged end', async () => {
    const good = bytesOf('Alpha.1968.mkv');
    const broken = withBrokenChecksum(bytesOf('Beta.1971.mp4'));
    const folder = temporaryFolder({ 'A.npz': good, 'B.npz': broken });
    const { answers, skipped } = await ask(await openCollection(folder));
    assert.deepEqual(answers[0]?.searched, { films: 1, frames: 17, zero: 0, nonFinite: 0 });
    assert.ok(answers[0]?.results.every(({ film }) => film === 'A'));
    assert.deepEqual(
      skipped.map(({ film, path, code }) => [film, path, code]),
      [['B', join(folder, 'B.npz'), 'archive-corrupt']],
    );
  });

  test('keeps films open that were open before, and reports progress of each', async () => {
    const collection = await openCollection(films);
    const entry = collection.films[0] as FilmEntry;
    const film = await openFilm(entry);
    try {
      const seen: Progress[] = [];
      await ask(
        collection,
        { onProgress: (progress) => seen.push(progress), jobs: 3 },
        { films: new Map([[entry, film]]) },
      );
      assert.deepEqual(
        seen,
        collection.films.map((_, i) => ({ done: i + 1, total: collection.films.length, unit: 'films' })),
      );
      assert.equal((await readRowsAt(film, [0])).length, 1);
    } finally {
      await film.close();
    }
  });

  test('throws the reason of an abort', async () => {
    const abort = new AbortController();
    const onProgress = () => abort.abort(new Error('enough'));
    const asked = ask(await openCollection(films), { signal: abort.signal, onProgress, jobs: 1 });
    await assert.rejects(asked, /enough/);
  });

  test('releases the memory of its scorer in any case', async () => {
    const collection = await openCollection(films);
    const abort = new AbortController();
    await ask(collection, {}); // the memory has grown to what the search needs
    const before = idleMemory();
    const asked = ask(collection, {
      signal: abort.signal,
      onProgress: () => abort.abort(new Error('enough')),
    });
    await assert.rejects(asked, /enough/);
    assert.equal(idleMemory(), before);
  });
});

describe('if no film could be read', () => {
  const none = { films: 0, frames: 0, zero: 0, nonFinite: 0 };
  const skip = (code: 'not-an-archive' | 'dim-mismatch') => ({
    film: 'A',
    path: 'A.npz',
    code,
    message: 'A.npz: no',
  });

  test('the hint is the reason of the first film', async () => {
    await rejects(() => requireAnyRead(none, [skip('not-an-archive'), skip('not-an-archive')]), {
      code: 'films-skipped',
      message: 'none of 2 films could be read',
      hint: 'A.npz: no',
    });
  });

  test('a single film’s reason is the error', async () => {
    await rejects(() => requireAnyRead(none, [skip('not-an-archive')]), {
      code: 'not-an-archive',
      message: 'A.npz: no',
    });
  });

  test('there is an answer if films only have another dim, one was read, or there are none', () => {
    requireAnyRead(none, [skip('not-an-archive'), skip('dim-mismatch')]);
    requireAnyRead({ ...none, films: 1 }, [skip('not-an-archive')]);
    requireAnyRead(none, []);
  });
});

function ask(
  collection: Collection,
  ...rest: [Parameters<typeof search>[2]?, Parameters<typeof search>[3]?]
) {
  const question = { vectors: [new Float32Array(20).fill(1)], origin: [], scope: collection.films };
  return search([question], filters, ...rest);
}
