/**
 * `giallo explore`: a folder of pages that show a collection. The data files of the films are a dump; the files about
 * all films together are made after them. If it is killed at any moment and run again, it ends with the same files.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Collection } from '../collection/collection.js';
import type { FilmEntry } from '../collection/film.js';
import { typedName } from '../collection/names.js';
import { dump, leftOutChecksum } from '../dump/dump.js';
import type { Parameter } from '../dump/manifest.js';
import { addressFrom, hex32, safeFileName } from '../files/file-names.js';
import { withLock } from '../files/lock.js';
import { makeFolder } from '../files/temporary-files.js';
import type { Sharp } from '../pictures/load-sharp.js';
import type { PictureFolder } from '../pictures/picture-folder.js';
import { askCompare } from '../reports/compare.js';
import { askDuplicates } from '../reports/duplicates.js';
import type { AskedAboutPairs } from '../reports/film-pairs.js';
import { askPairs } from '../reports/pairs.js';
import { describeShots } from '../reports/shots.js';
import type { TopkPlan } from '../reports/topk.js';
import type { SkippedFilm } from '../search/answer.js';
import type { BatchFilm, BatchFilms } from '../search/batch/batch-films.js';
import { readVectors } from '../search/batch/block-rows.js';
import { measureFilms } from '../search/batch/measure-films.js';
import type { SearchContext } from '../search/context.js';
import { batchDefaults } from '../search/question.js';
import { jobsOf } from '../threads/concurrency.js';
import type { TimesOfFilms } from '../times/times-of-films.js';
import { version } from '../version.js';
import { filmData, homeFilm, readFilmData } from './film-data.js';
import { type LanesRequest, planLanes } from './lanes.js';
import {
  dataPath,
  type HomeData,
  type HomeFilm,
  mostGroups,
  mostRuns,
  packMap,
  type TimesData,
  timesPath,
} from './site-data.js';
import { dataScript, readDataScript, removeFromSite, writeDataScript, writePages } from './site-files.js';
import { makePictures, pictureFolders, removeOtherPictures, removeOthers } from './site-pictures.js';

export interface SiteRequest extends LanesRequest {
  /** The folder of the site. */
  readonly folder: string;
  readonly collection: Collection;
  /** The films of the site. Neighbours are looked for only among these. */
  readonly films: readonly FilmEntry[];
  /**
   * Vectors of frames, and `leftOut` their names: frames that show the same picture as one of these are left out
   * everywhere.
   */
  readonly without?: readonly Float32Array[] | undefined;
  readonly leftOut?: readonly string[] | undefined;
  /** Undefined for a site without pictures. */
  readonly pictures: PictureFolder | undefined;
  /** Shrinks the pictures; if it is undefined, the originals are linked. */
  readonly sharp: Sharp | undefined;
  /** The times of a film's frames, and its video; undefined if they are not known. */
  readonly timesOf?: TimesOfFilms['of'] | undefined;
  /** Options of every command that the pages copy. */
  readonly options: readonly string[];
  /** Whether the films are all films of the collection. */
  readonly isWhole: boolean;
  /** Whether to start over in a folder that holds a site made with other options. */
  readonly force: boolean;
  readonly onNotice: (text: string) => Promise<void>;
  /** Called with the number of whole data files of films, each time there is one more. */
  readonly onFile?: ((whole: number) => void) | undefined;
}

export interface SiteOutcome {
  readonly written: number;
  readonly kept: number;
  readonly skipped: readonly SkippedFilm[];
  /** Paths of pictures that cannot be read. */
  readonly broken: readonly string[];
}

/**
 * Makes the site, or what is missing of it. Errors: `dump-differs` and `dump-locked` as a dump's, `output-exists` if
 * the folder holds other files, `file-unwritable`, `films-skipped`, and those of reading films.
 */
export async function buildSite(request: SiteRequest, context: SearchContext): Promise<SiteOutcome> {
  const { folder } = request;
  makeFolder(folder);
  return withLock(folder, async () => {
    await writePages(folder);
    for (const place of ['data', 'times', ...pictureFolders]) makeFolder(join(folder, place));
    const measured = await measureFilms(request, context);
    const key = keyOf(measured, request);
    const shared = await askShared(key, measured, request);
    const plan = planLanes(
      measured,
      request,
      shared.map(({ question }) => question),
      context,
    );
    const { written, kept } = await dumpFilms(plan, request, context);
    for (const { path, answer } of shared)
      await writeDataScript(folder, path, { v: 1, key, ...(await answer(context)) });
    const { films, broken } = await makeFilms(plan, request, context);
    await writeHome(key, films, plan, request);
    return { written, kept, skipped: plan.skipped, broken };
  });
}

/** Name of a film's files in the site, without their endings. */
function fileOf(film: string): string {
  return safeFileName(film, '.js').slice(0, -'.js'.length);
}

/** The data files of the films, as a dump. */
async function dumpFilms(plan: TopkPlan, request: SiteRequest, context: SearchContext) {
  const { folder, without, force, onNotice, onFile } = request;
  const films = new Map(plan.films.map((film) => [film.entry.name, film]));
  const shotOf = (film: string, index: number) => films.get(film)?.shots.shotOf[index] ?? 0;
  return dump(plan, {
    folder: join(folder, 'data'),
    form: {
      ending: '.js',
      async write(outputs, path, frames, { entry }) {
        const file = await outputs.create(path);
        const film = films.get(entry.name) as BatchFilm;
        const report = describeShots(film, await readVectors(film, context.reading));
        await file.writeFile(dataScript(dataPath(fileOf(entry.name)), filmData(frames, report, shotOf)));
      },
    },
    parameters: parametersOf(request),
    without,
    force,
    onlyTargets: true,
    onNotice,
    onFile,
  });
}

/** Everything that the data depends on, except the films themselves. */
function parametersOf({
  k,
  perShot,
  minScore,
  shotThreshold,
  leftOut = [],
}: SiteRequest): Map<string, Parameter> {
  return new Map<string, Parameter>([
    ['format', 'explore'],
    ['form', 2],
    ['k', k],
    ...(perShot === undefined ? [] : [['perShot', perShot] as const]),
    ['minScore', minScore ?? null],
    ['shotThreshold', shotThreshold ?? null],
    ...(leftOut.length === 0 ? [] : [['without', leftOut] as const]),
  ]);
}

/** The pictures of the films, and what the first page knows of each film. */
async function makeFilms(plan: TopkPlan, request: SiteRequest, context: SearchContext) {
  const { folder, collection, pictures, sharp } = request;
  const films: HomeFilm[] = [];
  const broken: string[] = [];
  const total = plan.targets.reduce((sum, { frames }) => sum + frames, 0);
  let done = 0;
  const onFrame = () => context.onProgress?.({ done: ++done, total, unit: 'pictures' });
  for (const { entry, filenames } of plan.targets) {
    const film = { name: entry.name, file: fileOf(entry.name), filenames };
    const { signal } = context;
    const made =
      pictures &&
      (await makePictures(film, { folder, pictures, sharp, jobs: jobsOf(context), signal, onFrame }));
    broken.push(...(made?.broken ?? []));
    const data = await readFilmData(folder, film.file);
    const times = await makeTimes(entry, film.file, request);
    const { path } = entry;
    const isElsewhere = typedName(entry, collection.folder) === path;
    films.push({ ...homeFilm(film.file, data, made?.data, times), ...(isElsewhere ? { path } : {}) });
  }
  const withPictures = films.filter(({ hasPictures }) => hasPictures).map(({ file }) => file);
  await removeOtherPictures(folder, new Set(withPictures));
  await removeOthers(folder, 'times', new Set(films.map(({ file }) => `${file}.js`)));
  return { films, broken };
}

async function makeTimes(
  entry: FilmEntry,
  file: string,
  { folder, timesOf }: SiteRequest,
): Promise<TimesData | undefined> {
  const known = await timesOf?.(entry);
  if (!known) {
    await removeFromSite(join(folder, timesPath(file)));
    return undefined;
  }
  const { seconds, video } = known;
  const times: TimesData = {
    v: 1,
    seconds: Array.from(seconds),
    ...(video === null ? {} : { video: addressFrom(folder, video) }),
  };
  await writeDataScript(folder, timesPath(file), times);
  return times;
}

/** A key of everything that the answers about all films together depend on. */
function keyOf({ films }: BatchFilms, request: SiteRequest): string {
  const inputs = films.map(({ entry, fingerprint }) => [entry.name, fingerprint]);
  const leftOut = leftOutChecksum(request.without);
  const added = leftOut === undefined ? [] : [leftOut];
  const text = JSON.stringify([version, batchDefaults.pairs.k, [...parametersOf(request)], inputs, ...added]);
  return hex32(crc32(text));
}

/** A question about all films together, and the file that its answer goes to. */
interface SharedFile extends AskedAboutPairs<object> {
  readonly path: string;
}

/** The map, the match cuts and the re-used footage, if their files are missing or have another key. */
async function askShared(key: string, measured: BatchFilms, request: SiteRequest): Promise<SharedFile[]> {
  const isOld = async (path: string) =>
    (await readDataScript<{ readonly key?: string }>(request.folder, path))?.key !== key;
  const files = [];
  if (await isOld('map.js')) files.push(askMap(measured, request));
  if (await isOld('pairs.js')) files.push(askMatchCuts(measured, request));
  if (await isOld('reused.js')) files.push(askReused(measured, request));
  return files;
}

function askMap(measured: BatchFilms, request: SiteRequest): SharedFile {
  const { question, answer } = askCompare(measured, request);
  return { path: 'map.js', question, answer: async (context) => packMap(await answer(context)) };
}

function askMatchCuts(measured: BatchFilms, { films }: SiteRequest): SharedFile {
  const withinFilms = measured.films.length === 1;
  const { question, answer } = askPairs(measured, { ...batchDefaults.pairs, films, withinFilms });
  return {
    path: 'pairs.js',
    question,
    async answer(context) {
      const { pairs } = await answer(context);
      return { pairs };
    },
  };
}

function askReused(measured: BatchFilms, { films }: SiteRequest): SharedFile {
  const request = { ...batchDefaults.duplicates, films, acrossFilms: false };
  const { question, answer } = askDuplicates(measured, request);
  return {
    path: 'reused.js',
    question,
    async answer(context) {
      const { groups } = await answer(context);
      const shown = groups
        .slice(0, mostGroups)
        .map((group) => ({ ...group, runs: group.runs.slice(0, mostRuns) }));
      return { groups: shown, allGroups: groups.length };
    },
  };
}

async function writeHome(
  key: string,
  films: readonly HomeFilm[],
  { skipped }: TopkPlan,
  { folder, collection, k, perShot, options, isWhole, minScore, leftOut = [] }: SiteRequest,
): Promise<void> {
  const notes = [
    ...skipped.map(({ film, message }) => `${film}: ${message}`),
    ...leftOut.map((name) => `what is the same picture as ${name}`),
  ];
  const home: HomeData = {
    v: 1,
    key,
    version,
    folder: films.every(({ path }) => path !== undefined) ? '' : collection.folder,
    k,
    perShot: perShot ?? null,
    minScore: minScore ?? null,
    options,
    filters: leftOut.flatMap((name) => ['--without', name]),
    isWhole,
    notes,
    films,
  };
  await writeDataScript(folder, 'home.js', home);
}
