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
  const judge = new Judge(found, plan, searched, options);
  for (const [film, file] of found.files) {
    const judged = await judge.judge(film, file);
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

/** Says of each file of an earlier run whether it can stay. What it needs of a list is found once for all its files. */
class Judge {
  readonly #plan: TopkPlan;
  readonly #searched: readonly string[];
  readonly #options: FinishedFilesOptions;
  readonly #targets: ReadonlyMap<string, BatchFilm>;
  /** The films with another fingerprint than before, in order. */
  readonly #changed: readonly string[];
  readonly #lists = new Map<readonly string[], ListOfFilms>();

  constructor(
    { inputs }: Manifest,
    plan: TopkPlan,
    searched: readonly string[],
    options: FinishedFilesOptions,
  ) {
    [this.#plan, this.#searched, this.#options] = [plan, searched, options];
    this.#targets = new Map(plan.targets.map((target) => [target.entry.name, target]));
    this.#changed = plan.films
      .filter((film) => inputs.get(film.entry.name) !== dumpFingerprint(film, options.form))
      .map(({ entry }) => entry.name);
  }

  /** The entry with which the file of a film stays, or the reason why it cannot. */
  async judge(film: string, file: FinishedFile): Promise<FinishedFile | string> {
    if (await isModified(join(this.#options.folder, file.file), file)) return 'modified since written';
    const { names } = this.#listOf(file);
    const changed = this.#changed.filter((name) => name === film || names.has(name));
    if (changed.length > 0) return `made before ${firstOf(changed, mostNamed)} changed`;
    const target = this.#targets.get(film);
    if (target) return this.#judgeTarget(target, file);
    return this.#options.onlyTargets ? 'film no longer asked about' : this.#judgeOther(film, file);
  }

  #judgeTarget(target: BatchFilm, file: FinishedFile): FinishedFile | string {
    const { name } = target.entry;
    if (file.file !== safeFileName(name, this.#options.form.ending))
      return 'named by the rules of another version';
    return this.#isSame(file, name) && file.itself === this.#plan.isFoundByItself(target)
      ? { ...file, searched: this.#searched }
      : 'made from other films';
  }

  #judgeOther(film: string, file: FinishedFile): FinishedFile | string {
    const list = this.#listOf(file);
    const isInList = list.names.has(film);
    const gone = isInList || this.#plan.known.has(film) ? list.gone : [film, ...list.gone];
    // A file that shares no film with the collection is of another one.
    const isOfAnother = gone.length === list.names.size + (isInList ? 0 : 1);
    if (gone.length > 0 && !isOfAnother) return `made before ${firstOf(gone, mostNamed)} left the collection`;
    return this.#isSame(file, film) ? { ...file, searched: this.#searched } : file;
  }

  /** Whether the same films were searched, but for its own, as are for the files that are made now. */
  #isSame(file: FinishedFile, film: string): boolean {
    return this.#listOf(file).differing.every((name) => name === film);
  }

  #listOf({ searched }: FinishedFile): ListOfFilms {
    const known = this.#lists.get(searched);
    if (known) return known;
    const list = {
      names: new Set(searched),
      gone: searched.filter((name) => !this.#plan.known.has(name)),
      differing: differing(searched, this.#searched),
    };
    this.#lists.set(searched, list);
    return list;
  }
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
