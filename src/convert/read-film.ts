/**
 * Films, `.npz` archives and `.npy` arrays with their names beside them, as frames.
 */
import { basename } from 'node:path';
import { becameInfiniteWarning, type Film, openFilm, type ReadingOptions } from '../collection/film.js';
import type { FrameBlock, Frames } from './frames.js';

/** Opens a film. Errors: those of `openFilm`, of `Film.readFilenames` and of `Film.readBlocks`. */
export async function readFilm(path: string, options: ReadingOptions): Promise<Frames> {
  const film = await openFilm({ name: basename(path), path }, options);
  try {
    return await framesOfFilm(film);
  } catch (error) {
    await film.close();
    throw error;
  }
}

async function framesOfFilm(film: Film): Promise<Frames> {
  const names = await film.readFilenames();
  const warnings = [...film.warnings, ...names.warnings].map(({ message }) => message);
  return {
    dim: film.dim,
    warnings,
    blocks: () => blocks(film, names.filenames, warnings),
    close: () => film.close(),
  };
}

async function* blocks(
  film: Film,
  filenames: readonly string[],
  warnings: string[],
): AsyncGenerator<FrameBlock> {
  let infinite = 0;
  for await (const { firstRow, rows, values, becameInfinite } of film.readBlocks()) {
    infinite += becameInfinite;
    const end = firstRow + rows;
    const sourceBytes = Math.floor((film.bytes * end) / film.frames);
    yield { filenames: filenames.slice(firstRow, end), values, sourceBytes };
  }
  if (infinite > 0) warnings.push(becameInfiniteWarning(film.path, infinite).message);
}
