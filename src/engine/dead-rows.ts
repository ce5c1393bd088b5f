/**
 * Rows that no film owns: of pushes that were replaced, and of pushes that died. No question sees them; they only take
 * room. They can be removed on the server that holds them alone, since a Distributed table deletes nothing.
 */
import { boundArray } from './bound-array.js';
import type { Connection } from './connection.js';
import { localTables } from './schema.js';

/** A push whose film is not committed may be under way: it is let be for a day. */
const graceMicroseconds = 24 * 3600 * 1e6;

/** Removes those that lie on the server of the connection; resolves to their number. */
export async function removeDeadRows(connection: Connection, cluster: string | undefined): Promise<number> {
  const { films, frames } = localTables(cluster);
  const dead = await connection.select<{ id: string; rows: number }>({
    sql: `SELECT toString(push) AS id, toFloat64(count()) AS rows
        FROM ${frames} AS one LEFT JOIN (SELECT film, push AS current FROM ${films} FINAL) AS film USING (film)
        WHERE push != current
        GROUP BY push
        HAVING push < max(current)
          OR intDiv(push, 4096) < toUnixTimestamp64Micro(now64(6)) - {grace:Int64}`,
    parameters: { grace: graceMicroseconds },
  });
  if (dead.length === 0) return 0;
  const pushes = boundArray(
    'dead',
    'Array(UInt64)',
    dead.map(({ id }) => id),
  );
  const sql = `DELETE FROM ${frames} WHERE push IN ${pushes.sql}`;
  await connection.command({ sql, parameters: pushes.parameters });
  return dead.reduce((sum, { rows }) => sum + rows, 0);
}
