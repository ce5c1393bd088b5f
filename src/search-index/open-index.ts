/**
 * The search index of a collection as a search uses it: film by film, if a film's part exists, is whole and is fresh.
 */
import { dirname, join } from 'node:path';
import type { FilmEntry } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { catchGiallo, catchGialloSync, GialloError } from '../errors.js';
import type { Basis } from './basis.js';
import { type BasisMeta, readBasis, readBasisMeta } from './basis-file.js';
import { type FilmRows, openFilmRows } from './film-rows.js';
import { type FilmSketches, openFilmSketches } from './film-sketches.js';
import { openStamps } from './film-stamps.js';
import { fingerprintOf } from './fingerprint.js';
import { filmPaths } from './index-files.js';
import { damaged } from './section-file.js';
import type { QuerySketch } from './sketch.js';
import { type FilmReach, type HeadedFilm, openHeads, type SketchHeads } from './sketch-heads.js';

/**
 * Why a film is not searched by the index: the index does not have it, it has changed since, or its part is damaged.
 */
export type PassedOver = 'missing' | 'changed' | 'damaged';

/** A film that the index answers for. */
export interface IndexedFilm {
  readonly entry: FilmEntry;
  readonly sketches: FilmSketches;
  /** Opened when first asked for. Errors: `index-damaged`, `file-unreadable`. */
  rows(): FilmRows;
  /** Removes those of its index files that are damaged. Never throws a GialloError. */
  removeDamaged(): Promise<void>;
}

export interface SearchIndex {
  readonly folder: string;
  /**
   * The film's part, which can be used as long as the index is open; or why there is none. `elsewhere` is a film of
   * another folder. The files of a film are looked at once.
   */
  film(entry: FilmEntry): Promise<IndexedFilm | PassedOver | 'elsewhere'>;
  /** The heads of a film whose stamp is still the same; undefined if there are none. */
  headed(entry: FilmEntry): HeadedFilm | undefined;
  /** As `SketchHeads.reachOf`, for films and queries whose sketches are along the basis of this id. */
  reachOf(
    films: readonly HeadedFilm[],
    queries: readonly QuerySketch[],
    basis: string | null,
  ): Iterable<FilmReach>;
  /** What is known of a basis without its vectors. Errors: `index-damaged`, also for null, and `file-unreadable`. */
  basis(id: string | null): BasisMeta;
  /** A basis with its vectors. Errors: as `basis`. */
  wholeBasis(id: string | null): Basis;
  close(): void;
}

/** Opens the index in `folder`, which is that of `dataFolder`. Never throws a GialloError. */
export function openIndex(
  folder: string,
  dataFolder: string,
  reading?: ReadingOptions | undefined,
): SearchIndex {
  const isElsewhere = elsewhereTest(dataFolder);
  const films = new Map<FilmEntry, Promise<IndexedFilm | PassedOver>>();
  const closers: (() => void)[] = [];

  const basis = readOnce(folder, readBasisMeta);
  const wholeBasis = readOnce(folder, readBasis);
  const stampedFingerprint = openStamps(folder, reading);
  const files = { folder, reading, stampedFingerprint, closers, wholeBasis };
  let openedHeads: SketchHeads | undefined | null = null;
  const heads = () => {
    if (openedHeads !== null) return openedHeads;
    const opened = catchGialloSync(() => openHeads(folder));
    openedHeads = opened instanceof GialloError ? undefined : opened;
    if (openedHeads) closers.push(openedHeads.close);
    return openedHeads;
  };

  return {
    folder,
    async film(entry) {
      if (isElsewhere(entry)) return 'elsewhere';
      const known =
        films.get(entry) ??
        catchGiallo(() => openIndexedFilmIfCurrent(entry, files)).then((found) =>
          found instanceof GialloError ? 'damaged' : found,
        );
      films.set(entry, known);
      return known;
    },
    headed(entry) {
      if (isElsewhere(entry)) return undefined;
      const fingerprint = stampedFingerprint(entry);
      return fingerprint === undefined ? undefined : heads()?.film(entry.name, fingerprint);
    },
    reachOf: (films, queries, id) => heads()?.reachOf(films, queries, basis(id)) ?? [],
    basis,
    wholeBasis,
    close() {
      for (const close of closers) close();
    },
  };
}

/** A test whether a film is of another folder. */
function elsewhereTest(dataFolder: string): (film: FilmEntry) => boolean {
  // The paths of films are made in the same way.
  const example = join(dataFolder, 'film');
  const start = example.slice(0, -'film'.length);
  // `dirname` would take longer than the rest of the look at a film: most films are found without it.
  return ({ path }) => {
    const isHere = path.startsWith(start) && !/[\\/]/.test(path.slice(start.length));
    return !isHere && dirname(path) !== dirname(example);
  };
}

/** What the look at each film of an index needs. */
interface IndexFiles {
  readonly folder: string;
  readonly reading: ReadingOptions | undefined;
  readonly stampedFingerprint: ReturnType<typeof openStamps>;
  readonly closers: (() => void)[];
  readonly wholeBasis: SearchIndex['wholeBasis'];
}

/** Looks at a film's sketches, and whether they are of the film as it is now. Errors: as `openFilmSketches`. */
async function openIndexedFilmIfCurrent(
  entry: FilmEntry,
  files: IndexFiles,
): Promise<IndexedFilm | PassedOver> {
  const { folder, reading, closers } = files;
  const paths = filmPaths(folder, entry.name);
  const sketches = openFilmSketches(paths.sketches);
  if (!sketches) return 'missing';
  closers.push(sketches.close);
  const { film, fingerprint, basis: id } = sketches.meta;
  if (film !== entry.name) return 'missing';
  const isAsStamped = files.stampedFingerprint(entry) === fingerprint;
  // An archive that cannot be opened counts as changed: the scan then opens it, and reports what is wrong with it.
  if (!isAsStamped && (await catchGiallo(() => fingerprintOf(entry, reading))) !== fingerprint)
    return 'changed';
  let rows: FilmRows | undefined;
  return {
    entry,
    sketches,
    rows() {
      if (rows) return rows;
      const opened = openFilmRows(paths.rows);
      if (opened) closers.push(opened.close);
      // Between two builds, or during one, the file may be of an earlier or a later state of the film.
      if (opened?.meta.fingerprint !== fingerprint)
        throw damaged(paths.rows, 'it was made from an earlier state of the film');
      rows = opened;
      return rows;
    },
    async removeDamaged() {
      // If the basis is missing, the film's own files need not be read: the next build makes them again in any case.
      if (id !== null && catchGialloSync(() => files.wholeBasis(id)) instanceof GialloError) return;
      const { removeDamaged } = await import('./clear.js');
      removeDamaged(paths);
    },
  };
}

/** A function that reads each basis once by `read`, and gives the same result, or throws the same error, each time. */
function readOnce<T>(
  folder: string,
  read: (folder: string, id: string) => T | undefined,
): (id: string | null) => T {
  const known = new Map<string | null, T | GialloError>();
  return (id) => {
    const found = known.get(id) ?? (id === null ? undefined : catchGialloSync(() => read(folder, id)));
    const basis = found ?? damaged(`${folder}: basis ${id}`, 'it is missing');
    known.set(id, basis);
    if (basis instanceof GialloError) throw basis;
    return basis;
  };
}
