/** Which frames of one film go into the answer, as they are found: the limits that can be decided within the film. */
import { type Hit, TopK } from './top-k.js';

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

  /** Keeps the frame if it may be in the answer; NaN never is. */
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

  /** The closeness that the frame `index` needs at least to be kept beside those offered so far. */
  floorOf(index: number): number {
    const shot = this.#limits.perShot ? this.#limits.perShot.shotOf[index] : 0;
    return Math.max(this.#floor, this.#tops.get(shot)?.floor() ?? Number.NEGATIVE_INFINITY);
  }

  /** The closeness that any frame needs at least. */
  floor(): number {
    return this.#limits.perShot ? this.#floor : this.floorOf(0);
  }

  /** True where the frame could not be kept with this closeness, or less. */
  excludes(index: number, closeness: number): boolean {
    return closeness < this.#floor || (this.#tops.get(this.#shotOf(index))?.excludes(closeness) ?? false);
  }

  /** The film's hits within all limits, closest first. */
  sorted(): Hit[] {
    if (!this.#limits.perShot) return this.#tops.get(0)?.sorted() ?? [];
    const best = new TopK(this.#limits.limit);
    for (const top of this.#tops.values()) for (const hit of top.sorted()) best.offer(hit);
    return best.sorted();
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
