/**
 * A dump in a folder: a file a film, each whole or not there, and a manifest of those that are. Killed at any moment
 * and run again, it goes on with the films that are missing and ends with the same files.
 */
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { fileError } from '../errors.js';
import { type Outputs, withOutputs } from '../files/outputs.js';
import type { FrameNeighbors, TopkPlan } from '../reports/topk.js';
import { withLock } from './lock.js';
import {
  type FinishedFile,
  type Manifest,
  readManifest,
  requireSameParameters,
  writeManifest,
} from './manifest.js';

/** How a film's frames are written. */
export interface DumpForm {
  /** The ending of its files, with the dot. */
  readonly ending: string;
  write(outputs: Outputs, path: string, frames: readonly FrameNeighbors[]): Promise<void>;
}

export interface DumpOptions {
  readonly folder: string;
  readonly form: DumpForm;
  readonly parameters: Manifest['parameters'];
  /** Start over, whatever is there. */
  readonly force: boolean;
  /** Told what was found and is not taken over. */
  readonly onNotice: (text: string) => Promise<void>;
}

type Target = TopkPlan['targets'][number];

/**
 * Makes the dump, or what is missing of it; returns how many files were written and how many were there. Errors:
 * `dump-differs`, `dump-locked`, `input-malformed`, `file-unwritable`, and those of reading the films.
 */
export async function dump(plan: TopkPlan, options: DumpOptions): Promise<{ written: number; kept: number }> {
  const { folder, form, parameters, force, onNotice } = options;
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw fileError('write', folder, error);
  });
  return withLock(folder, async () => {
    const found = force ? undefined : await readManifest(folder);
    if (found) requireSameParameters(folder, found, parameters);
    await removeLeftovers(folder);
    const inputs = Object.fromEntries(
      measuredFilms(plan).map(({ entry, fingerprint }) => [entry.name, fingerprint]),
    );
    const files = new Map(Object.entries(await stillValid(found, plan, inputs, options)));
    const save = () =>
      writeManifest(folder, {
        v: 1,
        parameters,
        inputs: { ...found?.inputs, ...inputs },
        files: Object.fromEntries(files),
      });
    await save();

    let written = 0;
    const isMissing = ({ entry }: Target) => !files.has(entry.name);
    await plan.run(isMissing, async (target, frames) => {
      const file = fileNameOf(target.entry.name) + form.ending;
      await withOutputs({ force: true, sources: [] }, (outputs) =>
        form.write(outputs, join(folder, file), frames),
      );
      const searched = plan.scopeOf(target).map(({ entry }) => entry.name);
      files.set(target.entry.name, { file, ...(await measureFile(join(folder, file))), searched });
      await save();
      written++;
    });
    if (written > 0 && plan.targets.length > written) {
      await onNotice(
        `${folder}: ${plan.targets.length - written} of ${plan.targets.length} films were done already`,
      );
    }
    return { written, kept: plan.targets.length - written };
  });
}

function measuredFilms(plan: TopkPlan): Target[] {
  return [...new Set(plan.targets.flatMap((target) => [target, ...plan.scopeOf(target)]))];
}

/** The finished files that are whole and whose films, own and searched, are as they were; the others are removed. */
async function stillValid(
  found: Manifest | undefined,
  plan: TopkPlan,
  inputs: Readonly<Record<string, string>>,
  { folder, onNotice }: DumpOptions,
): Promise<Record<string, FinishedFile>> {
  if (!found) return {};
  const isChanged = (film: string) => inputs[film] !== undefined && inputs[film] !== found.inputs[film];
  const changed = Object.keys(found.inputs).filter(isChanged);
  if (changed.length > 0) await onNotice(`changed since the dump was begun: ${changed.join(', ')}`);
  const valid: Record<string, FinishedFile> = {};
  for (const [film, finished] of Object.entries(found.files)) {
    const path = join(folder, finished.file);
    const now = await measureFile(path).catch(() => undefined);
    const isWhole = now?.bytes === finished.bytes && now.crc32 === finished.crc32;
    const isCurrent = ![film, ...finished.searched].some(isChanged) && isOfScope(finished, film, plan);
    if (isWhole && isCurrent) valid[film] = finished;
    else {
      await onNotice(`${path}: ${isWhole ? 'made from other films' : 'not as it was written'}, made anew`);
      await rm(path, { force: true });
    }
  }
  return valid;
}

/** True where the films that were searched are those that would be now; of films not asked about nothing is known. */
function isOfScope({ searched }: FinishedFile, film: string, plan: TopkPlan): boolean {
  const target = plan.targets.find(({ entry }) => entry.name === film);
  if (!target) return true;
  const scope = plan.scopeOf(target).map(({ entry }) => entry.name);
  return scope.length === searched.length && scope.every((name, i) => name === searched[i]);
}

async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (/^\.giallo-[0-9a-f]+\.tmp$/.test(name)) await rm(join(folder, name), { force: true });
  }
}

async function measureFile(path: string): Promise<{ bytes: number; crc32: string }> {
  const file = await open(path);
  try {
    let bytes = 0;
    let sum = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
      bytes += chunk.length;
      sum = crc32(chunk, sum);
    }
    return { bytes, crc32: sum.toString(16).padStart(8, '0') };
  } finally {
    await file.close();
  }
}

/** A film named by a path, or with a character that some file system forbids, as a file name. */
function fileNameOf(film: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return film.replace(/[%/\\:*?"<>|\u0000-\u001f]/g, (character) =>
    encodeURIComponent(character).replace('*', '%2A'),
  );
}
