/** The frames of several films, joined two at a time into groups that know their weakest join. */
import type { BatchFilm } from './batch-films.js';
import { UnionFind } from './union-find.js';

/** Frames that hang together: at least two. */
export interface FrameGroup {
  /** In the order of the films, then of their frames. */
  readonly frames: readonly FrameOfFilm[];
  /** The least closeness of a join in it. */
  readonly weakest: number;
}

export interface FrameOfFilm {
  readonly film: BatchFilm;
  readonly index: number;
}

/** All frames of `films`, at first each by itself. */
export class JoinedFrames {
  readonly #films: readonly BatchFilm[];
  readonly #offsets: ReadonlyMap<BatchFilm, number>;
  readonly #sets: UnionFind;
  /** By the number that stands for a set; absent for frames by themselves. */
  readonly #weakest = new Map<number, number>();

  constructor(films: readonly BatchFilm[]) {
    this.#films = films;
    const offsets = new Map<BatchFilm, number>();
    let frames = 0;
    for (const film of films) {
      offsets.set(film, frames);
      frames += film.frames;
    }
    this.#offsets = offsets;
    this.#sets = new UnionFind(frames);
  }

  join(a: FrameOfFilm, b: FrameOfFilm, closeness: number): void {
    const rootA = this.#rootOf(a);
    const rootB = this.#rootOf(b);
    const least = (root: number) => this.#weakest.get(root) ?? closeness;
    this.#weakest.set(this.#sets.union(rootA, rootB), Math.min(closeness, least(rootA), least(rootB)));
  }

  /** Largest first; groups of one size by their first frame. */
  groups(): FrameGroup[] {
    const members = new Map<number, FrameOfFilm[]>();
    for (const film of this.#films) {
      for (let index = 0; index < film.frames; index++) {
        const root = this.#rootOf({ film, index });
        if (!this.#weakest.has(root)) continue;
        const known = members.get(root);
        if (known) known.push({ film, index });
        else members.set(root, [{ film, index }]);
      }
    }
    return [...members]
      .map(([root, frames]) => ({ frames, weakest: this.#weakest.get(root) as number }))
      .sort((a, b) => b.frames.length - a.frames.length);
  }

  #rootOf({ film, index }: FrameOfFilm): number {
    return this.#sets.find((this.#offsets.get(film) as number) + index);
  }
}
