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
  readonly onNotice: (text: string) => Promise<void>;
}

/** The fingerprint of a film in a dump: another content in the files has another one. */
export function fingerprintOf(film: BatchFilm, form: FinishedFilesOptions['form']): string {
  return form.fingerprintOf?.(film) ?? film.fingerprint;
}

/**
 * The files that can stay, by film; the others are removed, and `onNotice` is told why. Of a film that is not asked
 * about now it is not known which films it would be searched in: its file stays unless one of those it was made from
 * has changed, or is gone.
 */
export async function finishedFiles(
  found: Manifest | undefined,
  plan: TopkPlan,
  options: FinishedFilesOptions,
): Promise<Map<string, FinishedFile>> {
  const finished = new Map<string, FinishedFile>();
  const removed = new Map<string, string[]>();
  for (const [film, file] of found?.files ?? []) {
    const reason = await reasonToRemove(film, file, found as Manifest, plan, options);
    if (reason === undefined) finished.set(film, file);
    else {
      removeFile(join(options.folder, file.file));
      removed.set(reason, [...(removed.get(reason) ?? []), file.file]);
    }
  }
  for (const [reason, files] of removed)
    await options.onNotice(`${options.folder}: ${reason}: ${firstOf(files, mostNamed)}`);
  return finished;
}

async function reasonToRemove(
  film: string,
  file: FinishedFile,
  { inputs }: Manifest,
  plan: TopkPlan,
  { folder, onlyTargets, form }: FinishedFilesOptions,
): Promise<string | undefined> {
  const path = join(folder, file.file);
  const now = await measureFile(path).catch((error: NodeJS.ErrnoException) => {
    // Only what is known to be wrong is removed.
    if (error.code !== 'ENOENT') throw fileError('read', path, error);
    return undefined;
  });
  if (now?.bytes !== file.bytes || now.crc32 !== file.crc32) return 'modified since written; removed';
  const madeFrom = new Set([film, ...file.searched]);
  const changed = plan.films
    .filter(({ entry: { name } }) => madeFrom.has(name))
    .filter((film) => inputs.get(film.entry.name) !== fingerprintOf(film, form))
    .map(({ entry }) => entry.name);
  if (changed.length > 0) return `made before ${firstOf(changed, mostNamed)} changed; removed`;
  const target = plan.targets.find(({ entry }) => entry.name === film);
  if (target && file.file !== safeFileName(film, form.ending))
    return 'named by the rules of another version; removed';
  if (target) {
    const scope = plan.scopeOf(target).map(({ entry }) => entry.name);
    return JSON.stringify(scope) === JSON.stringify(file.searched)
      ? undefined
      : 'made from other films; removed';
  }
  if (onlyTargets) return 'film no longer asked about; removed';
  const gone = [...madeFrom].filter((name) => !plan.known.has(name));
  // A file that shares no film with the collection is of another one.
  return gone.length > 0 && gone.length < madeFrom.size
    ? `made before ${firstOf(gone, mostNamed)} left the collection; removed`
    : undefined;
}
