/** `giallo verify`: reads films completely, and reports what prevents their use and what is unusual about them. */
import type { Collection } from '../collection/collection.js';
import type { FilmEntry } from '../collection/film.js';
import { filmsNamed } from '../collection/named-films.js';
import type { SearchContext } from '../search/context.js';
import { commonDim, inNameOrder } from '../search/question.js';
import { filmsAtOnce, forEachConcurrently } from '../threads/concurrency.js';
import { type Finding, findingOf } from './finding.js';
import { caselessForm, type VerifiedFilm, verifyFilm } from './verify-film.js';

/** What was found, and the JSON that `giallo verify --json` prints. */
export interface VerifyReport {
  readonly v: 1;
  /** The collection's folder. */
  readonly data: string;
  /** What was read. Films that could not be opened count as films, but have no frames. */
  readonly verified: { readonly films: number; readonly frames: number; readonly bytes: number };
  /** Findings of each severity, and films with an error. */
  readonly totals: { readonly errors: number; readonly warnings: number; readonly brokenFilms: number };
  /** Errors before warnings; then by film in code point order. */
  readonly findings: readonly Finding[];
}

/**
 * Verifies the films that `names` name; if it is empty, all films of the collection. Whatever is wrong with a film is a
 * finding. Errors: those of naming films.
 */
export async function verify(
  collection: Collection,
  names: readonly string[] = [],
  context: SearchContext = {},
): Promise<VerifyReport> {
  const films = inNameOrder(filmsNamed(collection, names));
  const verified = new Map<FilmEntry, VerifiedFilm>();
  await forEachConcurrently(films, filmsAtOnce(context), async (entry) => {
    context.signal?.throwIfAborted();
    verified.set(entry, await verifyFilm(entry, context));
    context.onProgress?.({ done: verified.size, total: films.length, unit: 'films' });
  });

  const inOrder = films.flatMap((entry) => verified.get(entry) ?? []);
  const found = [
    ...inOrder.flatMap(({ findings }) => findings),
    ...mixedDims(inOrder),
    ...similarFilms(films),
  ];
  const ofSeverity = (wanted: Finding['severity']) =>
    films.flatMap((film) => found.filter(({ severity, path }) => severity === wanted && path === film.path));
  const errors = ofSeverity('error');
  const warnings = ofSeverity('warning');
  const total = (key: 'frames' | 'bytes') => inOrder.reduce((sum, film) => sum + film[key], 0);
  return {
    v: 1,
    data: collection.folder,
    verified: { films: films.length, frames: total('frames'), bytes: total('bytes') },
    totals: {
      errors: errors.length,
      warnings: warnings.length,
      brokenFilms: new Set(errors.map(({ path }) => path)).size,
    },
    findings: [...errors, ...warnings],
  };
}

/** A warning for each film of another dim than most frames have. */
function mixedDims(films: readonly VerifiedFilm[]): Finding[] {
  const common = commonDim(films);
  return films
    .filter(({ dim, frames }) => frames > 0 && dim !== common)
    .map(({ entry, dim, frames }) => {
      const message = `${entry.path}: vectors of ${dim} numbers, where most frames have ${common}`;
      return findingOf(entry, 'warning', 'mixed-dims', { message, count: frames });
    });
}

/** A warning for each film whose name differs from that of one before it only in case or Unicode form. */
function similarFilms(films: readonly FilmEntry[]): Finding[] {
  const known = new Map<string, FilmEntry>();
  return films.flatMap((film) => {
    const spelling = caselessForm(film.name);
    const other = known.get(spelling);
    if (!other) known.set(spelling, film);
    if (!other || other.path === film.path) return [];
    const message = `${film.path}: the name differs from ${other.name} only in its case or Unicode form`;
    return [findingOf(film, 'warning', 'films-alike', { message })];
  });
}
