/** What is kept for `topk` and `compare`: the nearest frames of each frame. */
import { FilmSelection } from '../../ranking/film-selection.js';
import type { Collector } from './collector.js';
import { noPairs, type PairRow, packPairs } from './frame-pairs.js';
import type { CollectNearest, FramePairs, PairTask } from './pair-task.js';

/** Keeps the nearest frames of each frame of `a` and, where they are asked for, of each of `b`. */
export function collectNearest(
  task: PairTask,
  collect: CollectNearest,
  framesA: number,
  framesB: number,
): Collector {
  const { limit, perShot, floorsA, floorsB } = collect;
  const isSame = task.a.entry.path === task.b.entry.path;
  const selections = (rows: number, floors: Float64Array, shotOf: Int32Array) =>
    Array.from({ length: rows }, (_, row) => {
      const perShotLimit = perShot === undefined ? undefined : { limit: perShot, shotOf };
      return new FilmSelection(0, { limit, minCloseness: floors[row], perShot: perShotLimit });
    });
  const forward = selections(framesA, floorsA, task.b.shotOf);
  const backward = isSame ? forward : floorsB ? selections(framesB, floorsB, task.a.shotOf) : [];
  return {
    offer(indexA, indexB, closeness) {
      forward[indexA].offer(indexB, closeness);
      if (backward.length > 0) backward[indexB].offer(indexA, closeness);
    },
    floorOf: (indexA, indexB) =>
      Math.min(
        forward[indexA].floorOf(indexB),
        backward.length > 0 ? backward[indexB].floorOf(indexA) : Number.POSITIVE_INFINITY,
      ),
    floorOfRow: (side, row) => (side === 'a' ? forward : backward)[row]?.floor() ?? Number.POSITIVE_INFINITY,
    finish() {
      return { forward: pairsOf(forward), backward: isSame ? noPairs() : pairsOf(backward) };
    },
  };
}

function pairsOf(selections: readonly FilmSelection[]): FramePairs {
  return packPairs(
    selections.flatMap((selection, from) =>
      selection.sorted().map(({ index, closeness }): PairRow => [from, index, closeness]),
    ),
  );
}
