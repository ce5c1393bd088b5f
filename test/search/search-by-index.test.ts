import assert from 'node:assert/strict';
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Collection } from '../../src/collection/collection.js';
import type { FrameName } from '../../src/collection/frame-name.js';
import { catchGiallo } from '../../src/errors.js';
import { searchVectors } from '../../src/reports/search.js';
import { type SimilarOptions, similar } from '../../src/reports/similar.js';
import type { IndexUse, SearchContext } from '../../src/search/context.js';
import { buildIndex } from '../../src/search-index/build.js';
import { stampOf, writeStamps } from '../../src/search-index/film-stamps.js';
import { fingerprintOf } from '../../src/search-index/fingerprint.js';
import { openIndex } from '../../src/search-index/open-index.js';
import { cases, withoutCases } from '../cases.js';
import { type MadeFilm, archiveOf as madeArchiveOf, madeFilms } from '../oracle/made-films.js';
import { madeFilters } from '../oracle/made-filters.js';
import { archiveOf, bareArrayOf, type IndexedFilms, indexedFilms } from '../search-index/indexed-films.js';
import { filmLikeRows, type SeededRows, seededKinds, seededRows } from '../search-index/seeded-rows.js';

const askedFor = fc.record({
  filters: madeFilters,
  scope: fc.constantFrom('own', 'all', 'others', 'in'),
  combine: fc.constantFrom('mean', 'max'),
  picks: fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 3 }),
  jobs: fc.constantFrom(1, 2, 4),
});
type Asked = typeof askedFor extends fc.Arbitrary<infer T> ? T : never;

describe('answers are the same with the search index and without', () => {
  for (const what of seededKinds) {
    test(what, async () => {
      const rows = seededRows(what, 11);
      const films = filesOf(rows);
      const frames = rows.values.length / rows.dim;
      const indexed = await build(films, 1);
      const known = frames === 0 ? [] : (['a', 'b', 'c', 'd'] as const).map((name) => ({ name, frames }));
      await fc.assert(
        fc.asyncProperty(askedFor, (asked) => compareSimilar(indexed, known, asked)),
        { numRuns: cases(4), includeErrorInReport: true },
      );
      await fc.assert(
        fc.asyncProperty(madeFilters, fc.nat(), (filters, pick) => {
          const first = frames === 0 ? 0 : (pick % frames) * rows.dim;
          const vector = new Float32Array(rows.dim);
          vector.set(rows.values.subarray(first, first + rows.dim));
          vector[pick % rows.dim] += 0.125;
          const vectors = [vector, vector.map((x) => -x)];
          return compare(indexed, (collection, context) =>
            searchVectors(collection.films, vectors, filters, context),
          );
        }),
        { numRuns: cases(4), includeErrorInReport: true },
      );
    });
  }

  test('if all frames of films tie, or films have one frame or none', async () => {
    await fc.assert(
      fc.asyncProperty(
        madeFilms(),
        fc.array(askedFor, { minLength: 8, maxLength: 8 }),
        async (films, asked) => {
          const files = films.map((film): [string, Buffer] => [`${film.name}.npz`, madeArchiveOf(film)]);
          const indexed = await build(Object.fromEntries(files), 1);
          const known = films.map(({ name, rows }: MadeFilm) => ({ name, frames: rows.length }));
          for (const one of asked) await compareSimilar(indexed, known, one);
        },
      ),
      { numRuns: cases(4), includeErrorInReport: true },
    );
  });
});

test('an answer with most of the rows comes from the archives, which is faster', withoutCases, async () => {
  const films = await build({ 'a.npz': archiveOf({ dim: 512, values: filmLikeRows(700, 512, 3) }) }, 1);
  for (const [k, indexed] of [
    [5, 1],
    [650, 0],
  ]) {
    const uses: IndexUse[] = [];
    const ask = async (context: SearchContext) =>
      similar(await films.open(), [{ film: 'a', frame: 7 }], { k }, context);
    assert.deepEqual(await ask(films.context(uses)), await ask({}));
    assert.deepEqual([uses[0].indexed, uses[0].passedOver], [indexed, {}]);
  }
});

test('a film that cannot be read is not in the hint to build the index', async () => {
  const films = await build({ 'a.npz': archiveOf({ dim: 512, values: filmLikeRows(40, 512, 3) }) }, 1);
  writeFileSync(join(films.data, 'broken.npz'), 'no archive');
  await compare(films, async (collection, context) => {
    const { skipped } = await similar(collection, [{ film: 'a', frame: 7 }], { scope: 'all' }, context);
    assert.deepEqual(
      skipped.map(({ film }) => film),
      ['broken'],
    );
  });
});

test('an array written again with the same size, time and inode counts as changed', async () => {
  const path = (films: IndexedFilms) => join(films.data, 'b.npy');
  const [old, now] = [filmLikeRows(20, 8, 1), filmLikeRows(20, 8, 2)];
  const films = await build(
    { 'a.npz': archiveOf({ dim: 8, values: old }), 'b.npy': bareArrayOf({ dim: 8, values: old }) },
    1,
  );
  // A whole second, which is set to the same nanosecond again.
  utimesSync(path(films), 1000, 1000);
  await buildIndex(await films.open(), films.cacheRoot, { jobs: 1 });
  writeFileSync(path(films), bareArrayOf({ dim: 8, values: now }));
  utimesSync(path(films), 1000, 1000);
  await compare(
    films,
    (collection, context) => similar(collection, [{ film: 'a', frame: 0 }], { scope: 'all' }, context),
    { changed: 1 },
  );
});

test('a search does not open archives with an unchanged stamp', async () => {
  const films = await build({ 'a.npz': archiveOf({ dim: 8, values: filmLikeRows(20, 8, 1) }) }, 1);
  const path = join(films.data, 'a.npz');
  const entry = { name: 'a', path };
  const [stamp, fingerprint] = [stampOf(entry) as string, await fingerprintOf(entry)];
  writeStamps(films.folder, { a: [stamp, fingerprint] });
  const state = async () => {
    const index = openIndex(films.folder, films.data);
    const film = await index.film(entry);
    index.close();
    return typeof film === 'string' ? film : 'fresh';
  };
  assert.equal(await state(), 'fresh');
  // With other bytes under the same stamp, the archive is not opened.
  writeFileSync(path, Buffer.alloc(statSync(path).size));
  assert.notEqual(stampOf(entry), stamp);
  assert.equal(await state(), 'changed');
  writeStamps(films.folder, { a: [stampOf(entry) as string, fingerprint] });
  assert.equal(await state(), 'fresh');
});

/**
 * Films with these rows: alone, as float16 in another order, mixed with others that they tie with, and as a bare array
 * without names; beside them one of another dim and one without frames.
 */
function filesOf({ what, dim, values }: SeededRows): Record<string, Uint8Array> {
  const others = seededRows(what, 12).values;
  const half = Math.floor(values.length / dim / 2) * dim;
  const mixed = Float32Array.from([...values.subarray(half), ...others.subarray(values.length - half)]);
  return {
    'a.npz': archiveOf({ dim, values }),
    'b.npz': archiveOf({ dim, values: others }, '<f2'),
    'c.npz': archiveOf({ dim, values: mixed }),
    'd.npy': bareArrayOf({ dim, values: values.toReversed() }),
    'other-dim.npz': archiveOf({ dim: dim + 1, values: new Float32Array(3 * (dim + 1)).fill(1) }),
    'empty.npz': archiveOf({ dim, values: new Float32Array() }),
  };
}

async function build(files: Record<string, Uint8Array>, jobs: number): Promise<IndexedFilms> {
  const films = indexedFilms(files);
  const { failed } = await buildIndex(await films.open(), films.cacheRoot, { jobs });
  assert.deepEqual(failed, []);
  return films;
}

async function compareSimilar(
  films: IndexedFilms,
  known: readonly { readonly name: string; readonly frames: number }[],
  { filters, scope, combine, picks, jobs }: Asked,
): Promise<void> {
  const usable = known.filter(({ frames }) => frames > 0);
  if (usable.length === 0) return;
  const names = picks.map(([film, frame]): FrameName => {
    const { name, frames } = usable[film % usable.length];
    return { film: name, frame: frame % frames };
  });
  const options: SimilarOptions = {
    ...filters,
    combine,
    scope: scope === 'in' ? { in: [known[0].name] } : scope,
  };
  await compare(films, (collection, context) => similar(collection, names, options, { ...context, jobs }));
}

/** Asks with the index and without it. Skipped films, warnings and errors must be the same too. */
async function compare(
  films: IndexedFilms,
  ask: (collection: Collection, context: SearchContext) => Promise<unknown>,
  expected: IndexUse['passedOver'] = {},
): Promise<void> {
  const collection = await films.open();
  const answer = async (context: SearchContext) => {
    const warnings: string[] = [];
    const onWarning: SearchContext['onWarning'] = (film, { message }) => warnings.push(`${film}: ${message}`);
    return [await catchGiallo(() => ask(collection, { ...context, onWarning })), warnings.sort()];
  };
  const uses: IndexUse[] = [];
  const withIndex = await answer(films.context(uses));
  for (const { hasIndex, passedOver } of uses) {
    assert.ok(hasIndex);
    assert.deepEqual(passedOver, expected);
  }
  assert.deepEqual(withIndex, await answer({}));
}
