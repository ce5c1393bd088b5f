import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openCollection } from '../../src/collection/collection.js';
import { GialloError } from '../../src/errors.js';
import { openQueryFrames, resolveFrame } from '../../src/search/query-frames.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const films = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));

describe('query frames', () => {
  test('are found by any spelling of a film, which is opened once', async () => {
    const frames = openQueryFrames(await openCollection(films), {});
    try {
      const first = await frames.resolve({ film: 'alpha', frame: 3 });
      const second = await frames.resolve({ film: `${films}/Alpha.1968.mkv.npz`, frame: '000004' });
      assert.deepEqual(first, second);
      assert.equal(first.film, second.film);
      assert.equal(first.filename, 'Alpha.1968.mkv_000004.jpg');
      assert.equal((await frames.resolve({ film: 'alpha', frame: '-1' })).index, 16);
      assert.equal(frames.opened.size, 1);
      assert.equal(await frames.film('1968'), first.film);
    } finally {
      await frames.close();
    }
  });

  test('are of one film if its path is written in two ways', async () => {
    const frames = openQueryFrames(await openCollection(temporaryFolder()), {});
    try {
      const one = await frames.film(`${films}/One.npz`);
      assert.equal(await frames.film(`${films}/./One.npz`), one);
      assert.notEqual(await frames.film(`${films}/Gamma.npz`), one);
    } finally {
      await frames.close();
    }
  });

  test('have their rows, also several of one film and of several films', async () => {
    const frames = openQueryFrames(await openCollection(films), {});
    try {
      const asked = [
        await frames.resolve({ film: 'Gamma', frame: 5 }),
        await frames.resolve({ film: 'Other.Dim', frame: 0 }),
        await frames.resolve({ film: 'Gamma', frame: 2 }),
      ];
      const opened = [...frames.opened.values()];
      const rows = await frames.read(asked);
      assert.ok(
        [...frames.opened.values()].every((film, i) => film === opened[i]),
        'nothing is opened twice',
      );
      const lengths = asked.map((frame) => (rows.get(frame) as Float32Array).length);
      assert.deepEqual(lengths, [20, 7, 20]);
      assert.deepEqual(rows.get(asked[2] as (typeof asked)[0]), new Float32Array(20));
    } finally {
      await frames.close();
    }
  });

  test('have an error each if their film cannot be read', async () => {
    const folder = temporaryFolder({ 'Text.npz': 'no archive' });
    const frames = openQueryFrames(await openCollection(folder), {});
    const film = await frames.film('text');
    await rejects(() => frames.resolve({ film: 'text', frame: 0 }), { code: 'not-an-archive' });
    const frame = { film, index: 0 };
    const rows = await frames.read([frame]);
    assert.ok(rows.get(frame) instanceof GialloError);
    await frames.close();
  });
});

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

test('a word that looks like a wrong moment gets a hint how moments are written', () =>
  rejects(async () => resolveFrame('Film', filenames, '@0:01:02:12'), {
    code: 'frame-unknown',
    message: /@0:01:02:12 is not a moment/,
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

  test('an exact filename is preferred to one without its ending', () => {
    assert.equal(resolveFrame('Film', ['a.jpg', 'a'], 'a'), 1);
    assert.equal(resolveFrame('Film', ['ab.jpg', 'a.jpg'], 'a'), 1);
    assert.equal(resolveFrame('Film', ['x.yz', 'x.y.jpg'], 'x.y'), 1);
  });
});

describe('every word that does not look like an index is a filename', () => {
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

  test('is any index if there are no frames', async () => {
    await rejects(() => resolveFrame('Film', [], '0'), {
      code: 'frame-unknown',
      message: 'Film: the film has no frames',
      hint: undefined,
    });
  });
});

describe('a filename that fits several rows', () => {
  test('is an error with their indices', async () => {
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

  test('is an error that lists at most twenty', async () => {
    await rejects(() => resolveFrame('Film', Array(25).fill('same.jpg'), 'same'), {
      code: 'frame-ambiguous',
      message: `Film: expected one frame, found 25 with "same" in their filenames: ${[...Array(20).keys()].join(', ')} and 5 more`,
    });
  });
});
