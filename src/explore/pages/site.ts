/** Loads the data files when pages need them, and turns addresses into pages and back. */
import { useLayoutEffect, useReducer } from 'preact/hooks';
import {
  dataPath,
  type FilmData,
  type HomeData,
  type HomeFilm,
  nameAt,
  nearlyBlack,
  type Packed,
  type PicturesData,
  picturesPath,
  smallPicture,
  type TimesData,
  timesPath,
  unpack,
} from '../site-data.js';

/** A data file: being loaded (neither property), loaded, or failed. */
type Loaded = { readonly data?: unknown; readonly failure?: string };

const isLoading = ({ data, failure }: Loaded) => data === undefined && failure === undefined;

const files = new Map<string, Loaded>();
/**
 * For each file, the callbacks that redraw what shows its data. Nothing else is redrawn, since a page may show many
 * films.
 */
const watchers = new Map<string, Set<() => void>>();

function settle(path: string, loaded: Loaded): void {
  files.set(path, loaded);
  for (const watcher of [...(watchers.get(path) ?? [])]) watcher();
}

/** Each data file calls this function when it is loaded. */
Object.assign(window, { giallo: (path: string, data: unknown) => settle(path, { data }) });

function load(path: string): Loaded {
  const known = files.get(path);
  if (known) return known;
  const loading = {};
  files.set(path, loading);
  const script = document.createElement('script');
  script.src = path.split('/').map(encodeURIComponent).join('/');
  script.charset = 'utf-8';
  script.onload = () => {
    script.remove();
    if (files.get(path) === loading) settle(path, { failure: `${path} holds something else` });
  };
  script.onerror = () => settle(path, { failure: `${path} cannot be loaded` });
  document.head.append(script);
  return loading;
}

/** The data of a file; undefined while it is being loaded, if it cannot be loaded, and if `path` is undefined. */
export function useData<T>(path: string | undefined): T | undefined {
  const [loaded] = useFiles(path === undefined ? [] : [path]);
  return loaded?.data as T | undefined;
}

function useFiles(paths: readonly string[]): readonly Loaded[] {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  // In a layout effect, since a file may be loaded before the next paint.
  useLayoutEffect(() => {
    const watcher = () => redraw(undefined);
    const all = paths.map((path) => {
      const ofPath = watchers.get(path) ?? new Set();
      watchers.set(path, ofPath.add(watcher));
      return ofPath;
    });
    return () => {
      for (const ofPath of all) ofPath.delete(watcher);
    };
  }, [paths.join()]);
  return paths.map(load);
}

/** What went wrong with a data file. */
export function failureOf(path: string): string | undefined {
  return files.get(path)?.failure;
}

/**
 * The data of a film, when its pictures and times are loaded too, or failed to: so the film is drawn once, not three
 * times.
 */
export function useFilm(film: HomeFilm | undefined): FilmData | undefined {
  const pictures = film?.hasPictures ? [picturesPath(film.file)] : [];
  const times = film?.seconds === undefined ? [] : [timesPath(film.file)];
  const files = useFiles(film ? [dataPath(film.file), ...pictures, ...times] : []);
  return files.some(isLoading) ? undefined : (files[0]?.data as FilmData | undefined);
}

/** The times of a film's frames; undefined if they are not known, or not loaded. */
export const useTimes = (film: HomeFilm | undefined) =>
  useData<TimesData>(film?.seconds === undefined ? undefined : timesPath(film.file));

/** How the picture of a frame is found. */
export interface FramePicture {
  /** Addresses to try, the best first; empty if the frame has no picture. */
  readonly sources: readonly string[];
  readonly isBroken: boolean;
}

/** The pictures of a film; undefined if it has none, or they are not loaded. */
export function usePictures(film: HomeFilm | undefined): PicturesData | undefined {
  return useData<PicturesData>(film?.hasPictures ? picturesPath(film.file) : undefined);
}

interface FrameName {
  readonly film: string;
  readonly index: number;
}

/**
 * The first `count` items, without those whose frames are all nearly black; none while the pictures are being loaded.
 */
export function useBright<T>(
  site: Site,
  items: readonly T[],
  framesOf: (item: T) => readonly FrameName[],
  count: number,
): readonly T[] {
  const some = items.slice(0, 4 * count);
  const names = [...new Set(some.flatMap((item) => framesOf(item).map(({ film }) => film)))];
  const withPictures = names.filter((name) => site.film(name)?.hasPictures);
  const files = useFiles(withPictures.map((name) => picturesPath(site.film(name)?.file ?? '')));
  if (files.some(isLoading)) return [];
  const isBlack = ({ film, index }: FrameName) => {
    const pictures = files[withPictures.indexOf(film)]?.data as PicturesData | undefined;
    if (!pictures?.colours || unpackOnce(pictures.states)[index] !== 1) return false;
    return Math.max(...unpackOnce(pictures.colours).subarray(3 * index, 3 * index + 3)) < nearlyBlack;
  };
  const bright = some.filter((item) => !framesOf(item).every(isBlack));
  return (bright.length > 0 ? bright : some).slice(0, count);
}

/** How to find the picture of a frame. For `large` the original is tried first, for `small` the small picture. */
export function pictureOf(
  film: HomeFilm,
  pictures: PicturesData | undefined,
  index: number,
  size: 'small' | 'large',
): FramePicture {
  if (!pictures) return { sources: [], isBroken: false };
  const state = unpackOnce(pictures.states)[index];
  if (state !== 1) return { sources: [], isBroken: state === 2 };
  const original = pictures.originals ? [nameAt(pictures.originals, index)] : [];
  const small = pictures.isSmall ? [smallPicture(film.file, index)] : [];
  return { sources: size === 'large' ? [...original, ...small] : [...small, ...original], isBroken: false };
}

const unpacked = new Map<Packed, Uint32Array>();

/** Unpacks a column at its first use, and remembers it. */
export function unpackOnce(packed: Packed): Uint32Array {
  const known = unpacked.get(packed);
  if (known) return known;
  // Forgets the columns of films that were looked at long ago.
  if (unpacked.size > 400) unpacked.clear();
  const numbers = unpack(packed);
  unpacked.set(packed, numbers);
  return numbers;
}

/** A page of the site. */
export type Place =
  | { readonly view: 'films' | 'cuts' | 'reused' }
  | { readonly view: 'map'; readonly film?: string; readonly other?: string }
  | { readonly view: 'film' | 'alike'; readonly film: string }
  | { readonly view: 'frame'; readonly film: string; readonly index: number };

/** The page that the part of an address after `#` names; the first page if it names none. */
export function placeOf(hash: string): Place {
  const [view, film, rest] = hash
    .replace(/^#?\/?/, '')
    .split('/')
    .map(decoded);
  if (view === 'cuts' || view === 'reused') return { view };
  if (view === 'map') return { view, ...(film ? { film } : {}), ...(rest ? { other: rest } : {}) };
  if (view === 'alike' && film) return { view, film };
  if (view !== 'film' || !film) return { view: 'films' };
  return rest && /^\d+$/.test(rest) ? { view: 'frame', film, index: Number(rest) } : { view: 'film', film };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function addressOf(place: Place): string {
  switch (place.view) {
    case 'films':
      return '#/';
    case 'map':
      return `#/${['map', place.film, place.other].flatMap((part) => (part ? [encodeURIComponent(part)] : [])).join('/')}`;
    case 'film':
    case 'alike':
      return `#/${place.view}/${encodeURIComponent(place.film)}`;
    case 'frame':
      return `#/film/${encodeURIComponent(place.film)}/${place.index}`;
    default:
      return `#/${place.view}`;
  }
}

/** The page that Esc leads to. */
export function placeAbove(place: Place): Place {
  if (place.view === 'frame' || place.view === 'alike') return { view: 'film', film: place.film };
  return place.view === 'map' && place.film ? { view: 'map' } : { view: 'films' };
}

export interface Site {
  readonly home: HomeData;
  film(name: string): HomeFilm | undefined;
}

const byName = new WeakMap<HomeData, Map<string, HomeFilm>>();

export function siteOf(home: HomeData): Site {
  const films = byName.get(home) ?? new Map(home.films.map((film) => [film.name, film]));
  byName.set(home, films);
  return { home, film: (name) => films.get(name) };
}
