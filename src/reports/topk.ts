/** `giallo topk`: the nearest frames of every frame, film by film. */
import type { Collection } from '../collection/collection.js';
import type { FilmEntry } from '../collection/film.js';
import { closenessOf } from '../ranking/metric.js';
import { RankedRows } from '../ranking/ranked-rows.js';
import { type BatchFilm, measureFilms } from '../search/batch/batch-films.js';
import type { FramePairs } from '../search/batch/pair-task.js';
import { type PlannedTask, runTasks } from '../search/batch/run-tasks.js';
import type { SearchContext } from '../search/context.js';
import { type Filters, needShots } from '../search/question.js';
import { filmsInScope, inNameOrder, type Scope } from '../search/scope.js';
import type { Searched, SkippedFilm } from '../search/search.js';

export interface TopkRequest extends Filters {
  /** The films whose frames are asked about. */
  readonly films: readonly FilmEntry[];
  /** Where their neighbours are looked for. */
  readonly scope: Exclude<Scope, 'own'>;
}

/** One line of a dump. */
export interface FrameNeighbors {
  readonly film: string;
  readonly index: number;
  readonly filename: string;
  /** Why the frame cannot be asked about; it has no neighbours then. */
  readonly note?: 'zero' | 'non-finite';
  readonly neighbors: readonly Neighbor[];
}

export interface Neighbor {
  readonly film: string;
  readonly index: number;
  readonly filename: string;
  readonly score: number;
}

/** What a dump is made from and how it went. */
export interface TopkSummary {
  readonly searched: Searched;
  readonly skipped: readonly SkippedFilm[];
}

/** The films of a dump, once they are known to be readable. */
export interface TopkPlan extends TopkSummary {
  /** The films asked about, in code point order. */
  readonly targets: readonly BatchFilm[];
  /** Each with the films in which its neighbours are looked for. */
  scopeOf(target: BatchFilm): readonly BatchFilm[];
  /**
   * Computes `targets` that are `wanted` and gives each, frame by frame in order, to `take`: in the order of the films,
   * one at a time. Each pair of wanted films is scored once, for both.
   */
  run(
    wanted: (target: BatchFilm) => boolean,
    take: (target: BatchFilm, frames: readonly FrameNeighbors[]) => Promise<void>,
  ): Promise<void>;
}

/** Reads and measures the films that the request speaks of. Errors while running: those of reading the films. */
export async function planTopk(
  collection: Collection,
  request: TopkRequest,
  context: SearchContext = {},
): Promise<TopkPlan> {
  const entriesInScope = (entry: FilmEntry) => filmsInScope(request.scope, collection, [entry]);
  const entries = inNameOrder([...request.films, ...request.films.flatMap(entriesInScope)]);
  const { films, skipped, searched } = await measureFilms(entries, request.shotThreshold, context);
  const filmOf = new Map(films.map((film) => [film.entry, film]));
  const targets = inNameOrder(request.films).flatMap((entry) => filmOf.get(entry) ?? []);
  const scopeOf = (target: BatchFilm) =>
    inNameOrder(entriesInScope(target.entry)).flatMap((entry) => filmOf.get(entry) ?? []);
  return {
    searched,
    skipped,
    targets,
    scopeOf,
    run: (wanted, take) => new Dump(request, films, targets.filter(wanted), scopeOf, take).run(context),
  };
}

/** The state of a dump under way: the hits of unfinished films, and the finished ones that wait for their turn. */
class Dump {
  readonly #request: TopkRequest;
  readonly #films: readonly BatchFilm[];
  readonly #targets: readonly BatchFilm[];
  readonly #scopeOf: (target: BatchFilm) => readonly BatchFilm[];
  readonly #take: (target: BatchFilm, frames: readonly FrameNeighbors[]) => Promise<void>;
  readonly #ranked = new Map<BatchFilm, RankedRows>();
  readonly #tasksLeft = new Map<BatchFilm, number>();
  readonly #finished = new Map<BatchFilm, readonly FrameNeighbors[]>();
  #nextTaken = 0;
  #taking: Promise<void> = Promise.resolve();

  constructor(
    request: TopkRequest,
    films: readonly BatchFilm[],
    targets: readonly BatchFilm[],
    scopeOf: (target: BatchFilm) => readonly BatchFilm[],
    take: (target: BatchFilm, frames: readonly FrameNeighbors[]) => Promise<void>,
  ) {
    this.#request = request;
    this.#films = films;
    this.#targets = targets;
    this.#scopeOf = scopeOf;
    this.#take = take;
  }

  async run(context: SearchContext): Promise<void> {
    const tasks = this.#plan();
    for (const target of this.#targets) if (!this.#tasksLeft.has(target)) this.#finish(target);
    await runTasks(tasks, tasks.length, context);
    await this.#taking;
  }

  /** Film by film against every film of its scope, leaving out what an earlier film of the run has done for both. */
  #plan(): PlannedTask[] {
    const position = new Map(this.#targets.map((target, i) => [target, i]));
    const tasks: PlannedTask[] = [];
    for (const [i, a] of this.#targets.entries()) {
      for (const b of this.#scopeOf(a)) {
        const other = position.get(b);
        const isMutual = other !== undefined && this.#scopeOf(b).includes(a);
        if (isMutual && other < i) continue;
        const isBoth = isMutual && other > i;
        tasks.push(this.#task(a, b, isBoth));
        for (const film of isBoth ? [a, b] : [a])
          this.#tasksLeft.set(film, (this.#tasksLeft.get(film) ?? 0) + 1);
      }
    }
    return tasks;
  }

  #task(a: BatchFilm, b: BatchFilm, isBoth: boolean): PlannedTask {
    return {
      build: () => this.#pairTask(a, b, isBoth),
      take: async ({ forward, backward }) => {
        this.#merge(a, b, forward);
        if (isBoth) this.#merge(b, a, backward);
        for (const film of isBoth ? [a, b] : [a]) {
          const left = (this.#tasksLeft.get(film) as number) - 1;
          this.#tasksLeft.set(film, left);
          if (left === 0) this.#finish(film);
        }
        await this.#taking;
      },
    };
  }

  #pairTask(a: BatchFilm, b: BatchFilm, isBoth: boolean): ReturnType<PlannedTask['build']> {
    const { metric, excludeNear, perShot, perFilm, k } = this.#request;
    const taskFilm = ({ entry, shots }: BatchFilm) => ({
      entry,
      shotOf: needShots(this.#request) ? shots.shotOf : undefined,
    });
    return {
      a: taskFilm(a),
      b: taskFilm(b),
      metric,
      excludeNear,
      collect: {
        kind: 'nearest',
        limit: Math.min(k, perFilm ?? k),
        perShot,
        floorsA: this.#floors(a),
        floorsB: isBoth ? this.#floors(b) : undefined,
      },
    };
  }

  /** Closeness that a hit of each frame needs to be kept; infinite for frames that cannot be asked about. */
  #floors(film: BatchFilm): Float64Array {
    const { metric, cutoff } = this.#request;
    const least = cutoff === undefined ? Number.NEGATIVE_INFINITY : closenessOf(metric, cutoff);
    return this.#rankedOf(film)
      .floors()
      .map((floor, row) => (this.#noteOf(film, row) ? Number.POSITIVE_INFINITY : Math.max(floor, least)));
  }

  #rankedOf(film: BatchFilm): RankedRows {
    const known = this.#ranked.get(film);
    if (known) return known;
    const available = this.#scopeOf(film).reduce((sum, { frames }) => sum + frames, 0);
    const ranked = new RankedRows(film.frames, Math.min(this.#request.k, available));
    this.#ranked.set(film, ranked);
    return ranked;
  }

  #merge(asked: BatchFilm, found: BatchFilm, { from, to, closeness }: FramePairs): void {
    const ranked = this.#rankedOf(asked);
    const film = this.#films.indexOf(found);
    for (let i = 0; i < from.length; i++)
      ranked.offer(from[i], { film, index: to[i], closeness: closeness[i] });
  }

  #finish(film: BatchFilm): void {
    const ranked = this.#ranked.get(film);
    this.#ranked.delete(film);
    this.#finished.set(
      film,
      film.filenames.map((filename, index) => this.#frame(film, index, filename, ranked)),
    );
    this.#taking = this.#taking.then(() => this.#takeInOrder());
  }

  #frame(film: BatchFilm, index: number, filename: string, ranked: RankedRows | undefined): FrameNeighbors {
    const note = this.#noteOf(film, index);
    const place = { film: film.entry.name, index, filename };
    if (note) return { ...place, note, neighbors: [] };
    const neighbors = (ranked?.hitsOf(index) ?? []).map((hit) => {
      const found = this.#films[hit.film];
      const score = closenessOf(this.#request.metric, hit.closeness);
      return { film: found.entry.name, index: hit.index, filename: found.filenames[hit.index], score };
    });
    return { ...place, neighbors };
  }

  #noteOf({ squaredNorms }: BatchFilm, index: number): FrameNeighbors['note'] | undefined {
    const norm = squaredNorms[index];
    if (!Number.isFinite(norm)) return 'non-finite';
    return norm === 0 && this.#request.metric === 'cosine' ? 'zero' : undefined;
  }

  async #takeInOrder(): Promise<void> {
    for (let next = this.#targets[this.#nextTaken]; next; next = this.#targets[this.#nextTaken]) {
      const frames = this.#finished.get(next);
      if (!frames) return;
      this.#finished.delete(next);
      this.#nextTaken++;
      await this.#take(next, frames);
    }
  }
}
