/** The state of an engine: its version, its tables, its servers, and how many films and frames they hold. */
import { GialloError } from '../errors.js';
import type { Connection } from './connection.js';
import { portHint } from './engine-errors.js';
import { localTables, readSchema, schemaVersion } from './schema.js';
import { listFilms } from './stored-films.js';

export interface EngineState {
  readonly engine: string;
  /** ClickHouse's own version. */
  readonly version: string;
  readonly database: string;
  readonly cluster: string | null;
  /** The version of giallo's tables; null if there are none. */
  readonly schema: number | null;
  readonly films: number;
  readonly frames: number;
  readonly shards: readonly ShardState[];
}

interface ShardState {
  readonly shard: number;
  readonly servers: readonly string[];
  readonly state: Shard['state'];
  readonly frames: number;
  /** Rows that no film owns: of pushes that broke off, were replaced, or are under way. */
  readonly deadRows: number;
  /** What its tables take on the disk. */
  readonly bytes: number;
}

/** Asks every server of the engine; those that do not answer are `down`, and the films on them not counted. */
export async function readState(connection: Connection): Promise<EngineState> {
  const { label, database } = connection.address;
  const [asked] = await connection.select<{ version?: string }>({
    sql: 'SELECT version() AS version',
    parameters: {},
  });
  const version = asked?.version;
  // Another web server may answer anything with an empty page, or with its own JSON.
  if (version === undefined) {
    const message = `${label}: the server at ${connection.address.endpoint} is not ClickHouse`;
    throw new GialloError('engine-unreachable', message, { hint: portHint });
  }
  const schema = await readSchema(connection);
  const known = { engine: label, version, database, cluster: schema?.cluster ?? null };
  if (schema?.version !== schemaVersion) {
    return { ...known, schema: schema?.version ?? null, films: 0, frames: 0, shards: [] };
  }
  const films = await listFilms(connection, partial);
  return {
    ...known,
    schema: schema.version,
    films: films.length,
    frames: films.reduce((sum, film) => sum + film.frames, 0),
    shards: await shardStates(connection, schema.cluster),
  };
}

/** What of a server can be known while others are down. */
const partial = { settings: { skip_unavailable_shards: 1 } } as const;

async function shardStates(connection: Connection, cluster: string | undefined): Promise<ShardState[]> {
  const server = connection.address.endpoint.replace(/^https?:\/\//, '');
  const shards: readonly Shard[] =
    cluster === undefined
      ? [{ shard: 0, servers: [server], state: 'up' }]
      : await listShards(connection, cluster);
  const { database } = connection.address;
  const rows = await connection.select<{ shard: number; frames: number; deadRows: number }>(
    {
      sql: `SELECT shardNum() AS shard,
          toFloat64(countIf(push GLOBAL IN (SELECT push FROM giallo_films FINAL))) AS frames,
          toFloat64(count()) - frames AS deadRows
        FROM giallo_frames GROUP BY shard`,
      parameters: {},
    },
    partial,
  );
  const parts = cluster === undefined ? 'system.parts' : 'cluster({cluster:String}, system.parts)';
  const sizes = await connection.select<{ shard: number; bytes: number }>(
    {
      sql: `SELECT shardNum() AS shard, toFloat64(sum(bytes_on_disk)) AS bytes FROM ${parts}
        WHERE active AND database = {database:String} AND table IN {tables:Array(String)} GROUP BY shard`,
      parameters: { database, tables: Object.values(localTables(cluster)), ...(cluster && { cluster }) },
    },
    partial,
  );
  return shards.map(({ shard, servers, state }) => {
    const { frames = 0, deadRows = 0 } = rows.find((one) => one.shard === shard) ?? {};
    const { bytes = 0 } = sizes.find((one) => one.shard === shard) ?? {};
    return { shard: Math.max(1, shard), servers, state, frames, deadRows, bytes };
  });
}

export interface Shard {
  /** From 1. */
  readonly shard: number;
  /** `host:port` of its replicas, as the server's configuration has them. */
  readonly servers: readonly string[];
  /** `no tables`: it answers, and giallo's tables are not there. */
  readonly state: 'up' | 'down' | 'no tables';
}

/** The shards of the cluster as the server of the connection knows them. */
export async function listShards(connection: Connection, cluster: string): Promise<Shard[]> {
  const known = await connection.select<{ shard: number; servers: string[] }>({
    sql: `SELECT shard_num AS shard, groupArray(concat(host_name, ':', toString(port))) AS servers
        FROM system.clusters WHERE cluster = {cluster:String} GROUP BY shard_num ORDER BY shard_num`,
    parameters: { cluster },
  });
  // ClickHouse skips a shard without the tables like one that is down, so this looks for both.
  const answering = await connection.select<{ shard: number; tables: number }>(
    {
      sql: `SELECT shardNum() AS shard, toFloat64(countIf(database = {database:String} AND name = {table:String})) AS tables
        FROM cluster({cluster:String}, system.tables) GROUP BY shard`,
      parameters: { cluster, database: connection.address.database, table: localTables(cluster).frames },
    },
    partial,
  );
  const tablesOf = new Map(answering.map(({ shard, tables }) => [shard, tables]));
  return known.map(({ shard, servers }) => {
    const tables = tablesOf.get(shard);
    return { shard, servers, state: tables === undefined ? 'down' : tables > 0 ? 'up' : 'no tables' };
  });
}

/** The JSON that `giallo engine status --json` prints. */
export interface EngineReport extends EngineState {
  readonly v: 1;
}
