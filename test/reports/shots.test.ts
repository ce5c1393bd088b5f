import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Collection } from '../../src/collection/collection.js';
import type { FilmEntry } from '../../src/collection/film.js';
import { pairs } from '../../src/reports/pairs.js';
import { shots } from '../../src/reports/shots.js';
import { similar } from '../../src/reports/similar.js';
import { planTopk } from '../../src/reports/topk.js';
import { cases } from '../cases.js';
import { filenameOf, type MadeFilm, madeFilms, withCollection } from '../oracle/made-films.js';
import { madeThreshold } from '../oracle/made-filters.js';
import { answerTo, framesOf, isAllFinite, isZero, shotsBelow } from '../oracle/naive.js';

describe('shots', () => {
  test('begin where the cosine is below the threshold, and are represented by the frame nearest to their mean', async () => {
    await fc.assert(
      fc.asyncProperty(madeFilms(1, 12), madeThreshold, async ([film], shotThreshold) => {
        await withCollection([film as MadeFilm], async ({ films: [entry] }) => {
          const report = await shots(entry, shotThreshold);
          assert.deepEqual(shotOfFrames(report), shotsBelow(film as MadeFilm, shotThreshold));
          for (const { first, last, frames, representative, filename } of report.shots) {
            assert.equal(frames, last - first + 1);
            assert.equal(filename, filenameOf(film as MadeFilm, representative));
            assert.ok(representative >= first && representative <= last);
          }
        });
      }),
      { numRuns: cases(40) },
    );
  });

  test('of a film are the same in every command, without a threshold', async () => {
    await fc.assert(
      fc.asyncProperty(madeFilms(2, 12), fc.nat(), async (films, pick) => {
        await withCollection(films, async (collection) => {
          const shotsOf = new Map<MadeFilm, number[]>();
          for (const film of films) shotsOf.set(film, await shotsIn(collection, film));
          const frames = framesOf(films, (film) => shotsOf.get(film) as number[]);

          const all = { films: collection.films, k: 1000, perShot: 1000, withinFilms: true };
          for (const { a, b } of (await pairs(all)).pairs) {
            for (const { film, index, shot } of [a, b]) {
              assert.equal(
                shot,
                frames.find((frame) => frame.film.name === film && frame.index === index)?.shot,
              );
            }
          }

          const askable = frames.filter(({ vector }) => isAllFinite(vector) && !isZero(vector));
          fc.pre(askable.length > 0);
          const from = askable[pick % askable.length] as (typeof askable)[number];
          const filters = { metric: 'cosine', k: 50, excludeNear: 'shot', perShot: 1 } as const;
          const expected = answerTo([from.vector], [from], frames, filters);
          const asked = [{ film: from.film.name, frame: from.index }];
          const { results } = await similar(collection, asked, { ...filters, scope: 'all' });
          assert.deepEqual(
            results.map(({ rank: _, ...hit }) => hit),
            expected,
          );

          const plan = await planTopk(collection, { ...filters, films: collection.films, scope: 'all' });
          await plan.run(
            ({ entry }) => entry.name === from.film.name,
            async (_, found) => assert.deepEqual(found[from.index]?.neighbors, expected),
          );
        });
      }),
      { numRuns: cases(40) },
    );
  });

  test('of stills are single frames, a film without cuts is one shot, and an empty film has none', async () => {
    const turn = (angles: readonly number[]) => angles.map((angle) => [Math.cos(angle), Math.sin(angle)]);
    const films: readonly (readonly [string, number[][], string, number])[] = [
      ['stills', turn([0, 3, 1, 5, 2, 4]), 'stills', 6],
      ['flow', turn(Array.from({ length: 40 }, (_, i) => i / 20)), 'continuous', 1],
      ['cuts', turn([0, 0.01, 0.02, 2, 2.01, 2.02, 4, 4.01, 4.02]), 'cuts', 3],
      ['a peak', turn([0, 0.01, 0.02, 2, 2.01, 2.02, 3.1, 3.11, 3.12, 5.1, 5.11]), 'cuts', 4],
      ['no peak, a slope', turn([0, 0.01, 0.02, 2, 2.01, 2.8, 3.9, 3.91, 3.92, 5.9, 5.91]), 'cuts', 3],
      ['equal', turn([1, 1, 1, 1]), 'continuous', 1],
      [
        'black',
        [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
        'continuous',
        1,
      ],
      ['one', turn([1]), 'continuous', 1],
      ['none', [], 'continuous', 0],
    ];
    for (const [name, rows, kind, count] of films) {
      await withCollection([{ name, dim: 2, rows }], async ({ films: [film] }) => {
        const report = await shots(film);
        assert.deepEqual(
          [report.kind, report.shots.length, report.threshold === null],
          [kind, count, kind !== 'cuts'],
        );
      });
    }
  });

  test('are represented by the first frame nearest to their mean direction', async () => {
    const rows = [
      [1, 0],
      [1, 1],
      [1, 1],
      [0, 1],
      [0, 0],
      [Number.NaN, 0],
    ];
    await withCollection([{ name: 'a', dim: 2, rows }], async ({ films: [film] }) => {
      const [shot] = (await shots(film, -1)).shots;
      assert.deepEqual([shot?.frames, shot?.representative], [6, 1]);
    });
  });
});

async function shotsIn(collection: Collection, film: MadeFilm): Promise<number[]> {
  return shotOfFrames(await shots(collection.films.find(({ name }) => name === film.name) as FilmEntry));
}

function shotOfFrames(report: Awaited<ReturnType<typeof shots>>): number[] {
  return report.shots.flatMap(({ shot, frames }) => new Array<number>(frames).fill(shot));
}
