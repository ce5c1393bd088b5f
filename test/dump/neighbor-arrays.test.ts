import assert from 'node:assert/strict';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { unzipSync } from 'fflate';
import { writeNeighborArrays } from '../../src/dump/neighbor-arrays.js';
import type { FrameNeighbors } from '../../src/reports/topk.js';
import { temporaryFolder } from '../temporary-folder.js';

test('neighbours are arrays of k columns, closest first, padded with -1 and NaN', async () => {
  const neighbor = (film: string, index: number, score: number) => ({ film, index, filename: '', score });
  const frames: FrameNeighbors[] = [
    {
      film: 'a',
      index: 0,
      filename: 'x.jpg',
      neighbors: [neighbor('\u{1f600}', 7, 0.75), neighbor('\uff21', 5, 0.1)],
    },
    { film: 'a', index: 1, filename: 'y.jpg', note: 'zero', neighbors: [] },
  ];
  const arrays = await written(frames, ['a', '\uff21', '\u{1f600}'], 3);
  assert.deepEqual([...arrays.keys()], ['filenames', 'film_names', 'films', 'indices', 'scores']);
  assert.deepEqual(arrays.get('filenames'), { header: '<U5 (2,)', text: 'x.jpgy.jpg' });
  // By code points, as the films of a search are ordered.
  assert.deepEqual(arrays.get('film_names'), { header: '<U1 (3,)', text: 'a\uff21\u{1f600}' });
  assert.deepEqual(arrays.get('films'), { header: '<i4 (2, 3)', numbers: [2, 1, -1, -1, -1, -1] });
  assert.deepEqual(arrays.get('indices'), { header: '<i4 (2, 3)', numbers: [7, 5, -1, -1, -1, -1] });
  const { NaN: none } = Number;
  assert.deepEqual(arrays.get('scores'), {
    header: '<f4 (2, 3)',
    numbers: [0.75, Math.fround(0.1), none, none, none, none],
  });
});

test('a film without frames has arrays without rows', async () => {
  const arrays = await written([], [], 10);
  assert.deepEqual(arrays.get('filenames'), { header: '<U1 (0,)', text: '' });
  assert.deepEqual(arrays.get('scores'), { header: '<f4 (0, 10)', numbers: [] });
});

/** The arrays of the archive by name, each with its header and its content. */
async function written(frames: readonly FrameNeighbors[], filmNames: readonly string[], k: number) {
  const file = await open(join(temporaryFolder(), 'a.npz'), 'w+');
  await writeNeighborArrays(file, 'a.npz', { frames, filmNames, k });
  const members = unzipSync(await readWhole(file));
  await file.close();
  return new Map(
    Object.entries(members).map(([name, npy]) => [name.replace('.npy', ''), contentOf(Buffer.from(npy))]),
  );
}

async function readWhole(file: Awaited<ReturnType<typeof open>>): Promise<Buffer> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(size);
  await file.read(bytes, 0, size, 0);
  return bytes;
}

function contentOf(npy: Buffer): object {
  const length = npy.readUInt16LE(8);
  const [, descr = '', shape = ''] =
    /'descr': '(.*?)'.*'shape': (\(.*?\))/.exec(npy.toString('latin1', 10, 10 + length)) ?? [];
  const data = npy.subarray(10 + length);
  const header = `${descr} ${shape}`;
  const words = Array.from({ length: data.length / 4 }, (_, i) => i * 4);
  if (descr.startsWith('<U'))
    return { header, text: words.map((at) => String.fromCodePoint(data.readUInt32LE(at))).join('') };
  return {
    header,
    numbers: words.map((at) => (descr === '<f4' ? data.readFloatLE(at) : data.readInt32LE(at))),
  };
}
