import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  endOf,
  frameNearest,
  growingNumbers,
  timesByInterval,
  timesOfArchive,
  withSeconds,
} from '../../src/times/film-times.js';

const numbered: [name: string, filenames: string[], numbers: number[] | undefined][] = [
  ['leading zeros', ['a_000041.jpg', 'a_000042.jpg', 'a_000050.jpg'], [41, 42, 50]],
  ['no zeros', ['9.png', '10.png', '11.png'], [9, 10, 11]],
  ['digits in the film’s name', ['F.2008.mp4_1.jpg', 'F.2008.mp4_2.jpg'], [1, 2]],
  ['no ending', ['frame.0041', 'frame.0043'], [41, 43]],
  ['one frame', ['x7.jpg'], [7]],
  ['no frames', [], []],
  ['a name without a number', ['a1.jpg', 'menu.jpg'], undefined],
  ['the same number twice', ['a1.jpg', 'b1.jpg'], undefined],
  ['numbers that fall', ['a2.jpg', 'a1.jpg'], undefined],
  ['a number before the end', ['a1b.jpg', 'a2b.jpg'], undefined],
];
for (const [name, filenames, numbers] of numbered) {
  test(`numbers of filenames: ${name}`, () => {
    const found = growingNumbers(filenames);
    assert.deepEqual(found && [...found], numbers);
  });
}

const frames = ['f_0003.jpg', 'f_0004.jpg', 'f_0010.jpg'];
const timed: [name: string, entry: object, filenames: string[], seconds: number[], counted: string][] = [
  ['gaps stay gaps', { interval: 0.4 }, frames, [0, 0.4, 2.8], 'filenames'],
  ['a start that is not 0', { interval: 0.4, start: 12.5 }, frames, [12.5, 12.9, 15.3], 'filenames'],
  ['screenshots a second', { fps: 2.5 }, frames, [0, 0.4, 2.8], 'filenames'],
  ['the index counts', { fps: 2 }, ['a', 'b', 'c'], [0, 0.5, 1], 'index'],
  ['one frame', { interval: 3, start: 1 }, ['a_99.jpg'], [1], 'filenames'],
  [
    'no digits of float64 beyond what is meant',
    { interval: 0.4 },
    ['0', '1', '2', '3'],
    [0, 0.4, 0.8, 1.2],
    'filenames',
  ],
  ['24000/1001 a second', { interval: 1001 / 24000 }, ['0', '24', '240'], [0, 1.001, 10.01], 'filenames'],
  ['25 a second', { fps: 25 }, ['1', '2', '26'], [0, 0.04, 1], 'filenames'],
  ['30000/1001 a second', { fps: 30000 / 1001 }, ['0', '30', '300'], [0, 1.001, 10.01], 'filenames'],
];
for (const [name, entry, filenames, seconds, counted] of timed) {
  test(`times by an interval: ${name}`, () => {
    const times = timesByInterval(entry, filenames, 'films.json');
    assert.deepEqual([...(times?.seconds ?? [])], seconds);
    assert.equal(times?.counted, counted);
  });
}

test('without an interval there are no times', () => {
  assert.equal(timesByInterval({ start: 3, video: 'x.mp4' }, ['1'], 'films.json'), undefined);
});

test('times of an archive are used unchanged, and a frame lasts for the median difference', () => {
  const times = timesOfArchive(Float64Array.of(1, 2, 5, 6), {});
  assert.deepEqual([...times.seconds], [1, 2, 5, 6]);
  assert.equal(times.step, 1);
  assert.equal(endOf(times), 7);
});

test('a moment means the nearest frame, and the first of two equally near', () => {
  const times = timesOfArchive(Float64Array.of(0, 1, 2), {});
  const asked = [-5, 0, 0.4, 0.5, 0.6, 1.9, 99];
  assert.deepEqual(
    asked.map((moment) => frameNearest(times, moment)),
    [0, 0, 0, 0, 1, 2, 2],
  );
  assert.equal(frameNearest(timesOfArchive(new Float64Array(), {}), 1), -1);
});

test('records of a frame get its seconds, and records of two frames get both', () => {
  const times = new Map([
    ['A', timesOfArchive(Float64Array.of(0, 10, 20), {})],
    ['B', timesOfArchive(Float64Array.of(5, 7), {})],
  ]);
  const report = {
    comparisons: [
      {
        film: 'A',
        other: 'B',
        witnesses: [{ index: 2, filename: 'a2', otherIndex: 1, otherFilename: 'b1' }],
      },
      {
        film: 'B',
        other: 'C',
        witnesses: [{ index: 0, filename: 'b0', otherIndex: 0, otherFilename: 'c0' }],
      },
    ],
  };
  const [ab, bc] = withSeconds(report, times).comparisons;
  assert.deepEqual(ab.witnesses, [
    { index: 2, filename: 'a2', otherIndex: 1, otherFilename: 'b1', seconds: 20, otherSeconds: 7 },
  ]);
  assert.deepEqual(bc.witnesses, [
    { index: 0, filename: 'b0', otherIndex: 0, otherFilename: 'c0', seconds: 5 },
  ]);
});
