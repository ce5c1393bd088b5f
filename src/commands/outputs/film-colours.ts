/** The colours along films, for pages that show films from the first frame to the last. */
import { type FilmEntry, withFilm } from '../../collection/film.js';
import { entriesOf, type TypedFilms } from '../../collection/resolve-film.js';
import { catchGiallo } from '../../errors.js';
import type { Sharp } from '../../pictures/load-sharp.js';
import type { PictureFolder } from '../../pictures/picture-folder.js';
import { averageColour } from '../../pictures/thumbnail.js';
import type { SearchContext } from '../../search/context.js';
import { forEachConcurrently, jobsOf } from '../../threads/concurrency.js';

/** The most pictures that are read for one page, and for one film. Each takes some two milliseconds. */
const mostPictures = 480;
const mostOfFilm = 96;

/**
 * Maps the names of films to average colours of frames, taken evenly along each film. A frame without a picture has no
 * colour, and a film that cannot be read has none; never throws a GialloError.
 */
export async function filmColours(
  films: Iterable<string>,
  typed: TypedFilms,
  { pictures, sharp }: { readonly pictures: PictureFolder; readonly sharp: Sharp },
  context: SearchContext,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const entries = await entriesOf(films, typed);
  const most = Math.min(mostOfFilm, Math.floor(mostPictures / entries.length));
  const colours = new Map<string, readonly string[]>();
  for (const entry of entries) {
    await catchGiallo(async () => {
      const names = await filenamesOf(entry, context);
      const places = Array.from({ length: Math.min(most, names.length) }, () => '');
      await forEachConcurrently([...places.keys()], jobsOf(context), async (place) => {
        context.signal?.throwIfAborted();
        const filename = names[Math.floor(((place + 0.5) / places.length) * names.length)];
        const path = await pictures.find({ film: entry.name, filename });
        if (path !== null) places[place] = (await averageColour(path, sharp)) ?? '';
      });
      if (places.some(Boolean)) colours.set(entry.name, places);
    });
  }
  return colours;
}

async function filenamesOf(entry: FilmEntry, { engine, reading }: SearchContext): Promise<readonly string[]> {
  if (engine) return engine.filenames(entry);
  return (await withFilm(entry, reading, (film) => film.readFilenames())).filenames;
}
