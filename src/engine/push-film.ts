/**
 * Pushes one film into the engine, so that searches see all of it or nothing: sends its rows under a new push number,
 * compares a count and a checksum of the rows that arrived, then commits the push with one row.
 */
import { randomInt } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { GialloError } from '../errors.js';
import type { RowBlock } from '../npz/rows.js';
import { type BoundSql, boundArray, type Connection } from './connection.js';
import { isTransient } from './engine-errors.js';
import { blockBytes, blockChecksum, checksumSql, type RowFacts, rowColumns } from './row-bytes.js';
import { localTables } from './schema.js';
import { findFilm, type StoredFilm } from './stored-films.js';

/** A film with all that is stored of it. */
export interface FilmToPush extends RowFacts {
  /** What is stored of the film itself. */
  readonly facts: Omit<StoredFilm, 'push' | 'checksum'>;
  /** The text of its times, '' if they are not known. */
  readonly times: string;
  /** Reads the vectors in order; it can be called several times. A block is valid until the next one. */
  readBlocks(): AsyncIterable<RowBlock>;
}

export interface PushOptions {
  /** Ends the waits between attempts. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the number of rows of this film that have been sent; it is 0 again when the push starts again. */
  readonly onRows?: (rows: number) => void;
  /** Called before the push starts again, with the reason. */
  readonly onRetry?: (error: Error) => void;
}

/** When an insert is answered, its rows are in the table of the shard, also through a Distributed table. */
const insertSettings = { distributed_foreground_insert: 1, async_insert: 0 } as const;

/**
 * Pushes the film in the place of what the engine has of it. After a broken connection it starts again from the
 * beginning. Errors: those of the connection, of reading the film, `engine-mismatch`.
 */
export async function pushFilm(
  connection: Connection,
  film: FilmToPush,
  { signal, onRows, onRetry }: PushOptions,
): Promise<StoredFilm> {
  const again = { signal, ...(onRetry && { onRetry }) };
  return withRetries(async () => {
    onRows?.(0);
    const push = await newPush(connection, film.film);
    const checksum = await sendRows(connection, push, film, onRows);
    const stored: StoredFilm = { ...film.facts, push, checksum };
    await requireArrived(connection, stored);
    await withRetries(() => commit(connection, stored, film.times), again);
    return stored;
  }, again);
}

/**
 * The server's time in microseconds, followed by 12 random bits, so that pushes at the same time get different numbers.
 * It is always more than the number of the film's last push, even if the servers' clocks differ.
 */
async function newPush(connection: Connection, film: string): Promise<string> {
  const sql = 'SELECT toString(toUnixTimestamp64Micro(now64(6))) AS now';
  const [{ now }] = await connection.select<{ now: string }>({ sql, parameters: {} });
  const push = BigInt(now) * 4096n + BigInt(randomInt(4096));
  const before = BigInt((await findFilm(connection, film))?.push ?? 0);
  return String(push > before ? push : before + 1n);
}

async function sendRows(
  connection: Connection,
  push: string,
  film: FilmToPush,
  onRows: PushOptions['onRows'],
): Promise<string> {
  let checksum = 0n;
  const bytes = async function* () {
    for await (const block of film.readBlocks()) {
      checksum += blockChecksum(film, block);
      yield blockBytes(push, film, block);
      onRows?.(block.firstRow + block.rows);
    }
  };
  if (film.facts.frames > 0) {
    const sql = `INSERT INTO giallo_frames (${rowColumns}) FORMAT RowBinary`;
    await connection.insert({ sql, parameters: {} }, bytes(), { settings: insertSettings });
  }
  return String(BigInt.asUintN(64, checksum));
}

async function requireArrived(
  connection: Connection,
  { film, push, frames, checksum }: StoredFilm,
): Promise<void> {
  const statement: BoundSql = {
    sql: `SELECT toString(count()) AS rows, toString(${checksumSql}) AS checksum
      FROM giallo_frames WHERE push = {push:UInt64}`,
    parameters: { push },
  };
  const [arrived] = await connection.select<{ rows: string; checksum: string }>(statement);
  if (arrived.rows === String(frames) && arrived.checksum === checksum) return;
  throw new GialloError(
    'engine-mismatch',
    `${connection.address.label}: ${film}: ${frames} rows with checksum ${checksum} were sent, ${arrived.rows} with ${arrived.checksum} arrived`,
    { hint: 'the server discards this push; push the film again' },
  );
}

async function commit(connection: Connection, stored: StoredFilm, times: string): Promise<void> {
  const statement: BoundSql = {
    sql: `INSERT INTO giallo_films (film, push, frames, dim, zero, non_finite, dtype, compression, bytes, raw_bytes,
        embeddings_crc, filenames_crc, checksum, times)
      SELECT {film:String}, {push:UInt64}, {frames:UInt32}, {dim:UInt32}, {zero:UInt32}, {nonFinite:UInt32},
        {dtype:String}, {compression:String}, {bytes:UInt64}, {rawBytes:UInt64}, {embeddingsCrc:String},
        {filenamesCrc:String}, {checksum:UInt64}, {times:String}`,
    parameters: { ...stored, times },
  };
  await connection.command(statement, { settings: insertSettings });
}

/** Waits between attempts, long enough for a server to restart. */
const waitsMs = [250, 500, 1000, 2000, 4000, 8000];

export interface RetryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the reason before each wait. */
  readonly onRetry?: (error: Error) => void;
  /** Waits so many milliseconds, or until the signal ends it. */
  readonly wait?: (
    ms: number,
    value: undefined,
    options: { signal?: AbortSignal | undefined },
  ) => Promise<void>;
}

/** The result of `work`, which is run again after errors that may pass (`isTransient`). Errors: the last one. */
export async function withRetries<T>(
  work: () => Promise<T>,
  { signal, onRetry, wait = setTimeout }: RetryOptions,
): Promise<T> {
  for (const waitMs of waitsMs) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      onRetry?.(error as Error);
    }
    await wait(waitMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
  return work();
}

/** A push whose film is not committed may still be under way: its rows stay for a day. */
const graceMicroseconds = 24 * 3600 * 1e6;

/**
 * Removes the rows of replaced and failed pushes, which no search sees, from the server of the connection. Resolves to
 * their number. A Distributed table cannot delete rows, so this has to be done on each server.
 */
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
