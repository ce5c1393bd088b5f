import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { duplicates } from '../../src/reports/duplicates.js';
import { cases } from '../cases.js';
import { filenameOf, type MadeFilm, madeFilms, withCollection } from '../oracle/made-films.js';
import { madeNear } from '../oracle/made-filters.js';
import { type MadePairs, madePairs, naivePairs, pairsRequest, sharedPicture } from '../oracle/made-pairs.js';
import { isAllFinite, isNear, type NaiveFrame, scoreOf } from '../oracle/naive.js';

interface Asked extends MadePairs {
  readonly minScore: number;
  readonly excludeNear: number | 'shot';
  readonly acrossFilms: boolean;
  readonly maxScore?: number | undefined;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  ...madePairs,
  minScore: fc.constantFrom(-1, 0, 0.5, 0.98, 1),
  excludeNear: madeNear,
  acrossFilms: fc.boolean(),
  maxScore: fc.constantFrom(undefined, undefined, 0.9),
});

describe('duplicates', () => {
  test('joins the same frames as a comparison of all pairs', async () => {
    await fc.assert(
      fc.asyncProperty(madeFilms(), asked, async (films, request) => {
        await withCollection(films, async (collection) => {
          const report = await duplicates({
            ...request,
            ...(await pairsRequest(collection, films, request)),
          });
          assert.deepEqual(report.groups, naiveGroups(films, request));
        });
      }),
      {
        numRuns: cases(50),
        examples: [
          [sharedPicture.films, { ...sharedPicture.made, minScore: 0.5, excludeNear: 0, acrossFilms: false }],
        ],
      },
    );
  });

  test('joins black frames of one shot through black frames of others', async () => {
    const black = (name: string, frames: number): MadeFilm => ({
      name,
      dim: 1,
      rows: Array.from({ length: frames }, () => [0]),
    });
    const groupsOf = (films: readonly MadeFilm[], request: Partial<Asked>) =>
      withCollection(films, async (collection) => {
        const asked = { minScore: 0.98, excludeNear: 'shot', acrossFilms: false, ...request } as const;
        return (await duplicates({ ...asked, films: collection.films })).groups.map(({ frames }) => frames);
      });
    assert.deepEqual(await groupsOf([black('a', 3), black('b', 1)], {}), [4]);
    assert.deepEqual(await groupsOf([black('a', 3), black('b', 3)], { acrossFilms: true }), [6]);
    assert.deepEqual(await groupsOf([black('a', 3)], {}), []);
    assert.deepEqual(await groupsOf([black('a', 3)], { acrossFilms: true, excludeNear: 0 }), []);
    assert.deepEqual(await groupsOf([black('a', 5)], { excludeNear: 2 }), [4]);
    assert.deepEqual(await groupsOf([black('a', 5)], { excludeNear: 5 }), []);
  });
});

function naiveGroups(films: readonly MadeFilm[], request: Asked) {
  const { frames, isAsked } = naivePairs(films, request);
  const edges = frames.flatMap((a, i) =>
    frames.slice(i + 1).flatMap((b) => {
      const score = isAsked(a.film, b.film) ? joinScore(a, b, request) : undefined;
      return score === undefined ? [] : [{ a, b, score }];
    }),
  );
  const groupOf = new Map(frames.map((frame) => [frame, new Set([frame])]));
  for (const { a, b } of edges) {
    const joined = new Set([...(groupOf.get(a) ?? []), ...(groupOf.get(b) ?? [])]);
    for (const frame of joined) groupOf.set(frame, joined);
  }
  const groups = [...new Set(groupOf.values())].filter((group) => group.size > 1);
  const inFrameOrder = groups.map((group) => frames.filter((frame) => group.has(frame)));
  const first = (group: readonly NaiveFrame[]) => frames.indexOf(group[0] as NaiveFrame);
  return inFrameOrder
    .sort((a, b) => b.length - a.length || first(a) - first(b))
    .map((group, i) => ({
      group: i + 1,
      frames: group.length,
      films: new Set(group.map(({ film }) => film)).size,
      weakest: Math.min(...edges.flatMap(({ a, score }) => (group.includes(a) ? [score] : []))),
      runs: runsOf(group),
    }));
}

/** The score with which two frames are joined; undefined where they are not. */
function joinScore(
  a: NaiveFrame,
  b: NaiveFrame,
  { acrossFilms, excludeNear, minScore, maxScore = 1 }: Asked,
) {
  if ((acrossFilms && a.film === b.film) || isNear(a, b, excludeNear)) return undefined;
  const bytes = ({ vector }: NaiveFrame) => Buffer.from(vector.buffer);
  if (isAllFinite(a.vector) && isAllFinite(b.vector)) {
    const score = scoreOf('cosine', a.vector, b.vector);
    if (score >= minScore && score <= maxScore) return score;
  }
  return maxScore === 1 && bytes(a).equals(bytes(b)) ? 1 : undefined;
}

function runsOf(group: readonly NaiveFrame[]) {
  const runs: { film: string; first: number; last: number; filename: string }[] = [];
  for (const [i, { film, index }] of group.entries()) {
    const before = group[i - 1];
    const run = runs.at(-1);
    if (run && before?.film === film && before.index === index - 1) run.last = index;
    else runs.push({ film: film.name, first: index, last: index, filename: filenameOf(film, index) });
  }
  return runs;
}
