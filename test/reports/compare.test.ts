import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { compare } from '../../src/reports/compare.js';
import { cases } from '../cases.js';
import { filenameOf, type MadeFilm, madeFilms, withCollection } from '../oracle/made-films.js';
import { type MadePairs, madePairs, naivePairs, pairsRequest, sharedPicture } from '../oracle/made-pairs.js';
import { inOrder, isAllFinite, type NaiveFrame, scoreOf } from '../oracle/naive.js';

const asked: fc.Arbitrary<MadePairs & { readonly maxScore?: number | undefined }> = fc.record({
  ...madePairs,
  maxScore: fc.constantFrom(undefined, 0.5, 0.98),
});

describe('compare', () => {
  test('gives the mean over shots of the best cosine, and witnesses from different shots', async () => {
    await fc.assert(
      fc.asyncProperty(madeFilms(), asked, async (films, { maxScore, ...made }) => {
        await withCollection(films, async (collection) => {
          const report = await compare({ maxScore, ...(await pairsRequest(collection, films, made)) });
          const ordered = inOrder(films);
          assert.deepEqual(
            report.films,
            ordered.map(({ name }) => name),
          );
          const { frames, isAsked } = naivePairs(films, made);
          const expected = ordered.flatMap((film) =>
            ordered
              .filter((other) => other !== film && isAsked(film, other))
              .map((other) => naiveComparison(frames, film, other, maxScore ?? 1)),
          );
          assert.deepEqual(report.comparisons, expected);
        });
      }),
      { numRuns: cases(50), examples: [[sharedPicture.films, sharedPicture.made]] },
    );
  });
});

function naiveComparison(frames: readonly NaiveFrame[], film: MadeFilm, other: MadeFilm, maxScore: number) {
  const usable = (one: MadeFilm) => frames.filter((frame) => frame.film === one && isAllFinite(frame.vector));
  const shots = [...new Set(usable(film).map(({ shot }) => shot))];
  const best = shots.flatMap((shot) => {
    const matches = usable(film)
      .filter((frame) => frame.shot === shot)
      .flatMap((frame) =>
        usable(other).map((match) => ({
          score: scoreOf('cosine', frame.vector, match.vector),
          shot,
          index: frame.index,
          filename: filenameOf(film, frame.index),
          otherIndex: match.index,
          otherFilename: filenameOf(other, match.index),
        })),
      );
    return matches
      .filter(({ score }) => score <= maxScore)
      .sort((a, b) => b.score - a.score)
      .slice(0, 1);
  });
  const value = best.length === 0 ? null : best.reduce((sum, { score }) => sum + score, 0) / best.length;
  const witnesses = [...best].sort((a, b) => b.score - a.score).slice(0, 3);
  return { film: film.name, other: other.name, value, witnesses };
}
