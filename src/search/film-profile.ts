/** A film read whole for its profile alone. */
import type { Film } from '../collection/film.js';
import { rowsPerBlock } from '../kernel/block-scorer.js';
import { createProfiler, type FilmProfile } from '../ranking/film-profile.js';
import { blocksOf } from './film-blocks.js';

/** Reads a film for its profile. Errors: those of reading it; the signal's reason. */
export async function profileFilm(film: Film, signal?: AbortSignal): Promise<FilmProfile> {
  const profiler = createProfiler(film.frames, film.dim);
  for await (const block of blocksOf(film, rowsPerBlock(film.dim), signal)) profiler.add(block);
  return profiler.finish();
}
