/**
 * The rows of a question that can still be among its answers, by the bounds of their closeness: gathered film by film,
 * then scored best bound first until what is found beats every bound that is left.
 */
import { type FilmLimits, FilmSelection } from '../ranking/film-selection.js';
import type { Hit } from '../ranking/hit.js';
import { selectFromFilm } from '../ranking/select.js';
import { TopK } from '../ranking/top-k.js';
import type { ClosenessBounds } from '../search-index/closeness-bounds.js';

/** A row to score. */
export interface Candidate {
  /** The film's ordinal, as in hits. */
  readonly film: number;
  readonly index: number;
  /** The most that its closeness can be. */
  readonly most: number;
}

/** What is known of a film. */
interface FilmCandidates {
  /** The rows that its bounds left when it was added. */
  readonly indices: Int32Array;
  readonly most: Float64Array;
  readonly limit: number;
  /** What was scored of it. */
  readonly selection: FilmSelection;
  /** The closeness below which it has nothing more to give. */
  floor: number;
}

export class Candidates {
  readonly #k: number;
  /** The k best lower bounds within the limits: the answer's last hit is as close as the last of them. */
  readonly #guaranteed: TopK;
  /** By ordinal. */
  readonly #films = new Map<number, FilmCandidates>();
  #floor: number;

  constructor(k: number, minCloseness = Number.NEGATIVE_INFINITY) {
    this.#k = k;
    this.#guaranteed = new TopK(k);
    this.#floor = minCloseness;
  }

  /** Takes a film's bounds; NaN in `least` marks rows that are left out. */
  addFilm(film: number, { least, most }: ClosenessBounds, limits: FilmLimits): void {
    const best = selectFromFilm(film, least, limits);
    for (const hit of best) this.#guaranteed.offer(hit);
    this.#raiseFloor(this.#guaranteed);
    const filmFloor = Math.max(this.#floor, lastOf(best, limits.limit));
    const kept: number[] = [];
    for (let row = 0; row < most.length; row++) {
      if (most[row] >= filmFloor && !Number.isNaN(least[row])) kept.push(row);
    }
    if (kept.length === 0) return;
    this.#films.set(film, {
      indices: Int32Array.from(kept),
      most: Float64Array.from(kept, (row) => most[row]),
      limit: limits.limit,
      selection: new FilmSelection(film, limits),
      floor: filmFloor,
    });
  }

  /** Forgets a film whose rows cannot be read. */
  dropFilm(film: number): void {
    this.#films.delete(film);
  }

  /** The rows left when all films were added, the greatest bound first. */
  left(): Candidate[] {
    const rows: Candidate[] = [];
    for (const [film, { indices, most }] of this.#films) {
      for (let i = 0; i < indices.length; i++) {
        if (most[i] >= this.#floor) rows.push({ film, index: indices[i], most: most[i] });
      }
    }
    return rows.sort((a, b) => b.most - a.most);
  }

  /** True where the candidate may still be among the answers, by what was known when it was settled last. */
  isOpen({ film, most }: Candidate): boolean {
    const found = this.#films.get(film);
    return found !== undefined && most >= this.#floor && most >= found.floor;
  }

  /** Takes the closeness of a candidate, as scored. */
  offer({ film, index }: Candidate, closeness: number): void {
    this.#films.get(film)?.selection.offer(index, closeness);
  }

  /** Raises the floors by what was offered. */
  settle(): void {
    const top = new TopK(this.#k);
    for (const film of this.#films.values()) {
      const hits = film.selection.sorted();
      film.floor = Math.max(film.floor, lastOf(hits, film.limit));
      for (const hit of hits) top.offer(hit);
    }
    this.#raiseFloor(top);
  }

  /** The film's hits that can be among the answers, closest first. */
  hitsOf(film: number): Hit[] {
    const hits = this.#films.get(film)?.selection.sorted() ?? [];
    return hits.filter(({ closeness }) => closeness >= this.#floor);
  }

  #raiseFloor(top: TopK): void {
    this.#floor = Math.max(this.#floor, lastOf(top.sorted(), this.#k));
  }
}

/** The closeness below which nothing more gets in, once there are `limit` hits. */
function lastOf(hits: readonly Hit[], limit: number): number {
  return hits.length < limit ? Number.NEGATIVE_INFINITY : hits[limit - 1].closeness;
}
