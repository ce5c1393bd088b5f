/**
 * Frames joined two at a time into groups that know their weakest join: of two blocks, as a task finds them, and of all
 * films.
 */
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

/** Frames that hang together: at least two. */
export interface FrameGroup {
  /** Rising. */
  readonly frames: readonly number[];
  /** The least closeness of a join in it. */
  readonly weakest: number;
}

/** So many frames, at first each by itself. */
export class JoinedFrames {
  readonly #count: number;
  readonly #sets: UnionFind;
  /** By the number that stands for a set; absent for frames by themselves. */
  readonly #weakest = new Map<number, number>();

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

  /** Largest first; groups of one size by their first frame. */
  groups(): FrameGroup[] {
    const members = new Map<number, number[]>();
    for (let frame = 0; frame < this.#count; frame++) {
      const root = this.#sets.find(frame);
      if (!this.#weakest.has(root)) continue;
      const known = members.get(root);
      if (known) known.push(frame);
      else members.set(root, [frame]);
    }
    return [...members]
      .map(([root, frames]) => ({ frames, weakest: this.#weakest.get(root) as number }))
      .sort((a, b) => b.frames.length - a.frames.length);
  }
}

/**
 * Keeps, of all pairs at or above the floor, only as many as join the same frames, and the least close pair of each
 * group. They give the same groups and weakest pairs as all pairs would, and can be a thousand times fewer.
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
