/** The servers of a cluster, and which of them answer. */
import type { Connection, StatementOptions } from './connection.js';

export interface Shard {
  /** From 1. */
  readonly shard: number;
  /** `host:port` of its replicas, as the server's configuration has them. */
  readonly servers: readonly string[];
  readonly isUp: boolean;
}

/** The shards of the cluster as the server of the connection knows them. */
export async function listShards(
  connection: Connection,
  cluster: string,
  options: StatementOptions = {},
): Promise<Shard[]> {
  const known = await connection.select<{ shard: number; servers: string[] }>(
    {
      sql: `SELECT shard_num AS shard, groupArray(concat(host_name, ':', toString(port))) AS servers
        FROM system.clusters WHERE cluster = {cluster:String} GROUP BY shard_num ORDER BY shard_num`,
      parameters: { cluster },
    },
    options,
  );
  const up = await connection.select<{ shard: number }>(
    {
      sql: 'SELECT DISTINCT shardNum() AS shard FROM cluster({cluster:String}, system.one)',
      parameters: { cluster },
    },
    { ...options, settings: { skip_unavailable_shards: 1 } },
  );
  const answering = new Set(up.map(({ shard }) => shard));
  return known.map(({ shard, servers }) => ({ shard, servers, isUp: answering.has(shard) }));
}
