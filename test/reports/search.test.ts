import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { searchVectors } from '../../src/reports/search.js';
import { cases } from '../cases.js';
import { madeFilms, withCollection } from '../oracle/made-films.js';
import { madeFilters } from '../oracle/made-filters.js';
import { answerTo, framesOf, shotsBelow } from '../oracle/naive.js';
import { rejects } from '../rejects.js';

describe('search', () => {
  test('finds for every vector what a full sort finds, with any filters', async () => {
    const number = fc.constantFrom(-2, -1, 0.25, 1, 3);
    const vectors = fc.array(fc.tuple(number, number, number), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(madeFilms(), vectors, madeFilters, async (films, queries, filters) => {
        const dim = films[0]?.dim as number;
        const cut = queries.map((query) => Float32Array.from(query.slice(0, dim)));
        await withCollection(films, async (collection) => {
          const report = await searchVectors(collection.films, cut, filters);
          const frames = framesOf(films, (film) => shotsBelow(film, filters.shotThreshold));
          const expected = cut.map((vector) =>
            answerTo([vector], [], frames, { ...filters, excludeNear: 0 }),
          );
          const found = report.answers.map(({ results }) => results.map(({ rank: _, ...hit }) => hit));
          assert.deepEqual(found, expected);
        });
      }),
      { numRuns: cases(50, 15) },
    );
  });

  const films = [
    {
      name: 'a',
      dim: 2,
      rows: [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    },
    { name: 'b', dim: 2, rows: [] },
  ];
  const ask = (...vectors: number[][]) =>
    withCollection(films, ({ films }) =>
      searchVectors(
        films,
        vectors.map((row) => Float32Array.from(row)),
      ),
    );

  test('names both dims if they differ', async () => {
    await rejects(() => ask([1, 2, 3]), {
      code: 'dim-mismatch',
      message: /vectors of 3 numbers, as the query has.*\/a\.npz: .*found 2/,
    });
  });

  test('says which of several vectors cannot be used', async () => {
    await rejects(() => ask([1, 1], [1, 1], [1, 1, 1]), {
      code: 'dim-mismatch',
      message: 'query vector 2 has 3 numbers, unlike the first, which has 2',
    });
    await rejects(() => ask([1, 1], [0, 0]), {
      code: 'query-unusable',
      message: /^query vector 1: .*all zero/,
    });
    await rejects(() => ask([Number.NaN, 1]), {
      code: 'query-unusable',
      message: /^the query vector: .*NaN or Inf/,
    });
    await rejects(() => ask([1e39, 1]), { code: 'query-unusable', message: /NaN or Inf/ });
  });

  test('refuses a query without vectors', async () => {
    await rejects(() => ask(), { code: 'input-malformed', message: /no vector/ });
  });

  test('answers many vectors in several passes as it answers each alone', async () => {
    const vectors = Array.from({ length: 600 }, (_, i) => [Math.sin(i), Math.cos(i)]);
    const { answers, searched } = await ask(...vectors);
    assert.deepEqual(searched, { films: 2, frames: 3, zero: 1, nonFinite: 0 });
    assert.equal(answers.length, 600);
    for (const query of [0, 255, 256, 599]) {
      const [alone] = (await ask(vectors[query] as number[])).answers;
      assert.deepEqual(answers[query], { ...alone, query });
    }
  });
});
