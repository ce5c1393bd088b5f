/** What is kept of the pairs of frames of two films: one collector a question. */
import { FilmSelection } from '../../ranking/film-selection.js';
import { RankedRows } from '../../ranking/ranked-rows.js';
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
      return shotPairs(task, task.collect);
    case 'groups':
      return groups(task, task.collect, framesA, framesB);
  }
}

function nearest(task: PairTask, collect: CollectNearest, framesA: number, framesB: number): Collector {
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
      selection.sorted().map(({ index, closeness }): PairRow => [from, index, closeness]),
    ),
  );
}

/** The pairs of shots are the rows of one table: in films of stills there are millions of them. */
function shotPairs({ a, b }: PairTask, collect: CollectShotPairs): Collector {
  const { limit, floor } = collect;
  const [sizesA, sizesB] = [shotSizes(a.shotOf), shotSizes(b.shotOf)];
  const mostPairs = Math.max(0, ...sizesA) * Math.max(0, ...sizesB);
  const best = new RankedRows(sizesA.length * sizesB.length, Math.min(limit, mostPairs));
  const shotsOf = (indexA: number, indexB: number) => a.shotOf[indexA] * sizesB.length + b.shotOf[indexB];
  return {
    offer(indexA, indexB, closeness) {
      if (!(closeness >= floor)) return;
      best.offer(shotsOf(indexA, indexB), { film: indexA, index: indexB, closeness });
    },
    floorOf: (indexA, indexB) => Math.max(floor, best.floorOf(shotsOf(indexA, indexB))),
    rowFloors: () => ({
      ofA: new Float64Array(a.shotOf.length).fill(floor),
      ofB: unreachable(b.shotOf.length),
    }),
    finish() {
      const kept: PairRow[] = [];
      for (let shots = 0; shots < sizesA.length * sizesB.length; shots++) {
        for (const { film, index, closeness } of best.hitsOf(shots)) kept.push([film, index, closeness]);
      }
      return { forward: pack(kept), backward: noPairs() };
    },
  };
}

/** The number of frames of each shot. */
function shotSizes(shotOf: Int32Array): number[] {
  const sizes: number[] = [];
  for (const shot of shotOf) sizes[shot] = (sizes[shot] ?? 0) + 1;
  return sizes;
}

/**
 * Of all pairs at or above the floor: as many as join the same frames, and the least close one of each group. The
 * groups and their weakest pairs are what all of them would give, and there may be a thousand times fewer.
 */
function groups({ a, b }: PairTask, { floor }: CollectGroups, framesA: number, framesB: number): Collector {
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
    rowFloors: () => ({ ofA: new Float64Array(framesA).fill(floor), ofB: unreachable(framesB) }),
    finish() {
      const roots = new Set(joins.map(([indexA]) => sets.find(indexA)));
      return { forward: pack([...joins, ...[...roots].map((root) => weakest[root])]), backward: noPairs() };
    },
  };
}

type PairRow = readonly [from: number, to: number, closeness: number];

function pack(pairs: readonly PairRow[]): FramePairs {
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
