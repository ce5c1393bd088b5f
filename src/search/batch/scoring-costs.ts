/** When sketches are worth it: they spare pairs of rows, but each pair that they leave costs far more than others. */

/** Nanoseconds for a pair of rows: to bound it among others, and in addition for each of its numbers. */
const pairCost = 75;
const numberCost = 0.16;
/** The same for a pair that sketches leave. These come one by one, in no order that a cache likes. */
const leftPairCost = 3500;
const leftNumberCost = 0.85;

/** The largest share of all pairs of rows of `dim` numbers that sketches may leave; else scoring all pairs is faster. */
export function worthwhileShare(dim: number): number {
  return (pairCost + dim * numberCost) / (leftPairCost + dim * leftNumberCost);
}

/** Sketches leave more pairs at first, and fewer once floors have risen. */
const patience = 2;
/** Sketches that leave so few pairs are never given up: this is less than half a second. */
const fewPairs = 2 ** 16;

/** How many of `pairs` pairs of rows of two blocks sketches may leave before they are given up. */
export function mostLeftPairs(pairs: number, dim: number): number {
  return Math.max(fewPairs, patience * worthwhileShare(dim) * pairs);
}

/** After sketches were given up, so many tasks do without: then four times as many, and never more than the last. */
const fewestTasks = 4;
const mostTasks = 64;

/** Says for each task whether to use sketches. They fail together: all sketches of the films have one basis. */
export class SketchTrial {
  #tasksWithout = 0;
  #next = fewestTasks;

  /** Whether the next task should use them. */
  isDue(): boolean {
    if (this.#tasksWithout === 0) return true;
    this.#tasksWithout--;
    return false;
  }

  /** Takes how the last task with sketches went. */
  record(outcome: 'useful' | 'given-up'): void {
    this.#tasksWithout = outcome === 'useful' ? 0 : this.#next;
    this.#next = outcome === 'useful' ? fewestTasks : Math.min(mostTasks, 4 * this.#next);
  }
}
