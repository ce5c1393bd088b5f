/** What an engine is like: its version, its tables, its servers and what lies on them. */
import type { Connection } from './connection.js';
import { localTables, readSchema, schemaVersion } from './schema.js';
import { listShards, type Shard } from './shards.js';
import { listFilms } from './stored-films.js';

export interface EngineState {
  readonly engine: string;
  /** ClickHouse's own version. */
  readonly version: string;
  readonly database: string;
  readonly cluster: string | null;
  /** The version of giallo's tables; null where there are none. */
  readonly schema: number | null;
  readonly films: number;
  readonly frames: number;
  readonly shards: readonly ShardState[];
}

export interface ShardState {
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
export async function engineState(connection: Connection): Promise<EngineState> {
  const { label, database } = connection.address;
  const [{ version }] = await connection.select<{ version: string }>({
    sql: 'SELECT version() AS version',
    parameters: {},
  });
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
