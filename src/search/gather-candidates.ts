/** Bounds the closeness of the rows of films to several questions, and gathers those that can be among the answers. */
import type { FilmEntry } from '../collection/film.js';
import { catchGialloSync, GialloError } from '../errors.js';
import { groupBy } from '../group-by.js';
import { type Filters, limitsOf, needShots } from '../ranking/film-selection.js';
import { type FrameSpan, isInSpans } from '../ranking/near.js';
import type { Range } from '../ranking/rows.js';
import { findShots } from '../ranking/shots.js';
import { closenessRange, cosineFloor } from '../search-index/bound.js';
import type { IndexedFilm, SearchIndex } from '../search-index/open-index.js';
import { createSketchScanner, type SketchBlock, type SketchScanner } from '../search-index/scan-sketches.js';
import { type QuerySketch, sketchOfRow, sketchQueries } from '../search-index/sketch.js';
import type { FilmReach, HeadedFilm } from '../search-index/sketch-heads.js';
import { Candidates } from './candidates.js';
import { leftOutSpans } from './film-part.js';
import type { Question } from './question.js';

/** Begins to gather candidates for a few questions. `homes` are the films of the index that the questions are about. */
export function gatherCandidates(
  questions: readonly Question[],
  filters: Filters,
  index: SearchIndex,
  homes: ReadonlyMap<FilmEntry, IndexedFilm>,
) {
  const candidates = questions.map(() => new Candidates(filters));
  const sketchedBy = sketchesByBasis(questions, index, homes);
  let next = 0;
  const numbers = questions.map((question) => question.vectors.map(() => next++));
  return {
    /** The candidates of each question. */
    candidates,
    /** How close films can come to the questions' vectors, one film after the other. Errors: as `addFilm`. */
    *reachOf(films: readonly HeadedFilm[]): Generator<FilmReach> {
      for (const [id, ofBasis] of groupBy(films, ({ meta }) => meta.basis))
        yield* index.reachOf(ofBasis, sketchedBy(id).sketches, id);
    },
    /** Whether rows of a film may still be among the answers to the question at this position. */
    isInReach(q: number, { film: { meta }, most }: FilmReach): boolean {
      const { sketches } = sketchedBy(meta.basis);
      const { floor } = candidates[q];
      return numbers[q].some(
        (n) => most[n] >= cosineFloor(filters.metric, floor, sketches[n].squaredNorm, meta.squaredNorms),
      );
    },
    /**
     * Adds the rows of a film that may be among the answers to the questions at the positions `asked`. Errors:
     * `index-damaged`, `file-unreadable`. After an error, floors may come from rows that do not exist, so nothing
     * gathered may be used.
     */
    addFilm(film: IndexedFilm, ordinal: number, asked: readonly number[]): void {
      const { scanner, sketches } = sketchedBy(film.sketches.meta.basis);
      const shots = needShots(filters) ? findShots(film.rows().profile(), filters.shotThreshold) : undefined;
      const bounder = createBounder(film, sketches, filters);
      const leftOut = asked.map((q) => leftOutSpans(film.entry.path, questions[q], filters, shots));
      const addBlock = (block: SketchBlock, q: number, spans: readonly FrameSpan[]) => {
        for (const row of bounder.rowsReaching(block, numbers[q], candidates[q].floorOf(ordinal))) {
          const index = block.firstRow + row;
          if (isInSpans(spans, index)) continue;
          candidates[q].addRow(ordinal, index, bounder.rangeOf(block, numbers[q], row));
        }
        candidates[q].settleFilm(ordinal);
      };
      for (const q of asked) candidates[q].beginFilm(ordinal, limitsOf(filters, shots));
      for (const block of scanner.scan(film.sketches))
        for (const [i, q] of asked.entries()) addBlock(block, q, leftOut[i]);
      for (const q of asked) candidates[q].endFilm(ordinal);
    },
  };
}

export type Gathering = ReturnType<typeof gatherCandidates>;

/** The sketches of the questions' vectors along one basis. */
interface Sketched {
  readonly scanner: SketchScanner;
  readonly sketches: readonly QuerySketch[];
}

/** A function that gives the sketches of all vectors along a basis, and makes them at the first call. */
function sketchesByBasis(
  questions: readonly Question[],
  index: SearchIndex,
  homes: ReadonlyMap<FilmEntry, IndexedFilm>,
): (basis: string | null) => Sketched {
  const vectors = questions.flatMap((question) => question.vectors);
  const made = new Map<string | null, Sketched>();
  return (id) => {
    const known = made.get(id);
    if (known) return known;
    const basis = index.basis(id);
    const own = questions.flatMap((question) => ownSketches(question, id, homes));
    const isKnown = own.length === vectors.length;
    const sketches = isKnown ? own : sketchQueries(index.wholeBasis(id), vectors);
    const sketched = { sketches, scanner: createSketchScanner(sketches, basis) };
    made.set(id, sketched);
    return sketched;
  };
}

/** The sketches of those vectors of a question that are frames of films, as these films have them along a basis. */
function ownSketches(
  { vectors, origin }: Question,
  basis: string | null,
  homes: ReadonlyMap<FilmEntry, IndexedFilm>,
): QuerySketch[] {
  return vectors.flatMap((vector, i) => {
    const frame = origin[i];
    const home = frame && homes.get(frame.film);
    if (!home || home.sketches.meta.basis !== basis) return [];
    const sketch = catchGialloSync(() => sketchOfRow(vector, frame.index, home.sketches, home.rows()));
    return sketch === undefined || sketch instanceof GialloError ? [] : [sketch];
  });
}

/** Bounds the closeness of the rows of a film. */
function createBounder(film: IndexedFilm, sketches: readonly QuerySketch[], { metric }: Filters) {
  const { meta } = film.sketches;
  const squaredNorms = metric === 'cosine' ? undefined : film.rows().squaredNorms();
  return {
    /** The rows of a block whose closeness to the best of some queries may reach `floor`. */
    rowsReaching(block: SketchBlock, queries: readonly number[], floor: number): Iterable<number> {
      const reaching = (q: number) =>
        block.reaching(q, cosineFloor(metric, floor, sketches[q].squaredNorm, meta.squaredNorms));
      // Copied, since the rows of a query are valid only until the next query.
      return queries.length === 1 ? reaching(queries[0]) : new Set(queries.flatMap((q) => [...reaching(q)]));
    },
    /** The range of the closeness of a row of a block to the best of some queries. */
    rangeOf(block: SketchBlock, queries: readonly number[], row: number): Range {
      let least = Number.NEGATIVE_INFINITY;
      let most = Number.NEGATIVE_INFINITY;
      for (const q of queries) {
        const norm = squaredNorms?.[block.firstRow + row] ?? 1;
        const cosine = block.cosine(q, row);
        const range = closenessRange(metric, cosine, sketches[q].squaredNorm, norm, meta.dim);
        least = Math.max(least, range.least);
        most = Math.max(most, range.most);
      }
      return { least, most };
    },
  };
}
