/** The second half of a build: a basis for each dim, and sketches of all films whose rows are there. */
import type { Progress } from '../progress.js';
import { readBasis } from './basis-file.js';
import type { BuildPool } from './build-pool.js';
import { openFilmSketches } from './film-sketches.js';
import type { FilmState } from './film-state.js';
import { filmPaths } from './index-files.js';

export interface SketchedFilms {
  /** Ids of the bases in use. */
  readonly bases: ReadonlySet<string>;
  /** Films whose sketches were made. */
  readonly sketched: number;
}

/** A basis is made anew where films have this much more left out, on average, than the sample that it was made from. */
const driftFactor = 2;
/** What the allowances of the bound add to that average. */
const driftAllowance = 0.001;

/** Brings the sketches of these films up to date. Errors: `index-damaged`, `file-unwritable`. */
export async function buildSketches(
  folder: string,
  states: readonly FilmState[],
  pool: BuildPool,
  onProgress?: ((progress: Progress) => void) | undefined,
): Promise<SketchedFilms> {
  const sketchAll = async (films: readonly FilmState[], basis: string | null) => {
    let done = 0;
    await Promise.all(
      films.map(async ({ entry }) => {
        const { rows, sketches } = filmPaths(folder, entry.name);
        await pool.run({ kind: 'sketches', folder, basis, rowsPath: rows, path: sketches });
        onProgress?.({ done: ++done, total: films.length, unit: 'films sketched' });
      }),
    );
    return films.length;
  };
  const makeBasis = async (dim: number, films: readonly FilmState[]) => {
    const rowsPaths = films.map(({ entry }) => filmPaths(folder, entry.name).rows);
    return (await pool.run({ kind: 'basis', folder, dim, rowsPaths })) as string;
  };

  const bases = new Set<string>();
  let sketched = await sketchAll(
    states.filter(({ rows, sketches }) => rows?.frames === 0 && !sketches),
    null,
  );
  for (const [dim, films] of byDim(states)) {
    const known = films.find(({ sketches }) => sketches)?.sketches?.basis;
    const basis = known ?? (await makeBasis(dim, films));
    sketched += await sketchAll(
      films.filter(({ sketches }) => !sketches),
      basis,
    );
    if (known && hasDrifted(folder, films, known)) {
      const renewed = await makeBasis(dim, films);
      sketched =
        sketched - films.filter(({ sketches }) => !sketches).length + (await sketchAll(films, renewed));
      bases.add(renewed);
    } else {
      bases.add(basis);
      for (const { sketches } of films) if (sketches?.basis) bases.add(sketches.basis);
    }
  }
  return { bases, sketched };
}

/** The films that have rows, by the dim of these. */
function byDim(states: readonly FilmState[]): Map<number, FilmState[]> {
  const groups = new Map<number, FilmState[]>();
  for (const state of states) {
    if (!state.rows || state.rows.frames === 0) continue;
    const group = groups.get(state.rows.dim);
    if (group) group.push(state);
    else groups.set(state.rows.dim, [state]);
  }
  return groups;
}

function hasDrifted(folder: string, films: readonly FilmState[], id: string): boolean {
  const basis = readBasis(folder, id);
  if (!basis) return true;
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
