/** `giallo doctor`: what a bug report needs, without the name of a film, a frame or a folder. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, release, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { openCollection } from '../collection/collection.js';
import { loadParquet } from '../convert/parquet-library.js';
import { catchGiallo, GialloError } from '../errors.js';
import { type KernelImplementation, preferredImplementation } from '../kernel/wasm.js';
import { loadSharp } from '../pictures/load-sharp.js';
import type { SearchContext } from '../search/context.js';
import type { Environment } from '../user-folders.js';
import { version } from '../version.js';
import { films } from './films.js';
import { indexStatus } from './search-index.js';

export interface DoctorReport {
  readonly v: 1;
  readonly giallo: string;
  readonly node: string;
  readonly system: {
    /** As Node.js calls them: `linux x64`, and the version of the kernel of the system. */
    readonly platform: string;
    readonly release: string;
    readonly threads: number;
    /** Bytes. */
    readonly memory: number;
  };
  /** How scores are computed. */
  readonly kernel: KernelImplementation;
  /** What the environment says of languages; null if it says nothing. */
  readonly locale: string | null;
  /** Names of giallo's variables that are set; their values are not reported. */
  readonly variables: readonly string[];
  readonly packages: readonly PackageState[];
  readonly terminal: TerminalState | null;
  /** The code of the error if the collection cannot be opened. */
  readonly collection: CollectionState | { readonly error: string };
  /** What searches find prepared; null without a collection. */
  readonly index: { readonly films: number; readonly fresh: number; readonly bytes: number } | null;
  readonly isCacheWritable: boolean;
}

/** An optional package. */
export interface PackageState {
  readonly name: string;
  /** Null if it is not installed. */
  readonly version: string | null;
  /** Whether it works on this machine. */
  readonly loads: boolean;
}

/** Of stdout; there is none if it is a file or a pipe. */
export interface TerminalState {
  readonly columns: number;
  /** As chalk counts: 0 none, 1 sixteen, 2 256 colours, 3 true colour. */
  readonly colourLevel: number;
  /** How `--pictures` would draw. */
  readonly pictures: string;
}

export interface CollectionState {
  readonly films: number;
  readonly frames: number;
  readonly bytes: number;
  /** Films by what their vectors are, most first. */
  readonly kinds: readonly { readonly dtype: string; readonly dim: number; readonly films: number }[];
  /** Films that cannot be opened, by the code of the error. */
  readonly unreadable: readonly { readonly code: string; readonly films: number }[];
}

interface DoctorRequest {
  readonly dataFolder: string;
  readonly cacheRoot: string;
  readonly env: Environment;
  readonly terminal: TerminalState | null;
}

/** Looks at everything; reads of films what `giallo films` reads. Never throws a GialloError. */
export async function diagnose(
  { dataFolder, cacheRoot, env, terminal }: DoctorRequest,
  surroundings: SearchContext = {},
): Promise<DoctorReport> {
  // Warnings name films.
  const context = { ...surroundings, onWarning: undefined };
  const collection = await catchGiallo(() => openCollection(dataFolder));
  const isOpen = !(collection instanceof GialloError);
  const index = isOpen ? await catchGiallo(() => indexStatus(collection, cacheRoot, context)) : undefined;
  const parquet = !((await catchGiallo(loadParquet)) instanceof GialloError);
  return {
    v: 1,
    giallo: version,
    node: process.version,
    system: {
      platform: `${process.platform} ${process.arch}`,
      release: release(),
      threads: availableParallelism(),
      memory: totalmem(),
    },
    kernel: preferredImplementation(),
    locale: env.LC_ALL || env.LC_CTYPE || env.LANG || null,
    variables: Object.keys(env)
      .filter((name) => name.startsWith('GIALLO_') && env[name])
      .sort(),
    packages: [
      packageState('sharp', (await loadSharp()) !== undefined),
      packageState('parquet-wasm', parquet),
      packageState('apache-arrow', parquet),
    ],
    terminal,
    collection: isOpen ? collectionState(await films(collection, context)) : { error: collection.code },
    index: index === undefined || index instanceof GialloError ? null : index.totals,
    isCacheWritable: isWritable(resolve(cacheRoot)),
  };
}

function collectionState({
  films: rows,
  totals,
  skipped,
}: Awaited<ReturnType<typeof films>>): CollectionState {
  const kinds = counts(rows.map(({ dtype, dim }) => JSON.stringify([dtype, dim]))).map(([kind, count]) => {
    const [dtype, dim] = JSON.parse(kind);
    return { dtype, dim, films: count };
  });
  const unreadable = counts(skipped.map(({ code }) => code)).map(([code, count]) => ({ code, films: count }));
  const { frames, bytes } = totals;
  return { films: totals.films + skipped.length, frames, bytes, kinds, unreadable };
}

/** Counts of equal items, the most frequent first. */
function counts(values: readonly string[]): [string, number][] {
  const found = new Map<string, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return [...found].sort((a, b) => b[1] - a[1]);
}

function packageState(name: string, loads: boolean): PackageState {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      const { version: found } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'));
      return { name, version: String(found), loads };
    } catch {
      // It may be in a folder further up.
    }
  }
  return { name, version: null, loads };
}

/** Whether files can be made in a folder, or the folder itself if it does not exist yet. */
function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return isMissing && folder !== dirname(folder) && isWritable(dirname(folder));
  }
}
