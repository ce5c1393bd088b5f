/** The second half of a build: a basis for each dim, and sketches of all films whose rows are there. */
import type { FilmEntry } from '../collection/film.js';
import { groupBy } from '../group-by.js';
import type { Progress } from '../progress.js';
import { basisWidth } from './basis.js';
import { readBasis } from './basis-file.js';
import { type BuildPool, inParallel } from './build-tasks.js';
import { openFilmSketches } from './film-sketches.js';
import type { FilmState } from './film-state.js';
import { filmPaths } from './index-files.js';

interface SketchingReport {
  /** The films whose rows this build has written. */
  readonly read: ReadonlySet<FilmEntry>;
  /** Receives the films whose sketches were made. */
  readonly sketched: Set<FilmEntry>;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * A basis is made again if the `leftover` of the films is on average this many times that of the basis's own sample.
 */
const driftFactor = 2;
/** What the allowances in the remainders (`bound.ts`) add to that average. */
const driftAllowance = 0.001;

/**
 * The films that bases are made from: seven of eight, so that the others can be read meanwhile. The choice does not
 * depend on which films the index had before, so an interrupted build continues with the same bases.
 */
export function sampledFilms(films: readonly FilmEntry[]): ReadonlySet<FilmEntry> {
  return new Set(films.filter((_, number) => number % 8 !== 7));
}

/**
 * Makes a basis for each dim that has none in use, from the `sampled` films among these. Returns their ids by dim.
 * Errors: `index-damaged`, `file-unwritable`.
 */
export async function makeBases(
  folder: string,
  states: readonly FilmState[],
  pool: BuildPool,
  sampled: ReadonlySet<FilmEntry>,
): Promise<ReadonlyMap<number, string>> {
  const made = new Map<number, string>();
  await inParallel([...byDim(states)], async ([dim, films]) => {
    const sample = films.filter(({ entry }) => sampled.has(entry));
    if (basesOf(films).size > 0 || sample.length === 0 || widthFor(sample, dim) === 0) return;
    made.set(dim, await makeBasis(folder, dim, sample, pool));
  });
  return made;
}

function makeBasis(
  folder: string,
  dim: number,
  films: readonly FilmState[],
  pool: BuildPool,
): Promise<string> {
  const rowsPaths = films.map(({ entry }) => filmPaths(folder, entry.name).rows);
  return pool.run('makeBasis', { folder, dim, width: widthFor(films, dim), rowsPaths });
}

/** Ids of the bases of these films' sketches. */
function basesOf(films: readonly FilmState[]): ReadonlySet<string> {
  return new Set(films.flatMap(({ sketches }) => sketches?.basis ?? []));
}

/**
 * Brings the sketches of these films up to date. `made` has the bases of dims that had none in use. Returns the ids of
 * the bases that are in use afterwards. Errors: `index-damaged`, `file-unwritable`.
 */
export async function buildSketches(
  folder: string,
  states: readonly FilmState[],
  pool: BuildPool,
  made: ReadonlyMap<number, string>,
  { read, sketched, onProgress }: SketchingReport,
): Promise<ReadonlySet<string>> {
  const sketchAll = async (films: readonly FilmState[], basis: string | null) => {
    let done = 0;
    await inParallel(films, async ({ entry }) => {
      const { rows, sketches } = filmPaths(folder, entry.name);
      const unchecked = read.has(entry) ? 'unchecked' : undefined;
      await pool.run('writeSketches', { folder, basis, rowsPath: rows, unchecked, path: sketches });
      sketched.add(entry);
      onProgress?.({ done: ++done, total: films.length, unit: 'films sketched' });
    });
  };
  await sketchAll(
    states.filter(({ rows, sketches }) => rows?.frames === 0 && !sketches),
    null,
  );
  const bases = new Set<string>();
  for (const [dim, films] of byDim(states)) {
    if (widthFor(films, dim) === 0) {
      await sketchAll(
        films.filter(({ sketches }) => !sketches),
        null,
      );
      continue;
    }
    const inUse = basesOf(films);
    const [known] = inUse;
    let basis = known ?? made.get(dim) ?? (await makeBasis(folder, dim, films, pool));
    // Films may be without sketches because there were too few rows for a basis.
    const unsketched = films.filter(({ sketches }) => !sketches?.basis);
    await sketchAll(unsketched, basis);
    // Several bases are in use if a build ended early after it had made a new one.
    if (inUse.size > 1 || hasDrifted(folder, films, basis)) {
      const before = basis;
      basis = await makeBasis(folder, dim, films, pool);
      await sketchAll(
        films.filter(({ sketches }) => (sketches?.basis ?? before) !== basis),
        basis,
      );
    }
    bases.add(basis);
  }
  return bases;
}

/** The films that have rows, by the dim of these. */
function byDim(states: readonly FilmState[]): Map<number, FilmState[]> {
  const filled = states.filter(({ rows }) => rows && rows.frames > 0);
  return groupBy(filled, ({ rows }) => rows?.dim ?? 0);
}

/** The width of a basis for these films. */
function widthFor(films: readonly FilmState[], dim: number): number {
  const rows = films.reduce((sum, { rows }) => sum + (rows?.frames ?? 0), 0);
  return basisWidth(rows, dim);
}

function hasDrifted(folder: string, films: readonly FilmState[], id: string): boolean {
  const basis = readBasis(folder, id);
  if (!basis) return true;
  if (widthFor(films, basis.dim) >= 2 * basis.vectors.rows) return true;
  let frames = 0;
  let leftover = 0;
  for (const { entry } of films) {
    const file = openFilmSketches(filmPaths(folder, entry.name).sketches);
    if (!file) continue;
    frames += file.meta.frames;
    leftover += file.meta.leftover * file.meta.frames;
    file.close();
  }
  return leftover / frames > driftFactor * basis.leftover + driftAllowance;
}
