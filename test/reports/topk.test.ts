import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Collection } from '../../src/collection/collection.js';
import { type FrameNeighbors, planTopk, type TopkRequest } from '../../src/reports/topk.js';
import type { SearchContext } from '../../src/search/context.js';
import { filenameOf, madeFilms, withCollection } from '../oracle/made-films.js';
import { madeFilters } from '../oracle/made-filters.js';
import { answerTo, framesOf, inOrder, isAllFinite, isZero, shotsBelow } from '../oracle/naive.js';

describe('topk', () => {
  test('finds for every frame what a full sort finds, with any filters', async () => {
    const scopes = fc.constantFrom('all', 'others', 'in');
    const asked = fc.record({
      films: madeFilms(),
      filters: madeFilters,
      scope: scopes,
      chosen: fc.nat(),
      finished: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ films, filters, scope, chosen, finished }) => {
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
      { numRuns: 50 },
    );
  });
});

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
