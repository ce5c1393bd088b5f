import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Workbench } from '../../bench/case.js';
import { chooseCases } from '../../bench/cases.js';
import { BenchFailure } from '../../bench/failure.js';

const bench: Workbench = {
  size: { films: 8, frames: 10, dim: 4 },
  collection: async ({ films = 8 } = {}) => ({
    ...{ films, frames: 10, dim: 4 },
    folder: `/films/${films}`,
    filmNames: Array.from({ length: films }, (_, number) => `film ${number}`),
    film: (number) => `/films/${films}/${number}.npz`,
  }),
  vectors: async ({ folder }) => `${folder}.npy`,
  index: async ({ folder }) => `${folder}.index`,
  output: (name) => `/scratch/${name}`,
  giallo: (...args) => ['giallo', ...args],
  peer: (script, ...args) => [script, ...args],
  node: (...args) => ['node', ...args],
  run: async () => {},
  python: async () => '',
};

test('cases are chosen by id, and keep their own order', () => {
  const ids = (only?: readonly string[]) => chooseCases(only).map((benchCase) => benchCase.id);
  assert.deepEqual(ids(['P7', 'P1']), ['P1', 'P7']);
  assert.deepEqual(ids(), [...new Set(ids())]);
  assert.throws(() => chooseCases(['P99']), BenchFailure);
});

for (const benchCase of chooseCases(undefined)) {
  test(`${benchCase.id}: names are unique, and every goal names contenders of the case`, async () => {
    const { contenders, goals } = await benchCase.plan(bench);
    const names = contenders.map((contender) => contender.name);
    assert.deepEqual(names, [...new Set(names)]);
    assert.ok(goals.length > 0);
    for (const goal of goals) {
      assert.ok(names.includes(goal.of), goal.of);
      for (const against of goal.measure === 'MB' ? [] : goal.against) {
        assert.ok(names.includes(against), against);
      }
    }
  });

  test(`${benchCase.id}: no two contenders write to the same place`, async () => {
    const { contenders } = await benchCase.plan(bench);
    const written = contenders.flatMap((contender) => contender.writes ?? []);
    assert.deepEqual(written, [...new Set(written)]);
  });
}
