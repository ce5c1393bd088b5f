/** What is kept of the pairs of frames of two films: one collector a question. */
import { FilmSelection } from '../../ranking/film-selection.js';
import { TopK } from '../../ranking/top-k.js';
import type {
  CollectGroups,
  CollectNearest,
  CollectShotPairs,
  FramePairs,
  PairResult,
  PairTask,
} from './pair-task.js';
import { UnionFind } from './union-find.js';

export interface Collector {
  offer(indexA: number, indexB: number, closeness: number): void;
  /** The closeness that a pair needs at least to be kept beside what was offered so far. */
  floorOf(indexA: number, indexB: number): number;
  /** The same by row: a pair may be kept if it reaches the floor of its row of `a` or that of its row of `b`. */
  rowFloors(): RowFloors;
  finish(): PairResult;
}

export interface RowFloors {
  readonly ofA: Float64Array;
  readonly ofB: Float64Array;
}

/** The collector that a task asks for. */
export function createCollector(task: PairTask, framesA: number, framesB: number): Collector {
  switch (task.collect.kind) {
    case 'nearest':
      return nearest(task, task.collect, framesA, framesB);
    case 'shot-pairs':
      return shotPairs(task, task.collect, framesA, framesB);
    case 'groups':
      return groups(task, task.collect, framesA, framesB);
  }
}

function nearest(task: PairTask, collect: CollectNearest, framesA: number, framesB: number): Collector {
  const { limit, perShot, floorsA, floorsB } = collect;
  const isSame = task.a.entry.path === task.b.entry.path;
  const selections = (rows: number, floors: Float64Array, shotOf: Int32Array | undefined) =>
    Array.from({ length: rows }, (_, row) => {
      const perShotLimit = perShot !== undefined && shotOf ? { limit: perShot, shotOf } : undefined;
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
    rowFloors: () => ({
      ofA: Float64Array.from(forward, (selection) => selection.floor()),
      ofB:
        backward.length > 0
          ? Float64Array.from(backward, (selection) => selection.floor())
          : unreachable(framesB),
    }),
    finish() {
      return { forward: pairsOf(forward), backward: isSame ? noPairs() : pairsOf(backward) };
    },
  };
}

function pairsOf(selections: readonly FilmSelection[]): FramePairs {
  return pack(
    selections.flatMap((selection, from) =>
      selection.sorted().map(({ index, closeness }) => [from, index, closeness]),
    ),
  );
}

function shotPairs(
  { a, b }: PairTask,
  collect: CollectShotPairs,
  framesA: number,
  framesB: number,
): Collector {
  const { limit, floor } = collect;
  const tops = new Map<number, TopK>();
  const shotsOfB = (b.shotOf?.at(-1) ?? 0) + 1;
  const keyOf = (indexA: number, indexB: number) =>
    (a.shotOf?.[indexA] ?? 0) * shotsOfB + (b.shotOf?.[indexB] ?? 0);
  return {
    offer(indexA, indexB, closeness) {
      if (!(closeness >= floor)) return;
      const key = keyOf(indexA, indexB);
      let top = tops.get(key);
      if (!top) {
        top = new TopK(limit);
        tops.set(key, top);
      }
      if (!top.excludes(closeness)) top.offer({ film: indexA, index: indexB, closeness });
    },
    floorOf: (indexA, indexB) =>
      Math.max(floor, tops.get(keyOf(indexA, indexB))?.floor() ?? Number.NEGATIVE_INFINITY),
    rowFloors: () => ({ ofA: new Float64Array(framesA).fill(floor), ofB: unreachable(framesB) }),
    finish() {
      const kept = [...tops.values()].flatMap((top) => top.sorted());
      return {
        forward: pack(kept.map(({ film, index, closeness }) => [film, index, closeness])),
        backward: noPairs(),
      };
    },
  };
}

/**
 * Of all pairs at or above the floor: as many as join the same frames, and the least close one of each group. The
 * groups and their weakest pairs are what all of them would give, and there may be a hundred times fewer.
 */
function groups({ a, b }: PairTask, { floor }: CollectGroups, framesA: number, framesB: number): Collector {
  const offset = a.entry.path === b.entry.path ? 0 : framesA;
  const sets = new UnionFind(offset + framesB);
  const joins: (readonly [number, number, number])[] = [];
  const weakest = new Map<number, readonly [number, number, number]>();
  return {
    offer(indexA, indexB, closeness) {
      if (closeness < floor) return;
      const rootA = sets.find(indexA);
      const rootB = sets.find(offset + indexB);
      const pair = [indexA, indexB, closeness] as const;
      let least = pair;
      for (const root of [rootA, rootB]) {
        const known = weakest.get(root);
        if (known && known[2] < least[2]) least = known;
      }
      if (rootA !== rootB) joins.push(pair);
      weakest.set(sets.union(rootA, rootB), least);
    },
    floorOf: () => floor,
    rowFloors: () => ({ ofA: new Float64Array(framesA).fill(floor), ofB: unreachable(framesB) }),
    finish() {
      const roots = new Set(joins.map(([indexA]) => sets.find(indexA)));
      const least = [...roots].flatMap((root) => [weakest.get(root) as readonly [number, number, number]]);
      return { forward: pack([...joins, ...least]), backward: noPairs() };
    },
  };
}

function pack(pairs: readonly (readonly number[])[]): FramePairs {
  return {
    from: Int32Array.from(pairs, ([from]) => from),
    to: Int32Array.from(pairs, ([, to]) => to),
    closeness: Float64Array.from(pairs, ([, , closeness]) => closeness),
  };
}

function unreachable(rows: number): Float64Array {
  return new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
}

function noPairs(): FramePairs {
  return pack([]);
}
