import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { type Collection, openCollection } from '../../src/collection/collection.js';
import { type FrameNeighbors, planTopk, type TopkRequest } from '../../src/reports/topk.js';
import type { SearchContext } from '../../src/search/context.js';
import { questionDefaults } from '../../src/search/question.js';
import { cases } from '../cases.js';
import { filenameOf, type MadeFilm, madeFilms, withCollection } from '../oracle/made-films.js';
import { madeFilters } from '../oracle/made-filters.js';
import {
  answerTo,
  firstPicture,
  framesOf,
  inOrder,
  isAllFinite,
  isZero,
  shotsBelow,
} from '../oracle/naive.js';
import { rejects } from '../rejects.js';

describe('topk', () => {
  test('finds for every frame what a full sort finds, with any filters', async () => {
    const scopes = fc.constantFrom('all', 'others', 'in');
    const asked = fc.record({
      films: madeFilms(),
      filters: madeFilters,
      isPictureLeftOut: fc.boolean(),
      scope: scopes,
      chosen: fc.oneof(fc.constant(0), fc.nat()),
      finished: fc.oneof(fc.constant(0), fc.nat()),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ films, scope, chosen, finished, ...made }) => {
        const without = made.isPictureLeftOut ? firstPicture(films) : [];
        const filters = { ...made.filters, without };
        const isNamed = (bits: number) => (_: unknown, i: number) => ((bits >> i) & 1) === 0;
        await withCollection(films, async (collection) => {
          const targets = collection.films.filter(isNamed(chosen));
          const inScope = collection.films.filter(isNamed(chosen >> 4));
          const request: TopkRequest = {
            ...filters,
            films: targets,
            scope: scope === 'in' ? { in: inScope } : scope,
          };
          const wanted = targets.filter(isNamed(finished)).map(({ name }) => name);

          const frames = framesOf(films, (film) => shotsBelow(film, filters.shotThreshold));
          const expected = inOrder(films)
            .filter(({ name }) => wanted.includes(name))
            .map((target) =>
              frames
                .filter(({ film }) => film === target)
                .map((from) => {
                  const { index, vector } = from;
                  const place = { film: target.name, index, filename: filenameOf(target, index) };
                  if (!isAllFinite(vector)) return { ...place, note: 'non-finite', neighbors: [] };
                  if (filters.metric === 'cosine' && isZero(vector))
                    return { ...place, note: 'zero', neighbors: [] };
                  const searched = frames.filter(
                    ({ film }) =>
                      scope === 'all' ||
                      (scope === 'others' ? film !== target : inScope.some(({ name }) => name === film.name)),
                  );
                  return { ...place, neighbors: answerTo([vector], [from], searched, filters) };
                }),
            );
          assert.deepEqual(await dumpOf(collection, request, (film) => wanted.includes(film)), expected);
        });
      }),
      { numRuns: cases(120) },
    );
  });

  const odd: readonly MadeFilm[] = [
    {
      name: 'a',
      dim: 2,
      rows: [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    },
    { name: 'none', dim: 2, rows: [] },
    { name: 'one', dim: 2, rows: [[1, 1]] },
    {
      name: 'other.dim',
      dim: 3,
      rows: [
        [1, 1, 1],
        [1, 2, 1],
      ],
    },
  ];

  test('gives fewer neighbours if there are fewer than k, and none to a lone frame', async () => {
    await withCollection(odd, async (collection) => {
      const request = { ...questionDefaults, k: 1000, films: collection.films, scope: 'all' } as const;
      const counts = (await dumpOf(collection, request, () => true)).map((film) =>
        film.map(({ neighbors }) => neighbors.length),
      );
      assert.deepEqual(counts, [[3, 3, 0], [], [3]]);
      const own = { ...request, films: named(collection, 'one'), scope: { in: named(collection, 'one') } };
      assert.deepEqual(await dumpOf(collection, own, () => true), [
        [{ film: 'one', index: 0, filename: 'one 0', neighbors: [] }],
      ]);
    });
  });

  test('has the dim of the named films, and lists films of another dim as skipped', async () => {
    await withCollection(odd, async (collection) => {
      const films = named(collection, 'other.dim');
      const plan = await planTopk(collection, { ...questionDefaults, k: 3, films, scope: 'all' });
      assert.deepEqual(
        [plan.targets, plan.skipped].map((some) =>
          some.map((one) => ('entry' in one ? one.entry.name : one.film)),
        ),
        [['other.dim'], ['a', 'one']],
      );
      assert.deepEqual(
        plan.skipped.map(({ code }) => code),
        ['dim-mismatch', 'dim-mismatch'],
      );
    });
  });

  test('is an error if none of the named films can be read, else lists those that cannot', async () => {
    await withCollection(odd, async ({ folder }) => {
      await writeFile(join(folder, 'broken.npz'), 'no archive');
      const collection = await openCollection(folder);
      const request = { ...questionDefaults, films: named(collection, 'broken'), scope: 'all' } as const;
      await rejects(() => planTopk(collection, request), { code: 'not-an-archive', message: /broken\.npz/ });
      const more = await planTopk(collection, { ...request, films: named(collection, 'broken', 'one') });
      assert.deepEqual(
        more.targets.map(({ entry }) => entry.name),
        ['one'],
      );
      assert.ok(more.skipped.some(({ film, code }) => film === 'broken' && code === 'not-an-archive'));
    });
  });
});

function named({ films }: Collection, ...names: readonly string[]) {
  return films.filter(({ name }) => names.includes(name));
}

/** What the dump gives, film by film. */
async function dumpOf(
  collection: Collection,
  request: TopkRequest,
  isWanted: (film: string) => boolean,
  context: SearchContext = {},
): Promise<FrameNeighbors[][]> {
  const plan = await planTopk(collection, request, context);
  const found: FrameNeighbors[][] = [];
  await plan.run(
    ({ entry }) => isWanted(entry.name),
    async (_, frames) => void found.push([...frames]),
  );
  return found;
}
