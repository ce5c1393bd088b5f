/**
 * The nearest frames of every frame of many films. Two blocks are scored once, for the questions of both. The hits of
 * unfinished films are held packed; a finished film is handed on at once.
 */
import { type Filters, minClosenessOf } from '../../ranking/film-selection.js';
import { closenessOf, type Metric } from '../../ranking/metric.js';
import { RankedRows } from '../../ranking/ranked-rows.js';
import { isFiniteRow } from '../../ranking/rows.js';
import type { SearchContext } from '../context.js';
import { type BatchFilm, FrameNumbers } from './batch-films.js';
import { type FilmBlock, packFilms, roles } from './film-block.js';
import type { CollectNearest, FramePairs } from './pair-task.js';
import { countBlockPairs, type PairQuestion, type Survey, scoreFilmPairs } from './run-tasks.js';

/** The films in which neighbours of frames are looked for. */
interface NearestScope {
  /** Whether a film is searched for neighbours of other films' frames. */
  isFound(film: BatchFilm): boolean;
  /** Whether a film is searched for neighbours of its own frames. */
  isFoundByItself(film: BatchFilm): boolean;
}

interface NearestQuestion {
  readonly filters: Filters;
  /** Each scope is answered separately. */
  readonly scopes: readonly NearestScope[];
  /** All films, in code point order; the `film` of a hit is the index in this list. */
  readonly films: readonly BatchFilm[];
  /** The films whose frames are asked about, in the same order. */
  readonly targets: readonly BatchFilm[];
}

/** Why a frame cannot be asked about. */
export type UnusableFrame = 'zero' | 'non-finite';

/** Why no neighbours of a frame can be found; undefined if they can. */
export function unusableFrame(
  { squaredNorms }: BatchFilm,
  index: number,
  metric: Metric,
): UnusableFrame | undefined {
  const norm = squaredNorms[index];
  if (!isFiniteRow(norm)) return 'non-finite';
  return norm === 0 && metric === 'cosine' ? 'zero' : undefined;
}

/**
 * Calls `take` with each target and, for each scope, the hits of its frames: in the order of the targets, one at a
 * time. Answers the `others`, which are about the same films, in the same pass. Errors: those of `scoreFilmPairs` and
 * of `take`.
 */
export async function findNearest(
  question: NearestQuestion,
  take: (target: BatchFilm, hits: readonly RankedRows[]) => Promise<void>,
  context: SearchContext,
  others: readonly PairQuestion[] = [],
): Promise<void> {
  const { filters, films, targets, scopes } = question;
  const asked = scopes.map((scope) => ({
    blocks: packFilms(films, rolesIn(scope, question)),
    hits: new HitsOfFilms(question),
    // No survey is needed if frames may be found in their own film: it is scored first, and gives floors as good.
    isSurveyed: !targets.some((target) => scope.isFoundByItself(target)),
  }));
  const blocksOfScopes = asked.map(({ blocks }) => blocks);
  const finishing = finishTargets(targets, blocksOfScopes, (target) => {
    const hits = asked.map((one) => one.hits.remove(target));
    return take(target, hits);
  });
  await finishing.begin();

  const { metric, excludeNear, ceiling } = filters;
  const questions = asked.map(
    ({ blocks, hits, isSurveyed }): PairQuestion => ({
      blocks,
      survey: isSurveyed ? surveyFor(hits, question) : undefined,
      excludeNear,
      ceiling: ceiling === undefined ? undefined : closenessOf(metric, ceiling),
      collect: (a, b) => hits.collect(a, b),
      async take({ forward, backward }, a, b) {
        hits.add(forward);
        hits.add(backward);
        await finishing.scored(a, b);
      },
    }),
  );
  await scoreFilmPairs(metric, [...questions, ...others], context);
}

/**
 * Calls `take` with each target as soon as all pairs of blocks with its block are scored in all scopes: in the order of
 * the targets, one at a time. The blocks of all scopes have the same films.
 */
function finishTargets(
  targets: readonly BatchFilm[],
  blocksOfScopes: readonly (readonly FilmBlock[])[],
  take: (target: BatchFilm) => Promise<void>,
) {
  const finished = new InOrder(targets, take);
  /** For each block: how many pairs of blocks with it are still to be scored. */
  const left = blocksOfScopes
    .map(countBlockPairs)
    .reduce((counts, more) => counts.map((count, i) => count + more[i]));
  const blockOf = new Map(
    blocksOfScopes[0].flatMap(({ films, number }) => films.map(({ entry }) => [entry, number] as const)),
  );
  const finish = async (isFinished: (block: number | undefined) => boolean) => {
    for (const target of targets) if (isFinished(blockOf.get(target.entry))) await finished.ready(target);
  };
  return {
    /** Finishes the targets for which no pair of blocks is scored, such as films without frames. */
    begin: () => finish((block) => block === undefined || left[block] === 0),
    /** Says that two blocks are scored in one scope. */
    async scored(a: FilmBlock, b: FilmBlock): Promise<void> {
      for (const { number } of new Set([a, b])) {
        left[number]--;
        if (left[number] === 0) await finish((block) => block === number);
      }
    },
  };
}

/** The survey that finds floors for the hits. */
function surveyFor(hits: HitsOfFilms, question: NearestQuestion): Survey {
  const found = new HitsOfFilms(question);
  return {
    every: 1,
    collect: (a, b) => found.collect(a, b),
    take({ forward, backward }) {
      found.add(forward);
      found.add(backward);
    },
    end: () => hits.needAtLeast(found),
  };
}

/** A function that gives the roles of a frame. */
function rolesIn({ isFound, isFoundByItself }: NearestScope, { films, targets, filters }: NearestQuestion) {
  const asked = new Set(targets);
  const rolesOfFilms = new Map(
    films.map((film) => {
      const found = (isFound(film) ? roles.found : 0) | (isFoundByItself(film) ? roles.foundByOwnFilm : 0);
      return [film, { asked: asked.has(film) ? roles.asked : 0, found }];
    }),
  );
  return (film: BatchFilm, index: number) => {
    const { asked, found } = rolesOfFilms.get(film) as { readonly asked: number; readonly found: number };
    const isAsked = unusableFrame(film, index, filters.metric) === undefined;
    return (isAsked ? asked : 0) | (film.leftOut?.[index] ? 0 : found);
  };
}

/** The hits of all films that are asked about and not finished: k x 16 bytes a frame. */
class HitsOfFilms {
  readonly #question: NearestQuestion;
  readonly #numbers: FrameNumbers;
  /** By the films' places. */
  readonly #hits: (RankedRows | undefined)[] = [];
  /** The floor of each frame that a survey has found, by the films' places. */
  readonly #surveyFloors: Float64Array[] = [];

  constructor(question: NearestQuestion) {
    this.#question = question;
    this.#numbers = new FrameNumbers(question.films);
  }

  /** What to collect of two blocks, by the hits so far. */
  collect(a: FilmBlock, b: FilmBlock): CollectNearest {
    const { k, perFilm, perShot } = this.#question.filters;
    const floorsA = this.#floors(a);
    return {
      kind: 'nearest',
      limit: k,
      perFilm,
      perShot,
      floorsA,
      floorsB: a === b ? floorsA : this.#floors(b),
    };
  }

  add({ from, to, closeness }: FramePairs): void {
    const numbers = this.#numbers;
    for (let i = 0; i < from.length; i++) {
      const hit = { film: numbers.placeOf(to[i]), index: numbers.indexOf(to[i]), closeness: closeness[i] };
      this.#of(numbers.placeOf(from[i])).offer(numbers.indexOf(from[i]), hit);
    }
  }

  /**
   * Takes the floors that a survey has found: a frame with enough hits needs none that is less close than the last of
   * them.
   */
  needAtLeast(survey: HitsOfFilms): void {
    for (const [place, hits] of survey.#hits.entries()) {
      if (!hits) continue;
      const { frames } = this.#question.films[place];
      this.#surveyFloors[place] = Float64Array.from({ length: frames }, (_, index) => hits.floorOf(index));
      survey.#hits[place] = undefined;
    }
  }

  remove(film: BatchFilm): RankedRows {
    const place = this.#numbers.placeOfFilm(film);
    const hits = this.#of(place);
    this.#hits[place] = undefined;
    return hits;
  }

  /** The least closeness with which a hit of each frame is kept; infinite for frames that are not asked about. */
  #floors({ frames, firstFrame, roleOf }: FilmBlock): Float64Array {
    const least = minClosenessOf(this.#question.filters) ?? Number.NEGATIVE_INFINITY;
    const floors = new Float64Array(frames).fill(Number.POSITIVE_INFINITY);
    for (let row = 0; row < frames; row++) {
      if ((roleOf[row] & roles.asked) === 0) continue;
      const place = this.#numbers.placeOf(firstFrame + row);
      const index = this.#numbers.indexOf(firstFrame + row);
      const surveyFloor = this.#surveyFloors[place]?.[index] ?? least;
      floors[row] = Math.max(this.#of(place).floorOf(index), surveyFloor, least);
    }
    return floors;
  }

  #of(place: number): RankedRows {
    const { films, filters } = this.#question;
    this.#hits[place] ??= new RankedRows(films[place].frames, Math.min(filters.k, this.#numbers.count));
    return this.#hits[place];
  }
}

/** Hands `items` on in their order, one at a time, each as soon as it and all before it are ready. */
export class InOrder<T> {
  readonly #items: readonly T[];
  readonly #take: (item: T) => Promise<void>;
  readonly #ready = new Set<T>();
  #next = 0;
  #taking: Promise<void> = Promise.resolve();

  constructor(items: readonly T[], take: (item: T) => Promise<void>) {
    this.#items = items;
    this.#take = take;
  }

  /** Says that an item is ready; resolves when all that can be handed on has been. Errors: those of `take`. */
  async ready(item: T): Promise<void> {
    this.#ready.add(item);
    this.#taking = this.#taking.then(() => this.#handOn());
    await this.#taking;
  }

  async #handOn(): Promise<void> {
    for (let item = this.#items[this.#next]; this.#ready.delete(item); item = this.#items[this.#next]) {
      this.#next++;
      await this.#take(item);
    }
  }
}
