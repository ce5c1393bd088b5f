/** What an index has of a film, and whether it was made from the current film. */
import type { FilmEntry } from '../collection/film.js';
import type { ReadingOptions } from '../collection/film-arrays.js';
import { catchGiallo, catchGialloSync, GialloError } from '../errors.js';
import { readBasis } from './basis-file.js';
import { type FilmMeta, openFilmRows } from './film-rows.js';
import { openFilmSketches, type SketchesMeta } from './film-sketches.js';
import { fingerprintOf } from './fingerprint.js';
import { filmPaths, obstacleTo } from './index-files.js';

/**
 * A film that is `fresh` is searched by the index; any other from its archive. `missing`: the index does not have it.
 * `changed`: its content or the reading options have changed since. `damaged`: its part of the index is damaged, or of
 * a newer version. `unreadable`: its archive cannot be opened.
 */
export type FilmStateName = 'fresh' | 'missing' | 'changed' | 'damaged' | 'unreadable';

export interface FilmState {
  readonly entry: FilmEntry;
  readonly state: FilmStateName;
  /** What its rows file says; undefined unless the file is undamaged and of the current film. */
  readonly rows: FilmMeta | undefined;
  /** What its sketch file says, on the same conditions. */
  readonly sketches: SketchesMeta | undefined;
  /** Bytes of both files. */
  readonly bytes: number;
  /** Why the archive is unreadable, or its part of the index cannot be written. */
  readonly error?: GialloError | undefined;
}

/** Looks at films' files in the folder of an index; reads neither vectors nor sketches. Never throws a GialloError. */
export async function inspectFilms(
  folder: string,
  films: readonly FilmEntry[],
  reading: ReadingOptions | undefined,
): Promise<FilmState[]> {
  const bases = new Map<string, boolean>();
  const hasBasis = ({ basis }: SketchesMeta) => {
    if (basis === null) return true;
    const isWhole = bases.get(basis) ?? isBasisIntact(folder, basis);
    bases.set(basis, isWhole);
    return isWhole;
  };
  const states: FilmState[] = [];
  for (const entry of films) {
    const state = await inspectFilm(folder, entry, reading);
    if (!state.sketches || hasBasis(state.sketches)) states.push(state);
    else
      states.push({
        ...state,
        sketches: undefined,
        state: state.state === 'fresh' ? 'damaged' : state.state,
      });
  }
  return states;
}

function isBasisIntact(folder: string, id: string): boolean {
  const basis = catchGialloSync(() => readBasis(folder, id));
  return basis !== undefined && !(basis instanceof GialloError);
}

async function inspectFilm(
  folder: string,
  entry: FilmEntry,
  reading: ReadingOptions | undefined,
): Promise<FilmState> {
  const paths = filmPaths(folder, entry.name);
  const fingerprint = await catchGiallo(() => fingerprintOf(entry, reading));
  const rows = stateOfFile(() => openFilmRows(paths.rows));
  const sketches = stateOfFile(() => openFilmSketches(paths.sketches));
  const currentMeta = <Meta extends FilmMeta>(found: FileState<Meta>): Meta | undefined => {
    if (typeof found !== 'object') return undefined;
    const { meta } = found;
    return meta.film === entry.name && meta.fingerprint === fingerprint ? meta : undefined;
  };
  const current = { rows: currentMeta(rows), sketches: currentMeta(sketches) };
  const bytes = bytesOf(rows) + bytesOf(sketches);
  const common = { entry, ...current, bytes };
  if (fingerprint instanceof GialloError) return { ...common, state: 'unreadable', error: fingerprint };
  if (current.rows && current.sketches) return { ...common, state: 'fresh' };
  if (rows === 'damaged' || sketches === 'damaged') {
    const error = obstacleTo(paths);
    return error ? { entry, state: 'damaged', ...noFiles, error } : { ...common, state: 'damaged' };
  }
  if (!rows || !sketches) return { ...common, state: 'missing' };
  return { ...common, state: 'changed' };
}

const noFiles = { rows: undefined, sketches: undefined, bytes: 0 };

/** The state of a file of the index; undefined if there is none. */
type FileState<Meta> = { readonly meta: Meta; readonly byteLength: number } | 'damaged' | undefined;

function stateOfFile<Meta>(
  open: () => { readonly meta: Meta; readonly byteLength: number; close(): void } | undefined,
): FileState<Meta> {
  const file = catchGialloSync(open);
  if (file instanceof GialloError) return 'damaged';
  file?.close();
  return file;
}

function bytesOf(found: FileState<unknown>): number {
  return typeof found === 'object' ? found.byteLength : 0;
}
