/** The search index of a collection, as a search uses it: film by film, where it is there, whole and fresh. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FilmEntry, ReadingOptions } from '../collection/film.js';
import { GialloError, orError } from '../errors.js';
import type { Basis } from './basis.js';
import { readBasis } from './basis-file.js';
import { indexFolder } from './cache-folder.js';
import { type FilmRows, openFilmRows } from './film-rows.js';
import { type FilmSketches, openFilmSketches } from './film-sketches.js';
import { fingerprintOf } from './fingerprint.js';
import { filmPaths } from './index-files.js';
import { damaged } from './section-file.js';

/** Why a film is not searched by the index: it is not in it, has changed since, or its part cannot be used. */
export type PassedOver = 'missing' | 'changed' | 'damaged';

/** A film that the index answers for. */
export interface IndexedFilm {
  readonly entry: FilmEntry;
  readonly sketches: FilmSketches;
  /** The basis of its sketches; a film without frames has none. Errors: `index-damaged`, `file-unreadable`. */
  basis(): Basis;
  /** Opened when first asked for. Errors: `index-damaged`, `file-unreadable`. */
  rows(): FilmRows;
}

export interface SearchIndex {
  readonly folder: string;
  /**
   * The film's part, as long as the index is open; or why there is none to use: `elsewhere` is a film of another folder.
   * The same film is looked at once.
   */
  film(entry: FilmEntry): Promise<IndexedFilm | PassedOver | 'elsewhere'>;
  close(): void;
}

/** Opens the index of a data folder under `root`; undefined where none was built. Never throws a GialloError. */
export function openIndex(
  dataFolder: string,
  root: string,
  reading?: ReadingOptions | undefined,
): SearchIndex | undefined {
  const folder = indexFolder(root, dataFolder);
  if (!existsSync(folder)) return undefined;
  // As films' paths are made from it.
  const dataPath = dirname(join(dataFolder, 'film'));
  const bases = new Map<string, Basis>();
  const films = new Map<FilmEntry, Promise<IndexedFilm | PassedOver>>();
  const closers: (() => void)[] = [];

  const basisOf = (id: string | null) => {
    const basis = bases.get(`${id}`) ?? (id === null ? undefined : readBasis(folder, id));
    if (!basis) throw damaged(`${folder}: basis ${id}`, 'found none');
    bases.set(`${id}`, basis);
    return basis;
  };
  const look = async (entry: FilmEntry): Promise<IndexedFilm | PassedOver> => {
    const paths = filmPaths(folder, entry.name);
    const sketches = openFilmSketches(paths.sketches);
    if (!sketches) return 'missing';
    closers.push(sketches.close);
    const { film, fingerprint, basis } = sketches.meta;
    if (film !== entry.name) return 'missing';
    // An archive that cannot be looked at is read from, and what is wrong with it is said there.
    const current = await orError(() => fingerprintOf(entry, reading));
    if (current !== fingerprint) return 'changed';
    let rows: FilmRows | undefined;
    return {
      entry,
      sketches,
      basis: () => basisOf(basis),
      rows() {
        if (!rows) {
          rows = openFilmRows(paths.rows);
          if (rows) closers.push(rows.close);
          if (rows?.facts.fingerprint !== fingerprint) throw damaged(paths.rows, 'found none for this film');
        }
        return rows as FilmRows;
      },
    };
  };

  return {
    folder,
    async film(entry) {
      if (dirname(entry.path) !== dataPath) return 'elsewhere';
      const known =
        films.get(entry) ??
        orError(() => look(entry)).then((found) => (found instanceof GialloError ? 'damaged' : found));
      films.set(entry, known);
      return known;
    },
    close() {
      for (const close of closers) close();
    },
  };
}
