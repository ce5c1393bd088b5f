/** A film read whole from its file, for tasks that score its rows. */
import { openFilm, type ReadingOptions } from '../../collection/film.js';
import { readAllRows } from '../../collection/held-rows.js';
import { GialloError } from '../../errors.js';
import { squaredNorm } from '../../kernel/scalar.js';
import { vectorsChecksum } from '../film-profile.js';
import type { TaskFilm } from './pair-task.js';
import type { FilmRows } from './score-pairs.js';

/**
 * All rows of a film. Errors: those of reading it, and `file-unreadable` where they are not those that were measured.
 */
export async function readFilmRows(
  { entry, checksum }: Pick<TaskFilm, 'entry' | 'checksum'>,
  reading: ReadingOptions | undefined,
): Promise<FilmRows> {
  const film = await openFilm(entry, reading);
  try {
    const { frames, dim } = film;
    const values = await readAllRows(film);
    if (vectorsChecksum(film, values) !== checksum) throw changed(entry.path);
    const squaredNorms = Float64Array.from({ length: frames }, (_, row) =>
      squaredNorm(values.subarray(row * dim, (row + 1) * dim)),
    );
    return { frames, dim, values, squaredNorms };
  } finally {
    await film.close();
  }
}

function changed(path: string): GialloError {
  return new GialloError(
    'file-unreadable',
    `${path}: expected the vectors that were there a moment ago, found others`,
    { hint: 'the file was replaced meanwhile; run the command again' },
  );
}
