import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';
import { type ConversionRequest, planConversions } from '../../src/convert/plan.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { plainOptions } from './frames-in-memory.js';

async function targets(request: Partial<ConversionRequest>): Promise<string[]> {
  const { conversions } = await planConversions({ inputs: [], ...request }, plainOptions);
  return conversions.map(({ target, to }) => `${target} ${to}`);
}

test('without output, npz becomes JSON and other formats npz, beside the source', async () => {
  assert.deepEqual(
    await targets({ inputs: ['d/A.Film.1971.mkv.json', 'b.npz', 'c.csv', 'e.npy', 'f.parquet'] }),
    ['d/A.Film.1971.mkv.npz npz', 'b.json json', 'c.npz npz', 'e.npz npz', 'f.npz npz'],
  );
});

test('endings are recognized in any case', async () => {
  assert.deepEqual(await targets({ inputs: ['A.JSON'] }), ['A.npz npz']);
});

test('--to names the format, else the ending of the output', async () => {
  assert.deepEqual(await targets({ inputs: ['a.json'], to: 'csv' }), ['a.csv csv']);
  assert.deepEqual(await targets({ inputs: ['a.json'], output: 'x/y.parquet' }), ['x/y.parquet parquet']);
  assert.deepEqual(await targets({ inputs: ['a.json'], output: 'y.dat', to: 'npy' }), ['y.dat npy']);
});

test('the output is a folder if there are several inputs, or if it exists as one', async () => {
  const folder = temporaryFolder();
  assert.deepEqual(await targets({ inputs: ['x/a.json', 'b.npz'], output: 'new' }), [
    'new/a.npz npz',
    'new/b.json json',
  ]);
  assert.deepEqual(await targets({ inputs: ['x/a.json'], output: 'new/' }), ['new/a.npz npz']);
  assert.deepEqual(await targets({ inputs: ['x/a.json'], output: folder, to: 'csv' }), [
    `${join(folder, 'a.csv')} csv`,
  ]);
  const { folder: planned } = await planConversions({ inputs: ['a.json'], output: 'new/' }, plainOptions);
  assert.equal(planned, 'new/');
});

test('joined, all inputs become one output', async () => {
  const request = { inputs: ['a.npz', 'b.json'], output: 'all.npy', merge: true };
  const { conversions, folder } = await planConversions(request, plainOptions);
  assert.equal(folder, undefined);
  assert.deepEqual(conversions, [
    {
      sources: [
        { path: 'a.npz', form: 'npz' },
        { path: 'b.json', form: 'json' },
      ],
      isMerge: true,
      target: 'all.npy',
      to: 'npy',
    },
  ]);
});

const refused: readonly [string, Partial<ConversionRequest>, Partial<typeof plainOptions>, RegExp][] = [
  ['an input of unknown form', { inputs: ['a.txt'] }, {}, /a\.txt: the name must end in \.npz, /],
  ['an output of unknown form', { inputs: ['a.npz'], output: 'a.txt' }, {}, /a\.txt: /],
  [
    'two inputs that become one file',
    { inputs: ['x/a.json', 'y/a.csv'], output: 'out' },
    {},
    /x\/a\.json and y\/a\.csv/,
  ],
  ['two inputs that become one file alongside', { inputs: ['a.json', './a.csv'] }, {}, /a\.npz: /],
  [
    'joining a film with itself',
    { inputs: ['a.npz', 'b.npz', './a.npz'], merge: true, output: 'all.npy' },
    {},
    /^\.\/a\.npz: named twice/,
  ],
  ['joining without output', { inputs: ['a.npz'], merge: true }, {}, /--merge/],
  ['float16 in JSON', { inputs: ['a.npz'] }, { dtype: 'float16' }, /--dtype/],
  ['stored .npy', { inputs: ['a.npz'], to: 'npy' }, { compression: 'stored' }, /--stored/],
  ['NaN as null without JSON', { inputs: ['a.npz'], to: 'csv' }, { nan: 'null' }, /--nan/],
  ['suffixes without JSON', { inputs: ['a.npz'], to: 'csv' }, { onDuplicate: 'suffix' }, /--on-duplicate/],
];

for (const [what, request, options, message] of refused) {
  test(`${what} is refused`, async () => {
    const planning = () => planConversions({ inputs: [], ...request }, { ...plainOptions, ...options });
    await rejects(planning, { code: 'usage', message });
  });
}

test('the name of a film or - in place of a file gets a hint', async () => {
  for (const input of ['Sintel', '-'])
    await rejects(() => planConversions({ inputs: [input] }, plainOptions), {
      code: 'usage',
      hint: /takes files; `giallo films --csv` lists the paths/,
    });
});

test('several files go into a folder, not into a file or to stdout', async () => {
  const inputs = ['a.json', 'b.npz'];
  for (const output of ['-', 'ab.npy', 'new/ab.CSV']) {
    await rejects(() => targets({ inputs, output, to: 'csv' }), {
      code: 'usage',
      message: `-o ${output}: several files need a folder`,
      hint: /--merge/,
    });
  }
  const folder = join(temporaryFolder(), 'films.npz');
  assert.deepEqual(await targets({ inputs, output: `${folder}/` }), [
    join(folder, 'a.npz npz'),
    join(folder, 'b.json json'),
  ]);
  await mkdir(folder);
  assert.deepEqual(await targets({ inputs: ['a.json', 'c.json'], output: folder }), [
    join(folder, 'a.npz npz'),
    join(folder, 'c.npz npz'),
  ]);
});

test('an .npy cannot go to stdout, since its names need a file', async () => {
  const inputs = ['a.json'];
  assert.deepEqual(await targets({ inputs, output: '-', to: 'csv' }), ['- csv']);
  assert.deepEqual(await targets({ inputs: ['a.json', 'b.npz'], output: '-', to: 'csv', merge: true }), [
    '- csv',
  ]);
  for (const output of ['-', '/dev/null']) {
    await assert.rejects(targets({ inputs, output, to: 'npy' }), {
      code: 'usage',
      message: /^.*: an \.npy needs a file of names beside it/,
    });
  }
});
