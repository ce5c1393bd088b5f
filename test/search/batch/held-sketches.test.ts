import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { type Collection, openCollection } from '../../../src/collection/collection.js';
import type { Filters } from '../../../src/ranking/film-selection.js';
import type { BatchFilm } from '../../../src/search/batch/batch-films.js';
import { holdSketches } from '../../../src/search/batch/batch-sketches.js';
import { packFilms, roles } from '../../../src/search/batch/film-block.js';
import { measureFilms } from '../../../src/search/batch/measure-films.js';
import { findNearest } from '../../../src/search/batch/nearest-frames.js';
import type { Collect, FramePairs } from '../../../src/search/batch/pair-task.js';
import { type PairQuestion, scoreFilmPairs } from '../../../src/search/batch/run-tasks.js';
import type { SearchContext } from '../../../src/search/context.js';
import { buildIndex } from '../../../src/search-index/build.js';
import { indexFolder } from '../../../src/search-index/index-folder.js';
import { hasAllCases, withoutCases } from '../../cases.js';
import { type MadeFilm, writeFilm } from '../../oracle/made-films.js';
import { rejects } from '../../rejects.js';
import { temporaryFolder } from '../../temporary-folder.js';

const dim = 201;
/** Threads are started even for little work. */
const worthThreads = 1;
const framesOf = (film: number) => 55 + 10 * film;
const folder = temporaryFolder();
const cache = join(folder, 'cache');
let collection: Collection;
/**
 * The same films: to be read from their archives, found in the index, with sketches in memory, with vectors, with both.
 */
const sources: Record<string, readonly BatchFilm[]> = {};

before(async () => {
  for (const [i, name] of ['a', 'b', 'c', 'd'].entries())
    await writeFilm(folder, madeFilm(name, framesOf(i), i + 1));
  await writeFilm(folder, { name: 'empty', dim, rows: [] });
  collection = await openCollection(folder);
  await buildIndex(collection, cache, { jobs: 2 });
  const indexPlace = { dataFolder: folder, cacheRoot: cache };
  const archives = (await measureFilms(collection, { heldBytes: 0 })).films;
  const index = (await measureFilms(collection, { heldBytes: 0, index: indexPlace })).films;
  const vectors = (await measureFilms(collection, { index: indexPlace })).films;
  const held = await holdSketches(archives, { jobs: 2 });
  assert.ok(
    archives.every(({ indexed, held, vectors, frames }) => frames === 0 || !(indexed || held || vectors)),
  );
  assert.ok(vectors.every(({ indexed, vectors }) => vectors && !indexed));
  assert.ok(index.every(({ indexed, frames }) => indexed || frames === 0));
  assert.ok(held.every(({ held, frames }) => held || frames === 0));
  Object.assign(sources, { archives, index, held, vectors, both: await holdSketches(vectors, { jobs: 2 }) });
});

describe('answers are the same with and without sketches, for any number of threads', () => {
  test('nearest frames', async () => {
    const filters = { metric: 'cosine', k: 6, excludeNear: 1 } as const;
    await requireSame((films, context) => nearest(films, filters, context), hasAllCases ? [1, 3] : [2]);
  });

  test('nearest frames, one per shot', async () => {
    const filters = { metric: 'cosine', k: 6, perShot: 1, excludeNear: 'shot' } as const;
    await requireSame((films, context) => nearest(films, filters, context));
  });

  for (const [what, asked] of Object.entries({
    'by cosine': { metric: 'cosine' },
    'by dot': { metric: 'dot' },
    'by euclidean': { metric: 'euclidean' },
    'up to a score': { metric: 'cosine', ceiling: 0.97 },
    'two of each film': { metric: 'cosine', perFilm: 2 },
    'one of each shot': { metric: 'cosine', perShot: 1 },
  } as const)) {
    test(`nearest frames of other films after a survey: ${what}`, async () => {
      const filters = { k: 6, excludeNear: 0, ...asked } as const;
      await requireSame((films, context) => nearest(films, filters, context, false));
    });
  }

  for (const [metric, cutoff] of [
    ['dot', 900],
    ['euclidean', 30],
  ] as const) {
    test(`nearest frames by ${metric}`, async () => {
      const filters = { metric, k: 6, excludeNear: 0 } as const;
      await requireSame((films, context) => nearest(films, filters, context));
    });

    test(`nearest frames by ${metric} within a cutoff`, async () => {
      const filters = { metric, k: 50, cutoff, excludeNear: 0 } as const;
      await requireSame((films, context) => nearest(films, filters, context));
    });
  }

  test('groups of frames', async () => {
    await requireSame((from, context) =>
      meetings(
        from,
        () => ({ kind: 'groups', floor: 0.95 }),
        context,
        ({ from: frames }) => frames.length,
      ),
    );
  });

  test('the best of each shot', async () => {
    await requireSame((from, context) =>
      meetings(
        from,
        () => ({ kind: 'best-of-shots' }),
        context,
        ({ from: frames, to, closeness }) =>
          [...frames]
            .map((frame, i) => [frame, to[i], closeness[i]])
            .sort(([a, b], [c, d]) => a - c || b - d),
      ),
    );
  });
});

test('there is a survey if there are sketches and only frames of other films are wanted', async () => {
  const isSurveyed = async (from: string, isFoundByItself: boolean) => {
    const units = new Set<string>();
    const onProgress = ({ unit }: { readonly unit: string }) => void units.add(unit);
    const filters = { metric: 'cosine', k: 6, excludeNear: 0 } as const;
    await nearest(sources[from], filters, { jobs: 1, onProgress }, isFoundByItself);
    return units.has('pairs of films surveyed');
  };
  assert.equal(await isSurveyed('index', false), true);
  assert.equal(await isSurveyed('both', false), true);
  assert.equal(await isSurveyed('held', false), false);
  assert.equal(await isSurveyed('index', true), false);
  assert.equal(await isSurveyed('archives', false), false);
});

test('a survey of one in three pairs of blocks looks at blocks that are one or four places apart', async () => {
  const asked = roles.asked | roles.found;
  const one = packFilms([sources.index[0]], () => asked)[0];
  const blocks = Array.from({ length: 6 }, (_, number) => ({ ...one, number }));
  const surveyed: (readonly number[])[] = [];
  const nothing = { collect: () => ({ kind: 'groups', floor: 1 }) as const, take() {} };
  const take = (_: unknown, a: { number: number }, b: { number: number }) =>
    void surveyed.push([a.number, b.number]);
  const survey = { ...nothing, take, every: 3, end() {} };
  await scoreFilmPairs('cosine', [{ ...nothing, blocks, excludeNear: 0, survey }], { jobs: 1 });
  const apart = surveyed.map(([a, b]) => b - a);
  assert.deepEqual([...new Set(apart)].sort(), [1, 4]);
  assert.equal(surveyed.length, 5 + 2);
});

describe('the search index is built first', withoutCases, () => {
  const hints: string[] = [];
  const contextOf = (cacheRoot: string): SearchContext => ({
    index: { dataFolder: folder, cacheRoot },
    worthSketching: 1,
    heldBytes: 0,
    onHint: (text) => void hints.push(text),
  });

  test('if the work is about the whole collection', async () => {
    const { films } = await measureFilms(collection, contextOf(join(folder, 'cache-whole')));
    assert.ok(films.every(({ indexed, frames }) => indexed || frames === 0));
    assert.match(hints.join(), /building the search index first/);
  });

  test('only for the films of the work', async () => {
    const cacheRoot = join(folder, 'cache-some');
    const { films } = await measureFilms({ films: collection.films.slice(0, 2) }, contextOf(cacheRoot));
    assert.ok(films.every(({ indexed }) => indexed));
    const files = readdirSync(indexFolder(cacheRoot, folder));
    assert.equal(files.filter((file) => file.endsWith('.rows')).length, 2);
  });

  test('but not if frames keep so many results that most pairs are scored anyway', async () => {
    const cacheRoot = join(folder, 'cache-many');
    const isSketched = async (perFrame: number, index: SearchContext['index']) => {
      const { films } = await measureFilms({ ...collection, perFrame }, { ...contextOf(cacheRoot), index });
      return films.some(({ indexed, held }) => indexed ?? held);
    };
    const place = { dataFolder: folder, cacheRoot };
    assert.equal(await isSketched(1000, place), false);
    assert.equal(await isSketched(1000, undefined), false);
    assert.equal(await isSketched(0, place), true);
    assert.equal(await isSketched(0, undefined), true);
  });
});

test('sketches are not made from films replaced after they were measured', withoutCases, async () => {
  const { films } = await measureFilms(collection, { heldBytes: 0 });
  await writeFilm(folder, madeFilm('b', framesOf(1), 7));
  try {
    await rejects(() => holdSketches(films, { jobs: 2 }), {
      code: 'file-unreadable',
      message: /b\.npz: the vectors have changed since they were first read/,
    });
  } finally {
    await writeFilm(folder, madeFilm('b', framesOf(1), 2));
  }
});

test('an abort during the making of sketches throws its reason', withoutCases, async () => {
  const { films } = await measureFilms(collection, {});
  const stop = new AbortController();
  const reason = new Error('enough');
  const onProgress = ({ unit }: { readonly unit: string }) => {
    if (unit === 'films sketched') stop.abort(reason);
  };
  await assert.rejects(
    holdSketches(films, { jobs: 2, signal: stop.signal, onProgress }),
    (error) => error === reason,
  );
  await assert.rejects(holdSketches(films, { signal: stop.signal }), (error) => error === reason);
});

async function requireSame(
  find: (films: readonly BatchFilm[], context: SearchContext) => Promise<unknown>,
  threads: readonly number[] = [],
): Promise<void> {
  const expected = await find(sources.archives, { jobs: 1 });
  for (const [from, films] of Object.entries(sources)) {
    if (from !== 'archives') assert.deepEqual(await find(films, { jobs: 1 }), expected, from);
    for (const jobs of threads) {
      assert.deepEqual(await find(films, { jobs, worthThreads }), expected, `${from}, ${jobs} threads`);
    }
  }
}

async function nearest(
  films: readonly BatchFilm[],
  filters: Filters,
  context: SearchContext,
  isFoundByItself = true,
): Promise<unknown> {
  const found: unknown[] = [];
  const scope = { isFound: () => true, isFoundByItself: () => isFoundByItself };
  await findNearest(
    { filters, films, targets: films, scopes: [scope] },
    async ({ frames }, [hits]) =>
      void found.push(Array.from({ length: frames }, (_, row) => hits.hitsOf(row))),
    context,
  );
  return found;
}

async function meetings(
  films: readonly BatchFilm[],
  collect: () => Collect,
  context: SearchContext,
  resultOf: (pairs: FramePairs) => unknown,
): Promise<unknown> {
  const found: [string, unknown, unknown][] = [];
  const question: PairQuestion = {
    blocks: packFilms(films, () => roles.asked | roles.found),
    excludeNear: 0,
    collect,
    take: ({ forward, backward }, a, b) =>
      void found.push([`${a.number} ${b.number}`, resultOf(forward), resultOf(backward)]),
  };
  await scoreFilmPairs('cosine', [question], context);
  return found.sort();
}

/** Directions that drift and come again, so that scores tie, of all lengths; zero rows and a row that is not finite. */
function madeFilm(name: string, frames: number, seed: number): MadeFilm {
  const rows = Array.from({ length: frames }, (_, frame) =>
    Array.from({ length: dim }, (_, i) => {
      if (frame === 3 || frame === 50) return 0;
      if (frame === 7 && i === 5) return Number.NaN;
      const direction = Math.sin((i + 1) * (1 + ((frame * seed) % 30)) * 0.1) + 0.02 * Math.cos(i * frame);
      return Math.fround(direction * (1 + (frame % 4)));
    }),
  );
  return { name, dim, rows };
}
