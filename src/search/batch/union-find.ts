/** Disjoint sets of numbers, joined two at a time. */

/** Union by size with path halving (Tarjan and van Leeuwen 1984): practically constant time a step. */
export class UnionFind {
  readonly #parent: Int32Array;
  readonly #size: Int32Array;

  /** The numbers 0 to count - 1, each in a set of its own. */
  constructor(count: number) {
    this.#parent = Int32Array.from({ length: count }, (_, i) => i);
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
