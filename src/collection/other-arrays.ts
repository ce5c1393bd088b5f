/**
 * The arrays of an archive that a film does not use. No search reads them, but a bit that fell over in one of them
 * tells that the file is not what was saved.
 */
import { GialloError, orError } from '../errors.js';
import { openNpz, type StoredArray } from '../npz/array-file.js';
import type { FilmEntry } from './film.js';
import { chooseArrays, type ReadingOptions } from './film-arrays.js';
import { isArrayFile } from './names.js';

/**
 * Reads every array but the film's vectors and names, for its length and CRC-32: what is wrong with them, in the
 * archive's order. Errors: those of opening the film.
 */
export async function checkOtherArrays(
  { path }: FilmEntry,
  options: ReadingOptions = {},
  signal?: AbortSignal,
): Promise<GialloError[]> {
  if (isArrayFile(path)) return [];
  const file = await openNpz(path, options.assume);
  try {
    const { embeddings, filenames } = chooseArrays(file, options);
    const problems: GialloError[] = [];
    for (const [name, array] of file.arrays) {
      if (array === embeddings || array === filenames || isLeftByTheSystem(name)) continue;
      const problem = array instanceof GialloError ? array : await orError(() => drain(array, signal));
      if (problem) problems.push(problem);
    }
    return problems;
  } finally {
    await file.close();
  }
}

/** What macOS puts beside the members of an archive is no array, whatever its ending says. */
function isLeftByTheSystem(name: string): boolean {
  return name.split('/').some((part) => part === '__MACOSX' || part.startsWith('.'));
}

async function drain(array: StoredArray, signal: AbortSignal | undefined): Promise<undefined> {
  for await (const _ of array.readData()) signal?.throwIfAborted();
}
