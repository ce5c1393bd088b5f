/** Facts about the films of an answer, for pages and timelines: their lengths, their shots and their colours. */
import { type FilmEntry, withFilm } from '../../collection/film.js';
import type { Engine } from '../../engine/engine.js';
import { catchGiallo } from '../../errors.js';
import type { Sharp } from '../../pictures/load-sharp.js';
import type { PictureFolder } from '../../pictures/picture-folder.js';
import { averageColour } from '../../pictures/thumbnail.js';
import { findShots, type Steps } from '../../ranking/shots.js';
import type { FilmLengths } from '../../render/film-lines.js';
import type { FramePlace } from '../../search/answer.js';
import { fromIndex, openIndexOf, type SearchContext } from '../../search/context.js';
import { profileFilm } from '../../search/film-profile.js';
import type { IndexedFilm } from '../../search-index/open-index.js';
import { filmsAtOnce, forEachConcurrently, jobsOf } from '../../threads/concurrency.js';

export interface FilmFacts {
  readonly lengths: FilmLengths;
  /** Undefined if shots were not asked for, if the film cannot be read, and for films of stills. */
  shotOf(frame: FramePlace): number | undefined;
}

interface FactsWanted {
  /** Whether shots are wanted. For shots a film is read whole, for its length only its header. */
  readonly shots: boolean;
  readonly shotThreshold?: number | undefined;
}

/**
 * Lengths come from the films' headers. Shots come from the search index, if it is fresh; otherwise the films with
 * results are read a second time. (Keeping the similarity of consecutive frames of all films during the search would
 * cost more, since most films have no result.) A film that cannot be read has no facts; never throws a GialloError.
 */
export async function filmFacts(
  films: readonly FilmEntry[],
  wanted: FactsWanted,
  context: SearchContext,
): Promise<FilmFacts> {
  const lengths = new Map<string, number>();
  const shots = new Map<string, Int32Array>();
  const setShots = ({ name }: FilmEntry, shotOf: Int32Array | undefined) => shotOf && shots.set(name, shotOf);
  const { engine } = context;
  const index = wanted.shots && !engine ? await openIndexOf(context) : undefined;
  try {
    await forEachConcurrently(films, filmsAtOnce(context), async (entry) => {
      await catchGiallo(async () => {
        if (engine) {
          lengths.set(entry.name, engine.stored(entry).frames);
          if (wanted.shots) setShots(entry, await storedShots(engine, entry));
          return;
        }
        const { frames, steps } =
          (await fromIndex(index, entry, indexedFacts)) ?? (await readFacts(entry, wanted, context));
        lengths.set(entry.name, frames);
        const found = steps && findShots(steps, wanted.shotThreshold);
        if (found?.kind !== 'stills') setShots(entry, found?.shotOf);
      });
    });
  } finally {
    index?.close();
  }
  return { lengths, shotOf: ({ film, index: frame }) => shots.get(film)?.[frame] };
}

/** The shots; undefined for a film of stills, where each frame is a shot. */
async function storedShots(engine: Engine, entry: FilmEntry): Promise<Int32Array | undefined> {
  const shotOf = await engine.shotOf(entry);
  return shotOf?.some((shot, frame) => shot !== frame) ? shotOf : undefined;
}

interface Facts {
  readonly frames: number;
  /** Undefined if shots are not wanted. */
  readonly steps: Steps | undefined;
}

function indexedFacts({ sketches, rows }: IndexedFilm): Facts {
  return { frames: sketches.meta.frames, steps: rows().profile() };
}

function readFacts(
  entry: FilmEntry,
  wanted: FactsWanted,
  { reading, signal }: SearchContext,
): Promise<Facts> {
  return withFilm(entry, reading, async (film) => ({
    frames: film.frames,
    steps: wanted.shots ? await profileFilm(film, signal) : undefined,
  }));
}

/** The most pictures that are read for one page, and for one film. Each takes some two milliseconds. */
const mostPictures = 480;
const mostOfFilm = 96;

/**
 * Maps the names of films to average colours of frames, taken evenly along each film. A frame without a picture has no
 * colour, and a film that cannot be read has none; never throws a GialloError.
 */
export async function filmColours(
  films: readonly FilmEntry[],
  { pictures, sharp }: { readonly pictures: PictureFolder; readonly sharp: Sharp },
  context: SearchContext,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const most = Math.min(mostOfFilm, Math.floor(mostPictures / films.length));
  const colours = new Map<string, readonly string[]>();
  for (const entry of films) {
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
