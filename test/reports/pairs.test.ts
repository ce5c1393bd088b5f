import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { pairs } from '../../src/reports/pairs.js';
import { cases } from '../cases.js';
import { filenameOf, type MadeFilm, madeFilms, withCollection } from '../oracle/made-films.js';
import { type MadePairs, madePairs, naivePairs, pairsRequest, sharedPicture } from '../oracle/made-pairs.js';
import { isAllFinite, type NaiveFrame, scoreOf } from '../oracle/naive.js';

interface Asked extends MadePairs {
  readonly k: number;
  readonly perShot: number;
  readonly withinFilms: boolean;
  readonly minScore: number | undefined;
  readonly maxScore?: number | undefined;
  readonly mostCandidates: number | undefined;
}

const asked: fc.Arbitrary<Asked> = fc.record({
  ...madePairs,
  k: fc.integer({ min: 1, max: 30 }),
  perShot: fc.integer({ min: 1, max: 3 }),
  withinFilms: fc.boolean(),
  minScore: fc.constantFrom(undefined, -0.5, 0, 0.9, 1),
  maxScore: fc.constantFrom(undefined, 0.5, 0.98),
  mostCandidates: fc.constantFrom(undefined, 1, 2, 5),
});

describe('pairs', () => {
  test('chooses the same pairs as a greedy walk over all pairs', async () => {
    await fc.assert(
      fc.asyncProperty(madeFilms(), asked, async (films, request) => {
        await withCollection(films, async (collection) => {
          const report = await pairs({ ...request, ...(await pairsRequest(collection, films, request)) });
          assert.deepEqual(report.pairs, greedyPairs(films, request));
        });
      }),
      {
        numRuns: cases(50),
        examples: [
          [
            sharedPicture.films,
            {
              ...sharedPicture.made,
              k: 5,
              perShot: 2,
              withinFilms: false,
              minScore: undefined,
              mostCandidates: undefined,
            },
          ],
        ],
      },
    );
  });

  test('ends if more pairs are requested than exist', async () => {
    const film = (name: string, turn: number): MadeFilm => ({
      name,
      dim: 2,
      rows: Array.from({ length: 40 }, (_, i) => [Math.cos(turn + 0.1 * i), Math.sin(turn + 0.1 * i)]),
    });
    const films = [film('a', 0), film('b', 1), film('c', 2)];
    const request = { k: 1_000_000, withinFilms: true, minScore: undefined, shotThreshold: 2 };
    await withCollection(films, async (collection) => {
      let passes = 0;
      const onPairCounts = () => {
        passes++;
      };
      const chosen = async (perShot: number) => {
        const asked = { ...request, perShot, mostCandidates: 100, films: collection.films };
        return (await pairs(asked, { onPairCounts })).pairs;
      };
      assert.equal((await chosen(1)).length, 60);
      // Shots that are in enough pairs are looked at no more.
      assert.ok(passes < 12, `${passes} passes`);
      assert.equal((await chosen(1_000_000)).length, (120 * 119) / 2);
    });
  });

  test('lets a pair that is found late displace two others', async () => {
    const films: MadeFilm[] = [
      {
        name: 'a',
        dim: 3,
        rows: [
          [0.75, 0.65625, 0],
          [0.8125, -0.625, 0],
        ],
      },
      { name: 'b', dim: 3, rows: [[0.9375, 0.3125, 0]] },
      { name: 'c', dim: 3, rows: [[1, 0, 0]] },
      { name: 'd', dim: 3, rows: [[0, 0.3125, 0.9375]] },
    ];
    const request = { k: 2, perShot: 1, withinFilms: false, minScore: undefined, shotThreshold: 0.9 };
    await withCollection(films, async (collection) => {
      const report = await pairs({ ...request, films: collection.films });
      const expected = greedyPairs(films, { ...request, mostCandidates: undefined });
      assert.deepEqual(
        expected.map(({ a, b }) => `${a.film}${b.film}`),
        ['bc', 'ad'],
      );
      assert.deepEqual(report.pairs, expected);
    });
  });
});

function greedyPairs(
  films: readonly MadeFilm[],
  { k, perShot, withinFilms, minScore, maxScore, ...made }: Asked,
) {
  const { frames, isAsked } = naivePairs(films, made);
  const usable = frames.filter((frame) => isAllFinite(frame.vector));
  const candidates = usable.flatMap((a, i) =>
    usable
      .slice(i + 1)
      .filter((b) => (a.film === b.film ? withinFilms && a.shot !== b.shot : true))
      .map((b) => ({ a, b, score: scoreOf('cosine', a.vector, b.vector) }))
      .filter(({ a, b }) => isAsked(a.film, b.film))
      .filter(({ score }) => score >= (minScore ?? -1) && score <= (maxScore ?? 1)),
  );
  const uses = new Map<string, number>();
  const shotOf = ({ film, shot }: NaiveFrame) => `${shot} ${film.name}`;
  const chosen: typeof candidates = [];
  for (const candidate of candidates.sort((one, other) => other.score - one.score)) {
    const shots = [shotOf(candidate.a), shotOf(candidate.b)];
    if (chosen.length === k || shots.some((shot) => (uses.get(shot) ?? 0) >= perShot)) continue;
    for (const shot of shots) uses.set(shot, (uses.get(shot) ?? 0) + 1);
    chosen.push(candidate);
  }
  const frameRow = ({ film, index, shot }: NaiveFrame) => ({
    film: film.name,
    index,
    filename: filenameOf(film, index),
    shot,
  });
  return chosen.map(({ a, b, score }, i) => ({ rank: i + 1, score, a: frameRow(a), b: frameRow(b) }));
}
