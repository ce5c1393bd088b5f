/**
 * A dump in a folder: a file for each film, which is complete or does not exist, and a manifest of the complete files.
 * If it is killed at any moment and run again, it continues with the missing films, and ends with the same files.
 */
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { isFilmFile } from '../collection/names.js';
import { GialloError } from '../errors.js';
import { hex32, safeFileName } from '../files/file-names.js';
import { withLock } from '../files/lock.js';
import { identityOf, type Outputs, withOutputs } from '../files/outputs.js';
import { makeFolder, removeFile } from '../files/temporary-files.js';
import { type FrameNeighbors, searchedFor, type TopkPlan } from '../reports/topk.js';
import type { BatchFilm } from '../search/batch/batch-films.js';
import { dumpFingerprint, finishedFiles } from './finished-files.js';
import {
  type FinishedFile,
  type Manifest,
  measureFile,
  readManifest,
  requireSameParameters,
  writeManifest,
} from './manifest.js';

/** How a film's frames are written. */
export interface DumpForm {
  /** The ending of its files, with the dot. */
  readonly ending: string;
  /** Errors: `output-too-large` if a film has too many frames to be written. */
  requireRoom?(film: string, frames: number): void;
  /** Identifies the content of a film that goes into the files; by default the film's fingerprint. */
  fingerprintOf?(film: BatchFilm): string;
  /** `searched` gives the names of the films that neighbours were looked for in, in order. */
  write(
    outputs: Outputs,
    path: string,
    frames: readonly FrameNeighbors[],
    film: { readonly entry: Target['entry']; searched(): readonly string[] },
  ): Promise<void>;
}

export interface DumpOptions {
  readonly folder: string;
  readonly form: DumpForm;
  readonly parameters: Manifest['parameters'];
  /** The vectors of `--without`. */
  readonly without?: readonly Float32Array[] | undefined;
  /** Whether to start over, and remove the files of an existing dump. */
  readonly force: boolean;
  /** Whether to remove the files of films that are not asked about, which otherwise stay. */
  readonly onlyTargets?: boolean | undefined;
  /** Called with the files that were removed, and why. */
  readonly onNotice: (text: string) => Promise<void>;
  /** Called with the number of complete files, each time there is one more. */
  readonly onFile?: ((complete: number) => void) | undefined;
}

/** Numbers of files of a dump: of those that were written now, and of those that were kept. */
export interface DumpOutcome {
  readonly written: number;
  readonly kept: number;
}

/**
 * Makes the dump, or what is missing of it. Errors: `dump-differs`, `dump-locked`, `input-malformed` for a folder with
 * another `manifest.json`, `output-exists`, `usage` if a film would be written over, `output-too-large`,
 * `file-unwritable`, and those of reading the films.
 */
export async function dump(plan: TopkPlan, options: DumpOptions): Promise<DumpOutcome> {
  const { folder, form, parameters } = options;
  const leftOut = leftOutChecksum(options.without);
  for (const { entry, frames } of plan.targets) form.requireRoom?.(entry.name, frames);
  makeFolder(folder);
  return withLock(folder, async () => {
    const found = await foundManifest(options);
    await requireFreePaths(plan, found !== undefined, options);
    const searched = plan.found.map(({ entry }) => entry.name);
    const files = found
      ? await finishedFiles(found, plan, searched, { ...options, leftOut })
      : new Map<string, FinishedFile>();
    const kept = plan.targets.filter(({ entry }) => files.has(entry.name)).length;
    const isMissing = ({ entry }: Target) => !files.has(entry.name);
    const save = () =>
      writeManifest(folder, {
        parameters,
        inputs: inputsOf(plan, files, found, options),
        leftOut,
        files,
        unfinished: plan.targets.filter(isMissing).map(({ entry }) => safeFileName(entry.name, form.ending)),
      });
    await save();
    options.onFile?.(kept);

    let written = 0;
    const saveSometimes = throttled(save);
    try {
      await plan.run(isMissing, async (target, frames) => {
        files.set(target.entry.name, { ...(await writeFilm(target, frames, plan, options)), searched });
        written++;
        await saveSometimes();
        options.onFile?.(kept + written);
      });
    } catch (error) {
      // The first error is the one to tell.
      await save().catch(() => undefined);
      throw error;
    }
    if (written > 0) await save();
    return { written, kept };
  });
}

/** The same for the same vectors in any order; undefined if there are none. */
export function leftOutChecksum(vectors: readonly Float32Array[] = []): string | undefined {
  const sums = vectors.map((vector) =>
    crc32(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength)),
  );
  return sums.length === 0 ? undefined : hex32(crc32(sums.sort().join()));
}

/**
 * Calls `save` only now and then: at most a twentieth of the time goes into it. A manifest grows with the films, and
 * must not be written for each of many small ones. Films that it does not name yet are made again if the dump is killed.
 */
function throttled(save: () => Promise<void>): () => Promise<void> {
  let next = 0;
  return async () => {
    const start = performance.now();
    if (start < next) return;
    await save();
    const end = performance.now();
    next = end + 19 * (end - start);
  };
}

type Target = TopkPlan['targets'][number];

async function foundManifest({ folder, force, parameters }: DumpOptions): Promise<Manifest | undefined> {
  if (!force) {
    const found = await readManifest(folder);
    if (found) requireSameParameters(folder, found, parameters);
    for (const file of found?.unfinished ?? []) removeFile(join(folder, file));
    return found;
  }
  const replaced = await readManifest(folder).catch(() => undefined);
  const finished = [...(replaced?.files.values() ?? [])].map(({ file }) => file);
  for (const file of [...finished, ...(replaced?.unfinished ?? [])]) removeFile(join(folder, file));
  return undefined;
}

/**
 * Requires, before the work, that no file of the dump would overwrite a film, or become one beside films; and in a folder
 * without a dump, that no such file exists, unless it may be replaced. Errors: `usage`, `output-exists`.
 */
async function requireFreePaths(
  { films, targets }: TopkPlan,
  isDump: boolean,
  { folder, form, force }: DumpOptions,
): Promise<void> {
  const hint = 'name another folder with -o';
  const sources = new Set(await Promise.all(films.map(({ entry }) => identityOf(entry.path))));
  for (const { entry } of targets) {
    const path = join(folder, safeFileName(entry.name, form.ending));
    const found = await identityOf(path);
    if (found === undefined) continue;
    if (sources.has(found))
      throw new GialloError('usage', `${path}: is a film; giallo does not write over films`, { hint });
    if (isDump || force) continue;
    const message = `${path}: already exists, and was not written by a dump`;
    throw new GialloError('output-exists', message, { hint: `${hint}, or replace it with --force` });
  }
  if (!isFilmFile(form.ending)) return;
  const homes = await Promise.all(films.map(({ entry }) => identityOf(dirname(entry.path))));
  if (homes.includes(await identityOf(folder)))
    throw new GialloError('usage', `${folder}: holds films, and a dump's .npz files would be films there`, {
      hint,
    });
}

/** The films that the files are made from, with the fingerprint of each. */
function inputsOf(
  plan: TopkPlan,
  files: ReadonlyMap<string, FinishedFile>,
  found: Manifest | undefined,
  { form }: DumpOptions,
): Manifest['inputs'] {
  const lists = new Set([...files.values()].map(({ searched }) => searched));
  const used = new Set([...files.keys(), ...[...lists].flat()]);
  const before = [...(found?.inputs ?? [])].filter(([film]) => used.has(film));
  const now = plan.films.map((film): [string, string] => [film.entry.name, dumpFingerprint(film, form)]);
  return new Map([...before, ...now]);
}

async function writeFilm(
  target: Target,
  frames: readonly FrameNeighbors[],
  plan: TopkPlan,
  { folder, form }: DumpOptions,
): Promise<Omit<FinishedFile, 'searched'>> {
  const file = safeFileName(target.entry.name, form.ending);
  const path = join(folder, file);
  const searched = () => searchedFor(plan, target).map(({ entry }) => entry.name);
  await withOutputs({ force: true, sources: [] }, (outputs) =>
    form.write(outputs, path, frames, { entry: target.entry, searched }),
  );
  return { file, ...(await measureFile(path)), itself: plan.isFoundByItself(target) };
}
