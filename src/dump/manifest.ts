/**
 * The `manifest.json` of a dump: how the dump was made, from which films, and which files are complete. It has no times
 * and no paths of the machine, so that a dump that was interrupted ends with the same files as any other.
 */
import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { fileError, GialloError, orUndefined } from '../errors.js';
import { hex32 } from '../files/file-names.js';
import { openWithRetries, readingFlags } from '../files/open-files.js';
import { writeWhole } from '../files/outputs.js';

export interface Manifest {
  /** Everything on which the answers depend, except the films. */
  readonly parameters: ReadonlyMap<string, Parameter>;
  /** The fingerprints of the films that were read, by name. */
  readonly inputs: ReadonlyMap<string, string>;
  /** The checksum of the vectors that were left out, which may be of other films; earlier versions noted none. */
  readonly leftOut?: string | undefined;
  /** The finished files, by film. */
  readonly files: ReadonlyMap<string, FinishedFile>;
  /** The names of files that were still to be made; some may be there, if the dump was killed. */
  readonly unfinished: readonly string[];
}

export type Parameter = string | number | readonly string[] | null;

export interface FinishedFile extends FileMeasure {
  readonly file: string;
  /**
   * The names of the films that were searched for it; their fingerprints are in `inputs`. Whether its own film was,
   * only `itself` says. Files share one array, which the manifest has once: a list for each of many films would make it
   * grow with their square.
   */
  readonly searched: readonly string[];
  /** Whether its own film was searched. */
  readonly itself: boolean;
}

const manifestName = 'manifest.json';

/** The manifest of a folder; undefined if there is none. Errors: `input-malformed`, `file-unreadable`. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const path = join(folder, manifestName);
  let text: string;
  try {
    text = await readFile(path, { encoding: 'utf8', flag: readingFlags });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
  const manifest = parseManifest(text);
  if (manifest) return manifest;
  throw new GialloError('input-malformed', `${path}: not the manifest of a dump`, {
    hint: 'name another folder, or start over with --force',
  });
}

/**
 * Writes the manifest. Its entries are sorted, so that it does not depend on the order in which films were finished.
 */
export async function writeManifest(
  folder: string,
  { parameters, inputs, leftOut, files, unfinished }: Manifest,
): Promise<void> {
  const sorted = sortedRecord(files);
  const lists = [...new Set(Object.values(sorted).map(({ searched }) => searched))];
  const numberOf = new Map(lists.map((names, number) => [names, number]));
  const stored = Object.entries(sorted).map(
    ([film, { file, bytes, crc32, searched, itself }]): [string, StoredFile] => [
      film,
      { file, bytes, crc32, searched: numberOf.get(searched) as number, itself },
    ],
  );
  const manifest = {
    v: 2,
    parameters: Object.fromEntries(parameters),
    inputs: sortedRecord(inputs),
    leftOut,
    searched: lists,
    files: Object.fromEntries(stored),
    ...(unfinished.length > 0 && { unfinished }),
  };
  await writeWhole(join(folder, manifestName), `${JSON.stringify(manifest, null, 1)}\n`);
}

/** Errors: `dump-differs`, naming the first difference, if a dump was begun with other parameters. */
export function requireSameParameters(
  folder: string,
  { parameters: before }: Manifest,
  now: Manifest['parameters'],
): void {
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    // Manifests of earlier versions do not say how the films were read.
    if (name === 'reading' && !before.has(name)) continue;
    const [expected, found] = [before, now].map((parameters) => describe(parameters.get(name)));
    if (expected === found) continue;
    const isDistance = name === 'cutoff' && now.get('metric') === 'euclidean';
    const option = isDistance ? '--max-distance' : (optionOf[name] ?? name);
    const made = name === 'reading' ? madeReading(expected, found) : madeWith(option, expected, found);
    throw new GialloError('dump-differs', `${folder}: made ${made}`, {
      hint: 'name another folder with -o, or start over with --force',
    });
  }
}

/** How a dump was made, and not now; at least one of the values is set. */
function madeWith(option: string, expected: string | undefined, found: string | undefined): string {
  if (expected === undefined) return `without ${option}, not with ${found}`;
  return `with ${option} ${expected}, not ${found ?? 'without'}`;
}

/** The same of options as they were typed. */
function madeReading(expected: string | undefined, found: string | undefined): string {
  return expected === undefined ? `without ${found}` : `with ${expected}`;
}

/** The options that set parameters, as they are typed. */
const optionOf: Readonly<Record<string, string>> = {
  k: '-k',
  metric: '--metric',
  excludeNear: '--exclude-near',
  perFilm: '--per-film',
  perShot: '--per-shot',
  minScore: '--min-score',
  cutoff: '--min-score',
  ceiling: '--max-score',
  without: '--without',
  shotThreshold: '--shot-threshold',
};

/** A parameter as text; undefined if it is not set, or an empty list. */
function describe(value: Parameter | undefined): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'object') return String(value);
  return value.length === 0 ? undefined : value.join(', ');
}

function sortedRecord<T>(entries: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function parseManifest(text: string): Manifest | undefined {
  const found: unknown = orUndefined(() => JSON.parse(text));
  if (!isRecord(found) || (found.v !== 1 && found.v !== 2)) return undefined;
  const { parameters, inputs, leftOut, files, searched: lists = [], unfinished = [] } = found;
  if (
    !isRecord(parameters) ||
    !isRecord(inputs) ||
    !isRecord(files) ||
    !Array.isArray(lists) ||
    !Array.isArray(unfinished) ||
    !unfinished.every(isNameInFolder)
  )
    return undefined;
  const finished = new Map<string, FinishedFile>();
  for (const [film, entry] of Object.entries(files)) {
    const file = finishedFile(film, entry, lists);
    if (!file) return undefined;
    finished.set(film, file);
  }
  if (!Object.values(parameters).every(isParameter)) return undefined;
  return {
    parameters: mapOf<Parameter>(parameters),
    inputs: mapOf<string>(inputs),
    leftOut: typeof leftOut === 'string' ? leftOut : undefined,
    files: finished,
    unfinished,
  };
}

function isParameter(value: unknown): value is Parameter {
  const isList = Array.isArray(value) && value.every((item) => typeof item === 'string');
  return isList || value === null || typeof value === 'string' || typeof value === 'number';
}

/** The entry of a film's file. Version 1 has a list in each entry, with the film itself if it was searched. */
function finishedFile(film: string, entry: unknown, lists: readonly unknown[]): FinishedFile | undefined {
  if (!isRecord(entry) || !isNameInFolder(entry.file)) return undefined;
  const { searched, ...file } = entry as unknown as StoredFile;
  if (Array.isArray(searched)) return { ...file, searched, itself: searched.includes(film) };
  const names = lists[searched];
  return Array.isArray(names) ? { ...file, searched: names } : undefined;
}

/** An entry as the manifest has it: `searched` is the number of its list. */
type StoredFile = Omit<FinishedFile, 'searched'> & { readonly searched: number };

/** Whether an entry names a file in the folder itself, without a path: files of these names may be removed. */
function isNameInFolder(file: unknown): boolean {
  return typeof file === 'string' && basename(file) === file && !/^\.{0,2}$/.test(file);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function mapOf<T>(record: Readonly<Record<string, unknown>>): Map<string, T> {
  return new Map(Object.entries(record as Readonly<Record<string, T>>));
}

interface FileMeasure {
  readonly bytes: number;
  /** CRC-32 of the file, eight hexadecimal digits. */
  readonly crc32: string;
}

/** Reads a file whole, in flat memory. Errors of the file system, unchanged. */
export async function measureFile(path: string): Promise<FileMeasure> {
  const file = await openWithRetries(() => open(path, readingFlags));
  try {
    let bytes = 0;
    let sum = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
      bytes += chunk.length;
      sum = crc32(chunk, sum);
    }
    return { bytes, crc32: hex32(sum) };
  } finally {
    await file.close();
  }
}
