/**
 * Peers that people install from npm. They are not dependencies of giallo: `--peers` installs each of them separately,
 * into a folder beside the films. Those that cannot be installed are reported as missing.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { arrayScores, resultScores } from './answers.js';
import type { Contender, Workbench } from './case.js';
import { type Collection, dataFolder } from './collection.js';

const versions = {
  usearch: '^2.16.0',
  'better-sqlite3': '^12.0.0',
  'sqlite-vec': '^0.1.6',
  // All its versions are pre-releases, so a range could match only those of one release.
  '@duckdb/node-api': '1.5.6-r.1',
} as const;
type PackageName = keyof typeof versions;

/** The folder in which they are installed. */
const packagesFolder = `${dataFolder}/packages`;

/** Installs packages that are missing. Prints a line for each that cannot be installed. */
export async function installPackages(tell: (line: string) => Promise<void>): Promise<void> {
  await mkdir(packagesFolder, { recursive: true });
  if (!existsSync(`${packagesFolder}/package.json`))
    await writeFile(`${packagesFolder}/package.json`, '{"private":true}\n');
  for (const [name, version] of Object.entries(versions)) {
    if (isInstalled(name)) continue;
    const words = ['install', '--no-audit', '--no-fund', '--prefix', packagesFolder, `${name}@${version}`];
    const reason = await promisify(execFile)('npm', words).then(() => undefined, reasonOf);
    if (reason !== undefined) await tell(`${name} cannot be installed: ${reason}`);
  }
}

/** The error message of npm, after its code. */
function reasonOf({ stderr, message }: Error & { readonly stderr?: string }): string {
  const said = stderr?.match(/^npm error (?!code )(.*)$/m)?.[1];
  return said ?? message.trim();
}

function isInstalled(name: string): boolean {
  return existsSync(`${packagesFolder}/node_modules/${name}/package.json`);
}

/** Why a contender cannot run; undefined if all packages that it needs are installed. */
export function missingPackage({ packages = [] }: Contender): string | undefined {
  const missing = packages.find((name) => !isInstalled(name as PackageName));
  return missing && `${missing} is not installed; --peers installs it`;
}

/** All their sums are in float32. */
const tolerance = 1e-5;

/** Contenders that find the `k` nearest frames, in all films, of the frame at `row` of the first film. */
export async function packagePeersOfOne(
  bench: Workbench,
  collection: Collection,
  row: string,
  k: string,
): Promise<Contender[]> {
  const [film] = collection.filmNames;
  return (await peersOf(bench, collection)).map(({ name, packages, script, source }) => ({
    name,
    packages,
    command: bench.peer(
      script,
      packagesFolder,
      source,
      ...(script.startsWith('duckdb') ? [film] : []),
      row,
      k,
    ),
    answer: resultScores,
    tolerance,
  }));
}

/** For so many frames the peers find the nearest ones; all frames would take them an hour. */
const asked = 100;

/** Contenders that find the `k` nearest frames of each of the first frames. */
export async function packagePeersOfMany(
  bench: Workbench,
  collection: Collection,
  k: string,
): Promise<Contender[]> {
  const rows = Math.min(asked, collection.frames);
  const [film] = collection.filmNames;
  return (await peersOf(bench, collection)).map(({ name, packages, script, source }) => {
    const target = bench.output(`${script}.npy`);
    const words = [source, ...(script.startsWith('duckdb') ? [film] : []), `0-${rows}`, k, target];
    return {
      name: `${name}, ${rows} frames of ${collection.films * collection.frames}`,
      packages,
      command: bench.peer(script, packagesFolder, ...words),
      writes: [target],
      answer: () => arrayScores(target),
      isPartial: true,
      tolerance,
    };
  });
}

interface PackagePeer {
  readonly name: string;
  readonly packages: readonly PackageName[];
  readonly script: string;
  /** The path of its vectors. */
  readonly source: string;
}

/** The peers. For those that can run, the vectors are written in the form that they need. */
async function peersOf(bench: Workbench, collection: Collection): Promise<PackagePeer[]> {
  const vectors = await bench.vectors(collection);
  const [database, parquet] = [`${collection.folder}.sqlite`, `${collection.folder}-parquet`];
  const peers: PackagePeer[] = [
    { name: 'usearch, exact', packages: ['usearch'], script: 'usearch_exact.mjs', source: vectors },
    {
      name: 'sqlite-vec',
      packages: ['better-sqlite3', 'sqlite-vec'],
      script: 'sqlite_vec.mjs',
      source: database,
    },
    {
      name: 'DuckDB, array_cosine_similarity',
      packages: ['@duckdb/node-api'],
      script: 'duckdb_cosine.mjs',
      source: parquet,
    },
  ];
  if (isInstalled('sqlite-vec') && isInstalled('better-sqlite3') && !existsSync(database))
    await bench.run(bench.peer('sqlite_vec.mjs', packagesFolder, database, 'fill', vectors));
  if (isInstalled('@duckdb/node-api') && !existsSync(parquet)) {
    const films = collection.filmNames.map((_, number) => collection.film(number));
    await bench.run(bench.giallo('convert', ...films, '--to', 'parquet', '-o', parquet, '--quiet'));
  }
  return peers;
}
