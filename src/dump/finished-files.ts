/** Which files of an interrupted dump can stay: complete files whose films have not changed. */
import { join } from 'node:path';
import { fileError } from '../errors.js';
import { safeFileName } from '../files/file-names.js';
import { removeFile } from '../files/temporary-files.js';
import type { TopkPlan } from '../reports/topk.js';
import type { BatchFilm } from '../search/batch/batch-films.js';
import { firstOf } from '../word-lists.js';
import { type FinishedFile, type Manifest, measureFile } from './manifest.js';

/** Files and films that one notice names. */
const mostNamed = 3;

interface FinishedFilesOptions {
  readonly folder: string;
  readonly onlyTargets?: boolean | undefined;
  readonly form: { readonly ending: string; fingerprintOf?(film: BatchFilm): string };
  /** The checksum of the vectors that are left out. */
  readonly leftOut: string | undefined;
  readonly onNotice: (text: string) => Promise<void>;
}

/** The fingerprint of a film in a dump: another content in the files has another one. */
export function dumpFingerprint(film: BatchFilm, form: FinishedFilesOptions['form']): string {
  return form.fingerprintOf?.(film) ?? film.fingerprint;
}

/**
 * The files that can stay, by film; the others are removed, and `onNotice` is told why. Of a film that is not asked
 * about now it is not known which films it would be searched in: its file stays unless one of those it was made from
 * has changed, or is gone. `searched` is the list of the files that are made now.
 */
export async function finishedFiles(
  found: Manifest,
  plan: TopkPlan,
  searched: readonly string[],
  options: FinishedFilesOptions,
): Promise<Map<string, FinishedFile>> {
  const finished = new Map<string, FinishedFile>();
  const removed = new Map<string, string[]>();
  const now = presentState(found, plan, searched, options);
  for (const [film, file] of found.files) {
    const judged = await judgeFile(film, file, now);
    if (typeof judged !== 'string') finished.set(film, judged);
    else {
      removeFile(join(options.folder, file.file));
      removed.set(judged, [...(removed.get(judged) ?? []), file.file]);
    }
  }
  for (const [reason, files] of removed)
    await options.onNotice(`${options.folder}: ${reason}; removed: ${firstOf(files, mostNamed)}`);
  return finished;
}

interface ListOfFilms {
  readonly names: ReadonlySet<string>;
  /** Those that the collection no longer has. */
  readonly gone: readonly string[];
  /** The names that only one of it and the list of the files that are made now has. */
  readonly differing: readonly string[];
}

/** What files of an earlier run are compared with. */
interface PresentState {
  readonly plan: TopkPlan;
  readonly searched: readonly string[];
  readonly options: FinishedFilesOptions;
  readonly targets: ReadonlyMap<string, BatchFilm>;
  /** Whether other vectors were left out, though their frames have the same names. */
  readonly isOtherLeftOut: boolean;
  /** The films with another fingerprint than before, in order. */
  readonly changed: readonly string[];
  /** What is known of the list of a file: found once for all files that share it. */
  listOf(file: FinishedFile): ListOfFilms;
}

function presentState(
  { inputs, leftOut }: Manifest,
  plan: TopkPlan,
  searched: readonly string[],
  options: FinishedFilesOptions,
): PresentState {
  const changed = plan.films
    .filter((film) => inputs.get(film.entry.name) !== dumpFingerprint(film, options.form))
    .map(({ entry }) => entry.name);
  const lists = new Map<readonly string[], ListOfFilms>();
  return {
    plan,
    searched,
    options,
    isOtherLeftOut: leftOut !== undefined && leftOut !== options.leftOut,
    targets: new Map(plan.targets.map((target) => [target.entry.name, target])),
    changed,
    listOf({ searched: names }) {
      const list = lists.get(names) ?? {
        names: new Set(names),
        gone: names.filter((name) => !plan.known.has(name)),
        differing: differing(names, searched),
      };
      lists.set(names, list);
      return list;
    },
  };
}

/** The entry with which the file of a film stays, or the reason why it cannot. */
async function judgeFile(
  film: string,
  file: FinishedFile,
  now: PresentState,
): Promise<FinishedFile | string> {
  const { folder, onlyTargets } = now.options;
  if (await isModified(join(folder, file.file), file)) return 'modified since written';
  if (now.isOtherLeftOut) return 'made before a frame of --without changed';
  const { names } = now.listOf(file);
  const changed = now.changed.filter((name) => name === film || names.has(name));
  if (changed.length > 0) return `made before ${firstOf(changed, mostNamed)} changed`;
  const target = now.targets.get(film);
  if (target) return judgeTarget(target, file, now);
  return onlyTargets ? 'film no longer asked about' : judgeOther(film, file, now);
}

function judgeTarget(target: BatchFilm, file: FinishedFile, now: PresentState): FinishedFile | string {
  const { name } = target.entry;
  if (file.file !== safeFileName(name, now.options.form.ending))
    return 'named by the rules of another version';
  return isOfSameFilms(name, file, now) && file.itself === now.plan.isFoundByItself(target)
    ? { ...file, searched: now.searched }
    : 'made from other films';
}

function judgeOther(film: string, file: FinishedFile, now: PresentState): FinishedFile | string {
  const list = now.listOf(file);
  const isInList = list.names.has(film);
  const gone = isInList || now.plan.known.has(film) ? list.gone : [film, ...list.gone];
  // A file that shares no film with the collection is of another one.
  const isOfAnother = gone.length === list.names.size + (isInList ? 0 : 1);
  if (gone.length > 0 && !isOfAnother) return `made before ${firstOf(gone, mostNamed)} left the collection`;
  return isOfSameFilms(film, file, now) ? { ...file, searched: now.searched } : file;
}

/** Whether the same films were searched, but for its own, as are for the files that are made now. */
function isOfSameFilms(film: string, file: FinishedFile, now: PresentState): boolean {
  return now.listOf(file).differing.every((name) => name === film);
}

async function isModified(path: string, { bytes, crc32 }: FinishedFile): Promise<boolean> {
  const now = await measureFile(path).catch((error: NodeJS.ErrnoException) => {
    // Only what is known to be wrong is removed.
    if (error.code !== 'ENOENT') throw fileError('read', path, error);
    return undefined;
  });
  return now?.bytes !== bytes || now.crc32 !== crc32;
}

/** The names that only one of two lists has. */
function differing(a: readonly string[], b: readonly string[]): string[] {
  const [inA, inB] = [new Set(a), new Set(b)];
  return [...a.filter((name) => !inB.has(name)), ...b.filter((name) => !inA.has(name))];
}
