/**
 * Groups of frames that are joined by pairs, each with its weakest join: within two blocks (`collectGroups`), and of
 * all films (`JoinedFrames`).
 */
import { groupBy } from '../../group-by.js';
import { floorsOfPairs, useOfPairs } from './film-block.js';
import {
  type BlockQuestion,
  type CollectGroups,
  type Collector,
  type FramePair,
  packPairs,
  roomForPairs,
} from './pair-task.js';

const never = Number.POSITIVE_INFINITY;

/** At least two frames that are joined, directly or through others. */
export interface FrameGroup {
  /** Ascending. */
  readonly frames: readonly number[];
  /** The least closeness of a joined pair. */
  readonly weakest: number;
}

/** Joins frames into groups. */
export class JoinedFrames {
  readonly #count: number;
  readonly #sets: UnionFind;
  /** The weakest join of each group, by the number that stands for its set. */
  readonly #weakest = new Map<number, number>();

  /** For the frames 0 to count - 1, none of them joined. */
  constructor(count: number) {
    this.#count = count;
    this.#sets = new UnionFind(count);
  }

  join(a: number, b: number, closeness: number): void {
    const rootA = this.#sets.find(a);
    const rootB = this.#sets.find(b);
    const least = (root: number) => this.#weakest.get(root) ?? closeness;
    this.#weakest.set(this.#sets.union(rootA, rootB), Math.min(closeness, least(rootA), least(rootB)));
  }

  /** The groups, the largest first; groups of equal size in the order of their first frames. */
  groups(): FrameGroup[] {
    const frames = Array.from({ length: this.#count }, (_, frame) => frame);
    const joined = frames.filter((frame) => this.#weakest.has(this.#sets.find(frame)));
    return [...groupBy(joined, (frame) => this.#sets.find(frame))]
      .map(([root, frames]) => ({ frames, weakest: this.#weakest.get(root) as number }))
      .sort((a, b) => b.frames.length - a.frames.length);
  }
}

/**
 * Keeps, of all pairs at or above the floor, only those that join frames which are not joined through others yet, and
 * the least close pair of each group. They give the same groups and weakest joins as all pairs, and can be a thousand
 * times fewer.
 */
export function collectGroups(
  { a, b, excludeNear, ceiling = never }: BlockQuestion,
  { floor }: CollectGroups,
): Collector {
  const useOf = useOfPairs(a, b, excludeNear);
  const offset = a.number === b.number ? 0 : a.frames;
  const sets = new UnionFind(offset + b.frames);
  const joins: FramePair[] = [];
  /** The least close pair of each set, by the number that stands for it. */
  const weakest: FramePair[] = [];
  return {
    ceiling,
    ...floorsOfPairs(a, b, floor),
    floorOf: (rowA, rowB) => (useOf(rowA, rowB) === 0 ? never : floor),
    ceilingOf(rowA, rowB) {
      const root = sets.find(rowA);
      return root === sets.find(offset + rowB) ? (weakest[root]?.[2] ?? never) : never;
    },
    wantsLeastFirst: true,
    offer(rowA, rowB, closeness) {
      if (!(closeness >= floor) || useOf(rowA, rowB) === 0) return;
      const rootA = sets.find(rowA);
      const rootB = sets.find(offset + rowB);
      if (rootA === rootB) {
        if (closeness < weakest[rootA][2]) weakest[rootA] = [rowA, rowB, closeness];
        return;
      }
      const pair: FramePair = [rowA, rowB, closeness];
      const others = [weakest[rootA], weakest[rootB]].filter((other) => other !== undefined);
      joins.push(pair);
      weakest[sets.union(rootA, rootB)] = others.reduce(
        (one, other) => (other[2] < one[2] ? other : one),
        pair,
      );
    },
    finish() {
      const roots = new Set(joins.map(([rowA]) => sets.find(rowA)));
      const pairs = [...joins, ...[...roots].map((root) => weakest[root])];
      return { forward: packPairs(pairs, a.firstFrame, b.firstFrame), backward: roomForPairs(0) };
    },
  };
}

/** Union by size with path halving (Tarjan and van Leeuwen 1984): practically constant time a step. */
class UnionFind {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;

  /** The numbers 0 to count - 1, each in a set of its own. */
  constructor(count: number) {
    this.#parent = new Int32Array(count);
    for (let item = 0; item < count; item++) this.#parent[item] = item;
    this.#size = new Int32Array(count).fill(1);
  }

  /** The number that stands for the set which `item` is in. */
  find(item: number): number {
    const parent = this.#parent;
    let at = item;
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }

  /** Joins the sets of two items; returns the number that stands for the joined set. */
  union(a: number, b: number): number {
    const rootA = this.find(a);
    const rootB = this.find(b);
    if (rootA === rootB) return rootA;
    const [large, small] = this.#size[rootA] >= this.#size[rootB] ? [rootA, rootB] : [rootB, rootA];
    this.#parent[small] = large;
    this.#size[large] += this.#size[small];
    return large;
  }
}
