/**
 * The rows of a question that can still be among its answers, by the bounds of their closeness: gathered film by film,
 * then scored best bound first until what is found beats every bound that is left.
 */
import { type FilmLimits, FilmSelection } from '../ranking/film-selection.js';
import { type Hit, TopK } from '../ranking/top-k.js';
import type { Range } from '../search-index/closeness-range.js';

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
  readonly limit: number;
  /** The rows that bounds have left, with the most that the closeness of each can be. */
  readonly indices: number[];
  readonly most: number[];
  /** By the least that closeness can be, until all rows are bounded; then by what was scored. */
  selection: FilmSelection;
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

  /** Begins a film: bounds of its rows follow. */
  beginFilm(film: number, limits: FilmLimits): void {
    const selection = new FilmSelection(film, limits);
    this.#films.set(film, { limit: limits.limit, indices: [], most: [], selection, floor: this.#floor });
  }

  /** The closeness below which rows of the film need not be added. */
  floorOf(film: number): number {
    return Math.max(this.#floor, this.#filmOf(film).floor);
  }

  /** Adds a row of a film by what its closeness can be at least and at most. */
  addRow(film: number, index: number, { least, most }: Range): void {
    const { indices, most: bounds, selection } = this.#filmOf(film);
    if (selection.excludes(index, most)) return;
    indices.push(index);
    bounds.push(most);
    selection.offer(index, least);
  }

  /** Raises the film's floor by the rows added. */
  settleFilm(film: number): void {
    const found = this.#filmOf(film);
    found.floor = Math.max(found.floor, lastOf(found.selection.sorted(), found.limit));
  }

  /** Ends a film whose rows are all bounded, with the limits that it was begun with. */
  endFilm(film: number, limits: FilmLimits): void {
    const found = this.#filmOf(film);
    for (const hit of found.selection.sorted()) this.#guaranteed.offer(hit);
    this.#raiseFloor(this.#guaranteed);
    found.selection = new FilmSelection(film, limits);
  }

  /** Forgets a film whose rows cannot be read. */
  dropFilm(film: number): void {
    this.#films.delete(film);
  }

  /** The rows left when all films were added, the greatest bound first. */
  left(): Candidate[] {
    const rows: Candidate[] = [];
    for (const [film, { indices, most, floor }] of this.#films) {
      for (let i = 0; i < indices.length; i++) {
        if (most[i] >= Math.max(this.#floor, floor)) rows.push({ film, index: indices[i], most: most[i] });
      }
    }
    return rows.sort((a, b) => b.most - a.most);
  }

  /** True where the candidate may still be among the answers, by what was known when it was settled last. */
  isOpen({ film, index, most }: Candidate): boolean {
    const found = this.#films.get(film);
    if (!found || most < this.#floor || most < found.floor) return false;
    return !found.selection.excludes(index, most);
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

  #filmOf(film: number): FilmCandidates {
    return this.#films.get(film) as FilmCandidates;
  }

  #raiseFloor(top: TopK): void {
    this.#floor = Math.max(this.#floor, lastOf(top.sorted(), this.#k));
  }
}

/** The closeness below which nothing more gets in, once there are `limit` hits. */
function lastOf(hits: readonly Hit[], limit: number): number {
  return hits.length < limit ? Number.NEGATIVE_INFINITY : hits[limit - 1].closeness;
}
