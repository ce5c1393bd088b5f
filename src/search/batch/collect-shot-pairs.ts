/** What is kept for `pairs`: the best pairs of frames of each two shots, and of those no more than memory allows. */
import { RankedRows } from '../../ranking/ranked-rows.js';
import { CandidatePool } from './candidate-pool.js';
import { type Collector, floorOnce } from './collector.js';
import { noPairs, type PairRow, packPairs } from './frame-pairs.js';
import type { CollectShotPairs, PairTask, TaskFilm } from './pair-task.js';

/** A table of the pairs of shots may have so many times as many places as pairs are kept; a place takes 16 bytes. */
const tableShare = 8;

/**
 * Keeps the best pairs of each two shots where there are not too many shots (where there are, they are single frames or
 * nearly so), and of all those the first.
 */
export function collectShotPairs({ a, b }: PairTask, collect: CollectShotPairs): Collector {
  const { limit, floor, after, mostPairs } = collect;
  const [filmA, filmB] = collect.ordinals;
  const pool = new CandidatePool(floor, after, mostPairs);
  const table = shotTable(a, b, limit, tableShare * mostPairs);
  const offer = (indexA: number, indexB: number, closeness: number) =>
    pool.offer({ filmA, indexA, filmB, indexB, closeness });
  // Where pairs are offered with less than they have, some of the pool may belong before `after`.
  const leastKept = () => (after ? floor : pool.floor);
  return {
    offer(indexA, indexB, closeness) {
      if (!(closeness >= pool.floor)) return;
      if (table) table.offer(indexA, indexB, closeness);
      else offer(indexA, indexB, closeness);
    },
    floorOf: (indexA, indexB) => (table ? Math.max(leastKept(), table.floorOf(indexA, indexB)) : leastKept()),
    floorOfRow: (side) => floorOnce(leastKept(), side),
    finish() {
      table?.forEach(offer);
      const rows = pool.sorted().map(({ indexA, indexB, closeness }): PairRow => [indexA, indexB, closeness]);
      return { forward: packPairs(rows), backward: noPairs(), isCut: pool.last !== undefined };
    },
  };
}

/** The best pairs of frames of each two shots; undefined where there would be too many of them. */
function shotTable(a: TaskFilm, b: TaskFilm, limit: number, mostPlaces: number) {
  const [sizesA, sizesB] = [shotSizes(a), shotSizes(b)];
  const rows = sizesA.length * sizesB.length;
  const pairsOfTwo = Math.min(limit, largest(sizesA) * largest(sizesB));
  if (rows * pairsOfTwo > mostPlaces) return undefined;
  const best = new RankedRows(rows, pairsOfTwo);
  const rowOf = (indexA: number, indexB: number) => a.shotOf[indexA] * sizesB.length + b.shotOf[indexB];
  return {
    offer(indexA: number, indexB: number, closeness: number) {
      best.offer(rowOf(indexA, indexB), { film: indexA, index: indexB, closeness });
    },
    floorOf: (indexA: number, indexB: number) => best.floorOf(rowOf(indexA, indexB)),
    forEach(take: (indexA: number, indexB: number, closeness: number) => void) {
      for (let row = 0; row < rows; row++) {
        for (const { film, index, closeness } of best.hitsOf(row)) take(film, index, closeness);
      }
    },
  };
}

/** The number of frames of each shot. */
function shotSizes({ shotOf }: TaskFilm): number[] {
  const sizes: number[] = [];
  for (const shot of shotOf) sizes[shot] = (sizes[shot] ?? 0) + 1;
  return sizes;
}

function largest(sizes: readonly number[]): number {
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}
