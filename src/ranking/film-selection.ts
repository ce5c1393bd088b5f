/** Chooses the frames of one film for an answer, as they are found, by the limits that apply within a film. */
import { closenessOf, type Metric } from './metric.js';
import type { Nearness } from './near.js';
import type { Shots } from './shots.js';
import { type Hit, TopK } from './top-k.js';

/** The filters, which act inside the search: k results come back whenever k exist. */
export interface Filters {
  readonly metric: Metric;
  /** How many results. */
  readonly k: number;
  /** At most so many results from any one film. */
  readonly perFilm?: number | undefined;
  /** Least score (cosine, dot) or largest distance (euclidean) of a result. */
  readonly cutoff?: number | undefined;
  /** Greatest score (cosine, dot) or least distance (euclidean) of a result. */
  readonly ceiling?: number | undefined;
  /** Vectors of frames: nothing that is the same picture as one of them (`samePictureScore`). */
  readonly without?: readonly Float32Array[] | undefined;
  /** At most so many results from any one shot of a film. */
  readonly perShot?: number | undefined;
  /** Frames of the same film that are near to a query frame are left out; 0 leaves out the frame itself. */
  readonly excludeNear: Nearness;
  /** Cosine of consecutive frames below which there is a cut; by default each film's own. */
  readonly shotThreshold?: number | undefined;
}

/** True if the filters need to know a film's shots. */
export function needShots({ excludeNear, perShot }: Filters): boolean {
  return excludeNear === 'shot' || perShot !== undefined;
}

/** The least closeness of a result; undefined if any will do. */
export function minClosenessOf({ metric, cutoff }: Filters): number | undefined {
  return cutoff === undefined ? undefined : closenessOf(metric, cutoff);
}

/** The limits of what one film may give to an answer. `shots` are needed where they are limited. */
export function limitsOf(filters: Filters, shots: Shots | undefined): FilmLimits {
  const { k, perFilm, perShot } = filters;
  return {
    limit: Math.min(k, perFilm ?? k),
    minCloseness: minClosenessOf(filters),
    perShot: shots && perShot !== undefined ? { limit: perShot, shotOf: shots.shotOf } : undefined,
  };
}

export interface FilmLimits {
  /** At most so many hits from this film. */
  readonly limit: number;
  /** Nothing less close than this. */
  readonly minCloseness?: number | undefined;
  /** At most so many hits from any one shot; `shotOf` has the shot of each frame. */
  readonly perShot?: { readonly limit: number; readonly shotOf: Int32Array } | undefined;
}

/** The hits of one film for one question. */
export class FilmSelection {
  readonly #film: number;
  readonly #limits: FilmLimits;
  readonly #floor: number;
  /** By shot where shots are limited, else one for the film, under 0. */
  readonly #tops = new Map<number, TopK>();

  constructor(film: number, limits: FilmLimits) {
    this.#film = film;
    this.#limits = limits;
    this.#floor = limits.minCloseness ?? Number.NEGATIVE_INFINITY;
  }

  /** Keeps the frame if it may be in the answer; a frame with a closeness of NaN never is. */
  offer(index: number, closeness: number): void {
    if (!(closeness >= this.#floor)) return;
    const shot = this.#shotOf(index);
    let top = this.#tops.get(shot);
    if (!top) {
      top = new TopK(this.#limits.perShot?.limit ?? this.#limits.limit);
      this.#tops.set(shot, top);
    }
    if (!top.excludes(closeness)) top.offer({ film: this.#film, index, closeness });
  }

  /** The least closeness with which frame `index` can still be kept. */
  floorOf(index: number): number {
    const top = this.#tops.get(this.#shotOf(index));
    return Math.max(this.#floor, top?.floor() ?? Number.NEGATIVE_INFINITY);
  }

  /** The least closeness with which a frame can still be kept, whichever it is. */
  floor(): number {
    return this.#limits.perShot ? this.#floor : this.floorOf(0);
  }

  /** Whether frame `index` cannot be kept with this closeness, or with less. */
  excludes(index: number, closeness: number): boolean {
    return closeness < this.#floor || (this.#tops.get(this.#shotOf(index))?.excludes(closeness) ?? false);
  }

  /** The least closeness with which a frame can still be among the hits of `best`. */
  floorOfFilm(): number {
    return Math.max(this.#floor, this.best().floor());
  }

  /** The film's hits within all limits. */
  best(): TopK {
    const { perShot, limit } = this.#limits;
    if (!perShot) return this.#tops.get(0) ?? new TopK(limit);
    const best = new TopK(limit);
    for (const top of this.#tops.values()) for (const hit of top.kept) best.offer(hit);
    return best;
  }

  /** The hits of `best`, closest first. */
  sorted(): Hit[] {
    return this.best().sorted();
  }

  #shotOf(index: number): number {
    return this.#limits.perShot ? this.#limits.perShot.shotOf[index] : 0;
  }
}

/**
 * The closest frames of one film within its limits, closest first. `closeness` has one value a frame; NaN marks frames
 * that are left out (the question's own, near ones, rows that are not finite).
 */
export function selectFromFilm(film: number, closeness: Float64Array, limits: FilmLimits): Hit[] {
  const selection = new FilmSelection(film, limits);
  for (let index = 0; index < closeness.length; index++) selection.offer(index, closeness[index]);
  return selection.sorted();
}
