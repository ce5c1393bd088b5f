/** What is kept for `duplicates`: which frames hang together, and by how little. */
import { type Collector, floorOnce } from './collector.js';
import { noPairs, type PairRow, packPairs } from './frame-pairs.js';
import type { CollectGroups, PairTask } from './pair-task.js';
import { UnionFind } from './union-find.js';

/**
 * Keeps, of all pairs at or above the floor, as many as join the same frames, and the least close one of each group. The
 * groups and their weakest pairs are what all of them would give, and there may be a thousand times fewer.
 */
export function collectGroups(
  { a, b }: PairTask,
  { floor }: CollectGroups,
  framesA: number,
  framesB: number,
): Collector {
  const offset = a.entry.path === b.entry.path ? 0 : framesA;
  const sets = new UnionFind(offset + framesB);
  const joins: PairRow[] = [];
  /** The least close pair of each set, by the number that stands for it. */
  const weakest: PairRow[] = [];
  return {
    offer(indexA, indexB, closeness) {
      if (!(closeness >= floor)) return;
      const rootA = sets.find(indexA);
      const rootB = sets.find(offset + indexB);
      if (rootA === rootB) {
        if (closeness < weakest[rootA][2]) weakest[rootA] = [indexA, indexB, closeness];
        return;
      }
      const pair: PairRow = [indexA, indexB, closeness];
      const others = [weakest[rootA], weakest[rootB]].filter((other) => other !== undefined);
      joins.push(pair);
      weakest[sets.union(rootA, rootB)] = others.reduce(
        (one, other) => (other[2] < one[2] ? other : one),
        pair,
      );
    },
    floorOf: () => floor,
    floorOfRow: (side) => floorOnce(floor, side),
    finish() {
      const roots = new Set(joins.map(([indexA]) => sets.find(indexA)));
      return {
        forward: packPairs([...joins, ...[...roots].map((root) => weakest[root])]),
        backward: noPairs(),
      };
    },
  };
}
