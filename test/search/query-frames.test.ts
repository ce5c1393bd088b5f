import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openCollection } from '../../src/collection/collection.js';
import { GialloError } from '../../src/errors.js';
import { openQueryFrames } from '../../src/search/query-frames.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const films = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));

describe('frames that are asked about', () => {
  test('are found by any spelling, of one film that is opened once', async () => {
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

  test('are one film where the same file elsewhere is named twice', async () => {
    const frames = openQueryFrames(await openCollection(temporaryFolder()), {});
    try {
      const one = await frames.film(`${films}/One.npz`);
      assert.equal(await frames.film(`${films}/./One.npz`), one);
      assert.notEqual(await frames.film(`${films}/Gamma.npz`), one);
    } finally {
      await frames.close();
    }
  });

  test('have their rows, several of a film and of several films', async () => {
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

  test('tell why a film cannot be read, frame by frame', async () => {
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
