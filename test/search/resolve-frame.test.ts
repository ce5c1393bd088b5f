import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { resolveFrame } from '../../src/search/query-frames.js';
import { rejects } from '../rejects.js';

const filenames = [
  'a_000001.jpg',
  'a_000002.jpg',
  '41',
  'a_000041.jpg',
  'a_000041.png',
  'x.y.jpg',
  'Title',
  '-3',
];

test('what looks like a moment and is none says how moments are written', () =>
  rejects(async () => resolveFrame('Film', filenames, '@0:01:02:12'), {
    code: 'frame-unknown',
    message: /@0:01:02:12 is no moment/,
    hint: /@1:12\.5/,
  }));

describe('a frame is named by', () => {
  const cases: readonly [rule: string, typed: string, index: number][] = [
    ['its index', '0', 0],
    ['its index, the last', '7', 7],
    ['its index from the end', '-1', 7],
    ['its index from the end, the first', '-8', 0],
    ['minus zero, which is zero', '-0', 0],
    ['an index even where a filename looks like it', '3', 3],
    ['a filename that looks like an index, by name:', 'name:41', 2],
    ['a filename that looks like a negative index, by name:', 'name:-3', 7],
    ['its filename', 'a_000002.jpg', 1],
    ['its filename by name:', 'name:a_000002.jpg', 1],
    ['its filename without the ending', 'a_000002', 1],
    ['its filename without the last ending only', 'x.y', 5],
    ['a part of the filename', '00001', 0],
    ['a part of the filename by name:', 'name:Tit', 6],
    ['an exact filename before one that has it as a part', 'Title', 6],
  ];
  for (const [rule, typed, index] of cases) {
    test(`${rule}: ${typed}`, () => assert.equal(resolveFrame('Film', filenames, typed), index));
  }

  test('an exact filename before one without its ending', () => {
    assert.equal(resolveFrame('Film', ['a.jpg', 'a'], 'a'), 1);
    assert.equal(resolveFrame('Film', ['ab.jpg', 'a.jpg'], 'a'), 1);
    assert.equal(resolveFrame('Film', ['x.yz', 'x.y.jpg'], 'x.y'), 1);
  });
});

describe('a filename is what does not look like an index', () => {
  for (const typed of ['000041', '01', '-01', '+1', '1.0', '1e1', ' 1', '0x1', '--1', '']) {
    test(JSON.stringify(typed), async () => {
      await rejects(() => resolveFrame('Film', ['other', 'names'], typed), {
        code: 'frame-unknown',
        message: `Film: no frame has ${JSON.stringify(typed)} in its filename`,
        hint: '`giallo info Film --frames` lists them',
      });
    });
  }
});

describe('an index out of range', () => {
  for (const typed of ['8', '-9', '99999999999999999999']) {
    test(typed, async () => {
      await rejects(() => resolveFrame('Film', filenames, typed), {
        code: 'frame-unknown',
        message: `Film: expected an index from 0 to 7 (or -1 to -8), found ${typed}`,
        hint: `name:${typed} asks for a filename`,
      });
    });
  }

  test('is any, where there are no frames', async () => {
    await rejects(() => resolveFrame('Film', [], '0'), {
      code: 'frame-unknown',
      message: 'Film: expected a frame, found a film that has none',
      hint: undefined,
    });
  });
});

describe('a filename that fits several rows', () => {
  test('is told with their indices, at each step', async () => {
    const cases: readonly [readonly string[], string, string][] = [
      [['a', 'b', 'a', 'a.jpg'], 'a', '0, 2'],
      [['a.jpg', 'a.png', 'ab'], 'a', '0, 1'],
      [['xa.jpg', 'ya.png', 'b'], 'a', '0, 1'],
    ];
    for (const [names, typed, indices] of cases) {
      await rejects(() => resolveFrame('Film', names, typed), {
        code: 'frame-ambiguous',
        message: `Film: expected one frame, found 2 with "a" in their filenames: ${indices}`,
        hint: 'give the index',
      });
    }
  });

  test('lists twenty of them', async () => {
    await rejects(() => resolveFrame('Film', Array(25).fill('same.jpg'), 'same'), {
      code: 'frame-ambiguous',
      message: `Film: expected one frame, found 25 with "same" in their filenames: ${[...Array(20).keys()].join(', ')} and 5 more`,
    });
  });
});
