import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { GialloError } from '../../src/errors.js';
import { similar } from '../../src/reports/similar.js';
import { cases } from '../cases.js';
import { type MadeFilm, madeFilms, withCollection } from '../oracle/made-films.js';
import { madeFilters } from '../oracle/made-filters.js';
import {
  answerTo,
  firstPicture,
  framesOf,
  inOrder,
  isAllFinite,
  isZero,
  meanOf,
  shotsBelow,
} from '../oracle/naive.js';

/**
 * By the film's own threshold, the frame above the highest score is in the query's shot; by the given threshold it is
 * not.
 */
const nearByAnotherThreshold = {
  films: [{ name: 'a', dim: 1, rows: [[2], [0.5]] } as MadeFilm],
  made: {
    metric: 'cosine' as const,
    k: 1,
    excludeNear: 'shot' as const,
    perFilm: undefined,
    perShot: undefined,
    cutoff: undefined,
    ceiling: 0.5 as const,
    shotThreshold: 2 as const,
  },
  isPictureLeftOut: false,
  scope: 'own' as const,
  combine: 'mean' as const,
  picks: [0],
};

describe('similar', () => {
  test('finds what a full sort finds, with any filters, scope and combination of frames', async () => {
    const asked = fc.record({
      films: madeFilms(),
      made: madeFilters,
      isPictureLeftOut: fc.boolean(),
      scope: fc.constantFrom('own', 'all', 'others', 'in'),
      combine: fc.constantFrom('mean', 'max'),
      picks: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ films, made, isPictureLeftOut, scope, combine, picks }) => {
        const filters = { ...made, without: isPictureLeftOut ? firstPicture(films) : [] };
        const frames = framesOf(films, (film) => shotsBelow(film, filters.shotThreshold));
        fc.pre(frames.length > 0);
        const origin = picks.map((pick) => frames[pick % frames.length] as (typeof frames)[number]);
        const first = inOrder(films)[0]?.name as string;
        await withCollection(films, async (collection) => {
          const names = origin.map(({ film, index }) => ({ film: film.name, frame: index }));
          const options = { ...filters, combine, scope: scope === 'in' ? { in: [first] } : scope };
          const answer = await similar(collection, names, options).catch((error) => {
            if (error instanceof GialloError && error.code === 'query-unusable') return undefined;
            throw error;
          });

          const isUsable = (vector: Float32Array) =>
            isAllFinite(vector) && (filters.metric !== 'cosine' || !isZero(vector));
          const own = origin.map(({ vector }) => vector);
          const isMean = combine === 'mean' && own.length > 1;
          const vectors = isMean && own.every(isUsable) ? [meanOf(filters.metric, own)] : own;
          if (!vectors.every(isUsable)) return assert.equal(answer, undefined);
          const isAsked = (film: unknown) => origin.some((frame) => frame.film === film);
          const searched = frames.filter(({ film }) => {
            if (scope === 'in') return film.name === first;
            return scope === 'all' || isAsked(film) === (scope === 'own');
          });
          assert.deepEqual(
            answer?.results.map(({ rank: _, ...hit }) => hit),
            answerTo(vectors, origin, searched, filters),
          );
        });
      }),
      { numRuns: cases(50, 15), examples: [[nearByAnotherThreshold]] },
    );
  });
});
