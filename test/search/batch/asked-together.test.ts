/**
 * All kinds of questions about all kinds of films in one pass: the same answers with and without the sketches of the
 * index.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Collection, openCollection } from '../../../src/collection/collection.js';
import { askCompare } from '../../../src/reports/compare.js';
import { askPairs } from '../../../src/reports/pairs.js';
import type { BatchFilms } from '../../../src/search/batch/batch-films.js';
import { measureFilms } from '../../../src/search/batch/measure-films.js';
import { findNearest } from '../../../src/search/batch/nearest-frames.js';
import { buildIndex } from '../../../src/search-index/build.js';
import { cases } from '../../cases.js';
import { writeFilm } from '../../oracle/made-films.js';
import { randomFrom } from '../../seeded-numbers.js';
import { temporaryFolder } from '../../temporary-folder.js';

/** Films that are blocks by themselves, and many that are not; one of one frame. */
const lengths = [120, 1, 80, 200, ...Array.from({ length: 12 }, (_, i) => 1 + ((i * 17) % 40))];
const context = { jobs: 1, worthThreads: Number.POSITIVE_INFINITY };

const filters = fc.record({
  k: fc.constantFrom(1, 2, 5, 12, 40, 1000),
  perFilm: fc.constantFrom(undefined, 1, 3),
  perShot: fc.constantFrom(undefined, 1, 2),
  cutoff: fc.constantFrom(undefined, 0.5),
  ceiling: fc.constantFrom(undefined, 0.97, 0.999),
  excludeNear: fc.constantFrom(0, 3, 'shot' as const),
});
const pairsRequest = fc.record({
  k: fc.constantFrom(1, 5, 20, 300),
  perShot: fc.constantFrom(1, 2, 5),
  withinFilms: fc.boolean(),
  minScore: fc.constantFrom(undefined, 0.3),
  maxScore: fc.constantFrom(undefined, 0.97),
  mostCandidates: fc.constantFrom(undefined, 3, 50, 500),
});
const someFilms = fc.array(fc.boolean(), { minLength: lengths.length, maxLength: lengths.length });
const questions = fc.record({
  filters,
  pairsRequest,
  targets: someFilms,
  found: someFilms,
  isFoundByItself: fc.boolean(),
  /** One of every so many frames is left out; none if it is 0. */
  leftOutEvery: fc.constantFrom(0, 7),
  asked: fc.option(fc.nat(lengths.length - 1), { nil: undefined }),
  isCompared: fc.boolean(),
});
type Questions = typeof questions extends fc.Arbitrary<infer T> ? T : never;

// With one the sketches are narrower than a head.
for (const dim of [20, 60]) {
  describe(`films of ${dim} numbers per frame`, () => {
    const folder = temporaryFolder();
    let archives: BatchFilms;
    let index: BatchFilms;

    before(async () => {
      const collection = await makeFilms(folder, dim);
      const cacheRoot = join(folder, 'cache');
      await buildIndex(collection, cacheRoot, { jobs: 1 });
      const request = { films: collection.films, shotThreshold: 0.9 };
      archives = await measureFilms(request, { heldBytes: 0 });
      index = await measureFilms(request, { heldBytes: 0, index: { dataFolder: folder, cacheRoot } });
      assert.ok(index.films.every(({ indexed }) => indexed));
    });

    test('have the same nearest frames, pairs and comparisons if asked together', async () => {
      const property = fc.asyncProperty(questions, async (asked) => {
        assert.deepEqual(await answers(index, asked), await answers(archives, asked));
      });
      await fc.assert(property, { numRuns: cases(30) });
    });
  });
}

async function answers({ films: measured, ...rest }: BatchFilms, asked: Questions): Promise<unknown> {
  const { pairsRequest, filters, targets, found, isFoundByItself, leftOutEvery, isCompared } = asked;
  const leaveOut = (frames: number) => Uint8Array.from({ length: frames }, (_, i) => Number(i % 7 === 2));
  const films = measured.map((film) =>
    leftOutEvery === 0 ? film : { ...film, leftOut: leaveOut(film.frames) },
  );
  const entries = films.map(({ entry }) => entry);
  const request = {
    ...pairsRequest,
    films: entries,
    asked: asked.asked === undefined ? undefined : [entries[asked.asked]],
  };
  const pairs = askPairs({ films, ...rest }, request);
  const compare = askCompare({ films, ...rest }, request);
  const others = isCompared ? [pairs.question, compare.question] : [pairs.question];
  const isFound = new Set(films.filter((_, i) => found[i]));
  const hitsOfFilms: unknown[] = [];
  await findNearest(
    {
      filters: { metric: 'cosine', ...filters },
      films,
      targets: films.filter((_, i) => targets[i]),
      scopes: [
        { isFound: (film) => isFound.has(film), isFoundByItself: () => isFoundByItself },
        { isFound: () => false, isFoundByItself: () => true },
      ],
    },
    async ({ frames, entry }, hits) => {
      for (const its of hits)
        hitsOfFilms.push([entry.name, Array.from({ length: frames }, (_, row) => its.hitsOf(row))]);
    },
    context,
    others,
  );
  const comparisons = isCompared ? (await compare.answer(context)).comparisons : [];
  return { hitsOfFilms, pairs: (await pairs.answer(context)).pairs, comparisons };
}

/** Shots around a few directions that come again, some of their frames equal, all-zero or not finite. */
async function makeFilms(folder: string, dim: number): Promise<Collection> {
  const random = randomFrom(dim);
  for (const [number, frames] of lengths.entries()) {
    let direction = 0;
    let left = 0;
    const rows = Array.from({ length: frames }, () => {
      if (left-- <= 0) {
        direction = 1 + Math.floor(random() * 12);
        left = Math.floor(random() * 8);
      }
      const kind = random();
      const noise = kind < 0.3 ? 0 : 0.4;
      if (kind > 0.99) return Array.from({ length: dim }, () => 0);
      const row = Array.from({ length: dim }, (_, i) =>
        Math.fround((Math.sin((i + 1) * direction) + noise * (random() - 0.5)) * (1 + (direction % 3))),
      );
      if (kind > 0.98) row[3] = Number.NaN;
      return row;
    });
    await writeFilm(folder, { name: `film${String(number).padStart(2, '0')}`, dim, rows });
  }
  return openCollection(folder);
}
