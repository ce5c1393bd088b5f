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
} from '../../src/explore/site-data.js';
import { dataScript } from '../../src/explore/site-files.js';
import { fourDigits } from '../../src/render/tabular.js';
import type { FrameNeighbors } from '../../src/reports/topk.js';

describe('the data of a site', () => {
  test('unpacks to the numbers that were packed', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(0xff), fc.nat(0xffff), fc.nat(2 ** 32 - 1))), (numbers) => {
        assert.deepEqual([...unpack(pack(numbers))], numbers);
      }),
    );
  });

  test('gives back every name, whatever names have in common', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary' }),
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

  test('shows a score with the digits that tables show', () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), fc.boolean(), (score, isRepeat) => {
        const code = scoreCode(score) + (isRepeat ? repeatFlag : 0);
        assert.equal(fourDigits(scoreOf(code)), fourDigits(score));
      }),
    );
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
    const shots = Array.from({ length: 400 }, (_, shot) => ({
      shot,
      first: shot * 3,
      last: shot * 3 + 2,
      frames: 3,
      representative: shot * 3 + 1,
      filename: '',
    }));
    const report = {
      v: 1,
      film,
      path: '',
      frames: 1500,
      kind: 'cuts',
      threshold: 0.5,
      peaks: 0,
      shots,
    } as const;
    const data = filmData(frames, { report, shotOf: (_, index) => index >> 2 });
    const bytes = Buffer.byteLength(dataScript('data/film.js', data));
    assert.ok(bytes < 300_000, `${bytes} bytes`);
  });
});
