/**
 * What a dump's folder says of itself, in `manifest.json`: how it was made, from what, and which files are whole. It
 * holds no times and no paths of the machine, so that an interrupted dump ends as an undisturbed one does.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, GialloError } from '../errors.js';
import { withOutputs } from '../files/outputs.js';

export interface Manifest {
  readonly v: 1;
  /** Everything that the answers depend on beside the films. */
  readonly parameters: Readonly<Record<string, string | number | null>>;
  /** The films that were read, by name: what tells their content from another. */
  readonly inputs: Readonly<Record<string, string>>;
  /** The finished files, by film. */
  readonly files: Readonly<Record<string, FinishedFile>>;
}

export interface FinishedFile {
  readonly file: string;
  readonly bytes: number;
  /** CRC-32 of the file, eight hexadecimal digits. */
  readonly crc32: string;
  /** The films that were searched for it, by name; their content is in `inputs`. */
  readonly searched: readonly string[];
}

const manifestName = 'manifest.json';

/** The manifest of a folder; undefined where there is none. Errors: `input-malformed`, `file-unreadable`. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, manifestName);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (manifest.v === 1 && manifest.parameters && manifest.inputs && manifest.files) return manifest;
  } catch {
    // Said below, as for JSON of another kind.
  }
  throw new GialloError('input-malformed', `${path}: expected the manifest of a dump, found something else`, {
    hint: 'name another folder, or start over with --force',
  });
}

/** Writes the manifest whole; its entries are sorted, so that the order in which films finished does not show. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const sorted = { ...manifest, inputs: sortedByName(manifest.inputs), files: sortedByName(manifest.files) };
  await withOutputs({ force: true, sources: [] }, async (outputs) => {
    const file = await outputs.create(join(folder, manifestName));
    await file.writeFile(`${JSON.stringify(sorted, null, 1)}\n`);
  });
}

/** Throws `dump-differs`, naming the first difference, where a dump was begun with other parameters. */
export function requireSameParameters(folder: string, found: Manifest, wanted: Manifest['parameters']): void {
  const names = new Set([...Object.keys(found.parameters), ...Object.keys(wanted)]);
  for (const name of names) {
    const [before, now] = [found.parameters[name] ?? null, wanted[name] ?? null];
    if (before === now) continue;
    throw new GialloError(
      'dump-differs',
      `${folder}: the dump there was begun with ${name} ${before ?? 'unset'}, now it is ${now ?? 'unset'}`,
      {
        hint: 'name another folder with -o, or start over with --force',
      },
    );
  }
}

function sortedByName<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
