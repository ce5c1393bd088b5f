import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { filmData } from '../../src/explore/film-data.js';
import {
  nameAt,
  pack,
  packNames,
  repeatFlag,
  scoreCode,
  scoreOf,
  unpack,
  unusableFrames,
} from '../../src/explore/site-data.js';
import { dataScript } from '../../src/explore/site-files.js';
import { fourDigits } from '../../src/render/tabular.js';
import type { FrameNeighbors, Neighbor } from '../../src/reports/topk.js';
import { anyText } from '../cases.js';

describe('the data of a site', () => {
  test('has columns that unpack to the packed numbers', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(0xff), fc.nat(0xffff), fc.nat(2 ** 32 - 1))), (numbers) => {
        assert.deepEqual([...unpack(pack(numbers))], numbers);
      }),
    );
  });

  test('has names that unpack to the packed names', () => {
    const name = fc.oneof(
      anyText(),
      fc.nat(3).map((n) => `Film_${n}_😀.jpg`),
    );
    fc.assert(
      fc.property(fc.array(name), (names) => {
        const packed = JSON.parse(JSON.stringify(packNames(names)));
        assert.deepEqual(
          names.map((_, i) => nameAt(packed, i)),
          names,
        );
      }),
    );
  });

  test('has scores with the digits that tables show', () => {
    const halfway = fc.integer({ min: -20_000, max: 20_000 }).map((n) => n / 20_000);
    const any = fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), halfway);
    fc.assert(
      fc.property(any, fc.boolean(), (score, isRepeat) => {
        const code = scoreCode(score) + (isRepeat ? repeatFlag : 0);
        assert.equal(fourDigits(scoreOf(code)), fourDigits(score));
      }),
    );
  });

  test('has neighbours shot by shot, the same pictures first, and all of them', () => {
    const neighbor = fc.record({
      film: fc.constantFrom('a', 'b', 'own'),
      index: fc.nat(20),
      filename: fc.constant(''),
      score: fc.constantFrom(1, 0.98, 0.9799, 0.5, 0.4999, -0.2),
    });
    const rows = fc.uniqueArray(neighbor, { selector: ({ film, index }) => `${film}${index}` });
    const shotOf = (film: string, index: number) => (film === 'a' ? index >> 3 : index >> 1);
    const partOf = ({ film, index, score }: Neighbor) => `${score >= 0.98} ${shotOf(film, index)} ${film}`;
    fc.assert(
      fc.property(fc.array(rows, { maxLength: 4 }), (made) => {
        const frames = made.map((row, index): FrameNeighbors => {
          const neighbors = row.sort((a, b) => b.score - a.score);
          return { film: 'own', index, filename: '', neighbors };
        });
        const data = filmData(frames, reportOf('own', 1), shotOf);
        for (const part of ['own', 'others'] as const) {
          const expected = frames.map(({ neighbors }) => {
            const row = neighbors.filter(({ film }) => (film === 'own') === (part === 'own'));
            const rank = (one: Neighbor) => row.findIndex((other) => partOf(other) === partOf(one));
            return [...row].sort((a, b) => rank(a) - rank(b));
          });
          const isRepeat = (row: Neighbor[]) => (one: Neighbor, i: number) =>
            i > 0 && partOf(row[i - 1]) === partOf(one);
          const { counts, same, films, indices, scores } = data[part];
          const read = [...unpack(indices)].map((index, i) => ({
            film: films === '' ? 'own' : data.films[unpack(films)[i]],
            index,
            score: scoreOf(unpack(scores)[i]),
          }));
          assert.deepEqual(
            read,
            expected.flat().map(({ film, index, score }) => ({ film, index, score })),
          );
          assert.deepEqual(
            [...unpack(scores)].map((code) => code >= repeatFlag),
            expected.flatMap((row) => row.map(isRepeat(row))),
          );
          assert.deepEqual(
            [...unpack(counts)],
            expected.map((row) => row.length),
          );
          assert.deepEqual(
            [...unpack(same)],
            expected.map((row) => row.filter(({ score }) => score >= 0.98).length),
          );
        }
      }),
    );
  });

  test('says why frames cannot be asked about', () => {
    const frame = { film: 'own', filename: '', neighbors: [] };
    const dataOf = (frames: readonly FrameNeighbors[]) => filmData(frames, reportOf('own', 1), () => 0);
    const frames: FrameNeighbors[] = [
      { ...frame, index: 0, note: 'zero' },
      { ...frame, index: 1 },
      { ...frame, index: 2, note: 'non-finite' },
    ];
    const why = [...unpack(dataOf(frames).notes ?? '')].map((note) => unusableFrames[note - 1]);
    assert.deepEqual(why, ['zero', undefined, 'non-finite']);
    assert.equal('notes' in dataOf([{ ...frame, index: 0 }]), false);
  });

  test('takes at most 300 kB for 24 neighbours of 1,500 frames among 110 films', () => {
    const film = 'A.Film.Of.Some.Length.1963.mp4';
    const neighbor = (other: string, i: number) => ({
      film: other,
      index: (i * 7919) % 1500,
      filename: `${other}_${i}.jpg`,
      score: 1 - ((i * 31) % 977) / 1000,
    });
    const frames = Array.from({ length: 1500 }, (_, index): FrameNeighbors => {
      const own = Array.from({ length: 12 }, (_, i) => neighbor(film, index + i));
      const others = Array.from({ length: 12 }, (_, i) =>
        neighbor(`Film.${(index * 12 + i) % 109}`, index * i),
      );
      const filename = `${film}_${String(index + 1).padStart(6, '0')}.jpg`;
      return { film, index, filename, neighbors: [...own, ...others] };
    });
    const data = filmData(frames, reportOf(film, 400), (_, index) => index >> 2);
    const bytes = Buffer.byteLength(dataScript('data/film.js', data));
    assert.ok(bytes < 300_000, `${bytes} bytes`);
  });
});

/** Shots of three frames each. */
function reportOf(film: string, count: number) {
  const shots = Array.from({ length: count }, (_, shot) => ({
    shot,
    first: shot * 3,
    last: shot * 3 + 2,
    frames: 3,
    representative: shot * 3 + 1,
    filename: '',
  }));
  return { v: 1, film, path: '', frames: 3 * count, kind: 'cuts', threshold: 0.5, peaks: 0, shots } as const;
}
