/** The keys of every JSON answer, which never change within `"v": 1`. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { main } from '../../src/cli.js';
import { recordingIo } from '../recording-io.js';
import { setTheStage } from '../transcripts/stage.js';

const stage = setTheStage();
const home = process.cwd();

const skipped = [{ film: 'string', path: 'string', code: 'string', message: 'string' }];
const frame = { film: 'string', index: 'number', filename: 'string' };
const results = [{ rank: 'number', ...frame, score: 'number' }];
const searched = { films: 'number', frames: 'number', zero: 'number', nonFinite: 'number' };
const film = {
  film: 'string',
  path: 'string',
  frames: 'number',
  dim: 'number',
  dtype: 'string',
  compression: 'string',
  bytes: 'number',
  rawBytes: 'number',
  ratio: 'number',
};
const array = {
  name: 'string',
  dtype: 'string',
  shape: ['number'],
  fortranOrder: 'boolean',
  compression: 'string',
  bytes: 'number',
  rawBytes: 'number',
  crc32: 'string',
};
const similar = { v: 'number', metric: 'string', k: 'number', query: [frame], searched, skipped, results };
const failure = { v: 'number', line: 'number', error: { code: 'string', message: 'string', hint: 'string' } };

const objects: readonly [line: string, shape: unknown][] = [
  [
    'films -d broken --json',
    {
      v: 'number',
      data: 'string',
      films: [film],
      totals: { films: 'number', frames: 'number', bytes: 'number', rawBytes: 'number' },
      skipped,
    },
  ],
  [
    'info Good -d broken --json',
    {
      v: 'number',
      film: 'string',
      path: 'string',
      frames: 'number',
      dim: 'number',
      dtype: 'string',
      arrays: [array],
      norms: { min: 'number', mean: 'number', max: 'number' },
      zero: 'number',
      nonFinite: 'number',
      repeats: 'number',
      consecutive: { median: 'number', p5: 'number' },
    },
  ],
  [
    'info Good -d broken --frames --json',
    { v: 'number', film: 'string', path: 'string', frames: [{ index: 'number', filename: 'string' }] },
  ],
  ['vector Good 0 -d broken', ['number']],
  ['similar Good 0 --all -d broken --json', similar],
];

const lines: readonly [line: string, shapes: readonly unknown[]][] = [
  ['films -d broken --ndjson', [film]],
  ['info Good -d broken --ndjson', [array, array]],
  ['info One -d golden --frames --ndjson', [{ index: 'number', filename: 'string' }]],
  ['similar Good 0 --all -d broken --ndjson -k 1', results],
  ['similar --queries - --all -d broken', [similar, failure]],
];

const headers: readonly [line: string, header: string][] = [
  ['films -d broken --csv', 'film,path,frames,dim,dtype,compression,bytes,rawBytes,ratio'],
  ['info Good -d broken --csv', 'name,dtype,shape,fortranOrder,compression,bytes,rawBytes,crc32'],
  ['info Good -d broken --frames --csv', 'index,filename'],
  ['similar Good 0 -d broken --csv', 'rank,film,index,filename,score'],
];

describe('JSON', () => {
  for (const [line, shape] of objects) {
    test(`${line} is one object, the same in a pipe and on a terminal`, async () => {
      const piped = JSON.parse(await output(line));
      assert.deepEqual(shapeOf(piped), ordered(shape));
      assert.deepEqual(JSON.parse(await output(line, 80)), piped);
    });
  }

  for (const [line, shapes] of lines) {
    test(`${line} prints one object per line`, async () => {
      for (const columns of [undefined, 80]) {
        const text = await output(line, columns);
        assert.ok(text.endsWith('\n'));
        const found = text
          .trimEnd()
          .split('\n')
          .map((each) => shapeOf(JSON.parse(each)));
        assert.deepEqual(found, shapes.map(ordered));
      }
    });
  }

  test('an error is an object on stderr, with its hint if it has one', async () => {
    const { io, stdout, stderr } = recordingIo();
    assert.equal(await main(['films', '-d', 'nowhere', '--json'], io), 2);
    assert.equal(stdout(), '');
    const error = { code: 'string', message: 'string', hint: 'string' };
    assert.deepEqual(shapeOf(JSON.parse(stderr())), ordered({ v: 'number', error }));
  });
});

describe('CSV', () => {
  for (const [line, header] of headers) {
    test(`${line} has a stable header`, async () =>
      assert.equal((await output(line)).split('\n')[0], header));
  }
});

async function output(line: string, columns?: number): Promise<string> {
  const { io, stdout } = recordingIo({ columns, stdin: 'Good\t0\nGod\t0\n' });
  process.chdir(stage);
  try {
    await main(line.split(' '), io);
  } finally {
    process.chdir(home);
  }
  return stdout();
}

/** The keys in their order, as a list of pairs. An array is represented by its first element. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [first, ...more] = value.map(shapeOf);
    for (const other of more) assert.deepEqual(other, first);
    return [first];
  }
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.entries(value).map(([key, each]) => [key, shapeOf(each)]);
}

function ordered(shape: unknown): unknown {
  if (Array.isArray(shape)) return [ordered(shape[0])];
  if (typeof shape === 'string') return shape;
  return Object.entries(shape as object).map(([key, each]) => [key, ordered(each)]);
}
