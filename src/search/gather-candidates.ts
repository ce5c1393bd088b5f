/** Bounds the closeness of all rows of a film to several questions, and gathers those that can be among the answers. */
import { closenessOf } from '../ranking/metric.js';
import { findShots } from '../ranking/shots.js';
import type { Basis } from '../search-index/basis.js';
import { closenessBounds } from '../search-index/closeness-bounds.js';
import type { IndexedFilm } from '../search-index/open-index.js';
import { createSketchScanner, type SketchScanner } from '../search-index/scan-sketches.js';
import { type QuerySketch, sketchQueries } from '../search-index/sketch.js';
import { Candidates } from './candidates.js';
import { leaveOutNear, limitsOf } from './film-filters.js';
import { type Filters, needShots, type Question } from './question.js';

export interface Gathering {
  /** One a question. */
  readonly candidates: readonly Candidates[];
  /**
   * Adds what a film may give to the questions at the positions `asked`. Errors: `index-damaged`, `file-unreadable`:
   * what was added of the film before is to be dropped.
   */
  addFilm(film: IndexedFilm, ordinal: number, asked: readonly number[]): void;
}

/** What the questions are along one basis. */
interface Sketched {
  readonly scanner: SketchScanner;
  readonly sketches: readonly QuerySketch[];
}

/** Begins a gathering for a few questions: bounds of all of them for one film are in memory at once. */
export function gatherCandidates(questions: readonly Question[], filters: Filters): Gathering {
  const { metric, k, cutoff } = filters;
  const minCloseness = cutoff === undefined ? undefined : closenessOf(metric, cutoff);
  const candidates = questions.map(() => new Candidates(k, minCloseness));
  const vectors = questions.flatMap((question) => question.vectors);
  const firstVector = questions.map((_, q) =>
    questions.slice(0, q).reduce((sum, question) => sum + question.vectors.length, 0),
  );
  const byBasis = new Map<Basis, Sketched>();

  const sketchedBy = (basis: Basis): Sketched => {
    const known = byBasis.get(basis);
    if (known) return known;
    const sketches = sketchQueries(basis, vectors);
    const sketched = { sketches, scanner: createSketchScanner(sketches, basis.vectors.rows) };
    byBasis.set(basis, sketched);
    return sketched;
  };

  return {
    candidates,
    addFilm(film, ordinal, asked) {
      const basis = film.basis();
      const { scanner, sketches } = sketchedBy(basis);
      const products = scanner.scan(film.sketches);
      const squaredNorms = metric === 'cosine' ? undefined : film.rows().squaredNorms();
      const shots = needShots(filters) ? findShots(film.rows().profile(), filters.shotThreshold) : undefined;
      for (const q of asked) {
        const { vectors: own, origin } = questions[q];
        const [from, to] = [firstVector[q], firstVector[q] + own.length];
        const bounds = closenessBounds(
          metric,
          sketches.slice(from, to),
          products.slice(from, to),
          film.sketches,
          basis,
          squaredNorms,
        );
        leaveOutNear(bounds.least, film.entry.path, origin, filters, shots);
        candidates[q].addFilm(ordinal, bounds, limitsOf(filters, shots));
      }
    },
  };
}
