import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openCollection } from '../../src/collection/collection.js';
import type { EngineStore } from '../../src/engine/engine-store.js';
import type { StoredFilm } from '../../src/engine/stored-films.js';
import { GialloError } from '../../src/errors.js';
import { rowsPerBlock } from '../../src/kernel/block-scorer.js';
import { push } from '../../src/reports/push.js';
import { hasAllCases } from '../cases.js';
import { buildNpy } from '../npz/build-zip.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

const [frames, dim] = [3000, 256];

test('a film rewritten during a push is pushed in its old or new form, or not at all', async (t) => {
  const [before, after] = [film(1), film(2)];
  const path = join(temporaryFolder({ 'film.npy': before }), 'film.npy');
  const collection = await openCollection(join(path, '..'));
  const outcomes = new Map<string, number>();
  const moments = hasAllCases ? 200 : 12;
  for (let moment = 0; moment < moments; moment++) {
    rewrite(path, before);
    const { store, rows } = recordingStore();
    const pushing = push(collection.films, store, {});
    await pause(Math.random() * 12);
    rewrite(path, after);
    const { skipped, totals } = await pushing;
    const outcome = skipped.length > 0 ? skipped[0].code : `all ${[...rows].join(' and ')}`;
    assert.ok(['file-unreadable', 'all 1', 'all 2'].includes(outcome), `${outcome}, at moment ${moment}`);
    assert.equal(totals.pushed, skipped.length > 0 ? 0 : 1);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  t.diagnostic(JSON.stringify(Object.fromEntries(outcomes)));
});

for (const [code, isOfFilm] of [
  ['file-unreadable', true],
  ['open-files-limit', false],
  ['memory-exhausted', false],
  ['engine-busy', false],
] as const) {
  test(`${code} ${isOfFilm ? 'leaves a film out' : 'ends the push'}`, async () => {
    const collection = await openCollection(temporaryFolder({ 'film.npy': film(1) }));
    const { store } = recordingStore();
    const failing = { ...store, push: () => Promise.reject(new GialloError(code, code)) };
    const pushing = push(collection.films, failing, {});
    if (isOfFilm) assert.deepEqual((await pushing).skipped[0]?.code, code);
    else await rejects(() => pushing, { code });
  });
}

test('a film is sent in small blocks, also if it is held in memory', async () => {
  const collection = await openCollection(temporaryFolder({ 'film.npy': film(1) }));
  const { store, sizes } = recordingStore();
  await push(collection.films, store, {});
  assert.equal(
    sizes.reduce((sum, rows) => sum + rows, 0),
    frames,
  );
  assert.ok(Math.max(...sizes) <= rowsPerBlock(dim), `rows of blocks: ${sizes}`);
});

/** A store that keeps each different number of a film once the whole film has arrived, and the rows of each block. */
function recordingStore() {
  const rows = new Set<number>();
  const sizes: number[] = [];
  const store: EngineStore = {
    label: 'clickhouse://nowhere',
    films: async () => [],
    async push(pushed) {
      const arrived = new Set<number>();
      for await (const block of pushed.readBlocks()) {
        sizes.push(block.rows);
        // To add each of some hundred thousand equal numbers takes longer than the push.
        for (const [i, value] of block.values.entries())
          if (value !== block.values[i - 1]) arrived.add(value);
      }
      for (const squaredNorm of pushed.squaredNorms) arrived.add(Math.sqrt(squaredNorm / dim));
      for (const value of arrived) rows.add(value);
      return {} as StoredFilm;
    },
    removeDeadRows: async () => 0,
  };
  return { store, rows, sizes };
}

function film(value: number): Buffer {
  const values = new Float32Array(frames * dim).fill(value);
  return buildNpy('<f4', [frames, dim], Buffer.from(values.buffer));
}

function rewrite(path: string, bytes: Buffer): void {
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, bytes);
  closeSync(descriptor);
}
