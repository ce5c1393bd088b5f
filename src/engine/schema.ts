/**
 * The tables. A film's rows carry the number of the push that brought them; the push counts from the moment its one row
 * stands in `giallo_films`. Searches see no other rows of `giallo_frames` (of a push that died, or was replaced).
 *
 *     one server                    a cluster
 *     giallo_films   (rows)         giallo_films   ─► giallo_films_local   on each shard
 *     giallo_frames  (rows)         giallo_frames  ─► giallo_frames_local  on each shard
 *
 * A film lies whole on one shard, by the hash of its name. Statements read and write only `giallo_films` and
 * `giallo_frames`, and are the same for one server and for a cluster.
 */
import { GialloError } from '../errors.js';
import type { Connection } from './connection.js';

/** Raised with every change of the tables that an older or newer giallo could not work with. */
export const schemaVersion = 1;

/** What the tables were made for, as their comment says. */
export interface Schema {
  readonly version: number;
  readonly cluster: string | undefined;
}

/** The names of the tables that hold rows on the server itself: on one server, or on the servers of a cluster. */
export function localTables(cluster: string | undefined) {
  return cluster === undefined
    ? { films: 'giallo_films', frames: 'giallo_frames' }
    : { films: 'giallo_films_local', frames: 'giallo_frames_local' };
}

/**
 * Creates the database and the tables if they are missing, and leaves existing ones as they are. `beforehand` is a
 * connection that does not need the database. Errors: `engine-schema` if there are tables of another version or for
 * another cluster.
 */
export async function createTables(beforehand: Connection, connection: Connection): Promise<void> {
  const { database, cluster } = connection.address;
  await beforehand.command({
    sql: 'CREATE DATABASE IF NOT EXISTS {database:Identifier}',
    parameters: { database },
  });
  const existing = await readSchema(connection);
  if (existing && (existing.version !== schemaVersion || existing.cluster !== cluster)) {
    throw differs(connection, existing);
  }
  for (const sql of [...tableStatements({ version: schemaVersion, cluster }), ...columnStatements(cluster)]) {
    await connection.command({ sql, parameters: {} });
  }
}

/** Drops the tables of this server with all films in them; the database stays. */
export async function dropTables(connection: Connection): Promise<void> {
  for (const table of ['giallo_films', 'giallo_frames', 'giallo_films_local', 'giallo_frames_local']) {
    await connection.command({ sql: `DROP TABLE IF EXISTS ${table} SYNC`, parameters: {} });
  }
}

/** The version and the cluster of this server's tables, from their comment; undefined if there are no tables. */
export async function readSchema(connection: Connection): Promise<Schema | undefined> {
  const [row] = await connection.select<{ comment: string }>({
    sql: `SELECT comment FROM system.tables
      WHERE database = currentDatabase() AND name = 'giallo_frames'`,
    parameters: {},
  });
  if (!row) return undefined;
  const found = /^giallo (\d+)(?: on (\S+))?$/.exec(row.comment);
  return { version: Number(found?.[1] ?? Number.NaN), cluster: found?.[2] };
}

/**
 * The schema of the tables. Errors: `engine-schema` if they are missing, of another version, or for another cluster.
 */
export async function requireSchema(connection: Connection): Promise<Schema> {
  const schema = await readSchema(connection);
  if (!schema) {
    throw new GialloError('engine-schema', `${connection.address.label}: giallo's tables are missing`, {
      hint: '`giallo engine init` makes them',
    });
  }
  const { cluster } = connection.address;
  const isOther = cluster !== undefined && schema.cluster !== cluster;
  if (schema.version !== schemaVersion || isOther) throw differs(connection, schema);
  return schema;
}

function differs({ address }: Connection, { version, cluster }: Schema): GialloError {
  const found = Number.isNaN(version) ? 'of something else' : `of version ${version}${onCluster(cluster)}`;
  return new GialloError(
    'engine-schema',
    `${address.label}: expected tables of version ${schemaVersion}${onCluster(address.cluster)}, found those ${found}`,
    { hint: '`giallo engine drop` and `giallo engine init` make them again; then push the films again' },
  );
}

function onCluster(cluster: string | undefined): string {
  return cluster === undefined ? '' : ` on cluster ${cluster}`;
}

/**
 * `digest` lets equal rows be fetched once. The granules of `frames` are small, so that reading one row costs 1 MiB and
 * not 10. `embeddings_crc` and `filenames_crc` are those of the archive, '' in an `.npy`. `times` are the moments of
 * the frames (`textOfTimes`), '' if they are not known.
 */
function tableStatements({ version, cluster }: Schema): string[] {
  const comment = `COMMENT 'giallo ${version}${cluster === undefined ? '' : ` on ${cluster}`}'`;
  const local = localTables(cluster);
  const films = `CREATE TABLE IF NOT EXISTS ${local.films} (
    film String, push UInt64, frames UInt32, dim UInt32, zero UInt32, non_finite UInt32, dtype String,
    compression String, bytes UInt64, raw_bytes UInt64, embeddings_crc String, filenames_crc String,
    checksum UInt64, pushed_at DateTime DEFAULT now(), times String
  ) ENGINE = ReplacingMergeTree(push) ORDER BY film ${comment}`;
  const frames = `CREATE TABLE IF NOT EXISTS ${local.frames} (
    push UInt64, film LowCardinality(String), frame UInt32, shot UInt32, filename String, n2 Float64,
    vector Array(Float32) CODEC(NONE), digest UInt64 MATERIALIZED sipHash64(vector)
  ) ENGINE = MergeTree ORDER BY (push, frame) SETTINGS index_granularity_bytes = 1048576 ${comment}`;
  if (cluster === undefined) return [films, frames];
  const distributed = (table: string, over: string) =>
    `CREATE TABLE IF NOT EXISTS ${table} AS ${over}
     ENGINE = Distributed('${cluster}', currentDatabase(), '${over}', cityHash64(film)) ${comment}`;
  return [
    films,
    frames,
    distributed('giallo_films', local.films),
    distributed('giallo_frames', local.frames),
  ];
}

/** Statements that add the columns which tables of this version lack if an earlier giallo made them. */
function columnStatements(cluster: string | undefined): string[] {
  const tables = new Set([localTables(cluster).films, 'giallo_films']);
  return [...tables].map((table) => `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS times String`);
}
