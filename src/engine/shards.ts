/** The servers of a cluster, and which of them answer. */
import type { Connection } from './connection.js';
import { localTables } from './schema.js';

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
  // A shard without the tables is passed over as one that is down, so both are looked for.
  const answering = await connection.select<{ shard: number; tables: number }>(
    {
      sql: `SELECT shardNum() AS shard, toFloat64(countIf(database = {database:String} AND name = {table:String})) AS tables
        FROM cluster({cluster:String}, system.tables) GROUP BY shard`,
      parameters: { cluster, database: connection.address.database, table: localTables(cluster).frames },
    },
    { settings: { skip_unavailable_shards: 1 } },
  );
  const tablesOf = new Map(answering.map(({ shard, tables }) => [shard, tables]));
  return known.map(({ shard, servers }) => {
    const tables = tablesOf.get(shard);
    return { shard, servers, state: tables === undefined ? 'down' : tables > 0 ? 'up' : 'no tables' };
  });
}
