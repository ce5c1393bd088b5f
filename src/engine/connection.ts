/** A connection to one server over HTTP: statements with bound parameters, and errors in giallo's words. */
import { finished, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { engineError } from './engine-errors.js';
import type { EngineAddress } from './engine-url.js';

/** A piece of SQL with the parameters that it names. */
export interface BoundSql {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface StatementOptions {
  /** The server's settings for this statement, by their names. */
  readonly settings?: Readonly<Record<string, string | number>>;
}

/** Errors of all its methods: those of `engineError`, and the signal's reason. */
export interface Connection {
  readonly address: EngineAddress;
  /** The rows of a SELECT, each a record by column; 64-bit integers must be asked for as strings. */
  select<Row>(statement: BoundSql, options?: StatementOptions): Promise<Row[]>;
  /** The answer of a SELECT with `FORMAT RowBinary`, whole. */
  selectBytes(statement: BoundSql, options?: StatementOptions): Promise<Uint8Array>;
  /** Runs a statement that has no answer. */
  command(statement: BoundSql, options?: StatementOptions): Promise<void>;
  /** Runs an INSERT whose rows are `bytes`. If `bytes` throws, the INSERT is aborted and the error is thrown. */
  insert(statement: BoundSql, bytes: AsyncIterable<Uint8Array>, options?: StatementOptions): Promise<void>;
}

export interface ConnectionOptions {
  /** '' for users without a password. */
  readonly password: string;
  /** Whether to answer from the other servers if servers of the cluster are down. */
  readonly isPartial?: boolean | undefined;
  /** Aborts all statements of the connection. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A connection to the server at `address`; nothing is sent before the first statement. `database` may differ from the
 * address's, for statements that run before that database exists. Idle sockets do not keep the process alive.
 */
export async function openConnection(
  address: EngineAddress,
  { password, isPartial, signal }: ConnectionOptions,
  database: string = address.database,
): Promise<Connection> {
  const [{ createClient, ClickHouseLogLevel }, agentModule] = await Promise.all([
    import('@clickhouse/client'),
    address.endpoint.startsWith('https:') ? import('node:https') : import('node:http'),
  ]);
  const client = createClient({
    ...settingsOf(address, isPartial),
    password,
    database,
    // The client's own agent closes idle sockets with a timer, and the process could not end before it.
    http_agent: new agentModule.Agent({ keepAlive: true }),
    // What it would log holds statements and their values.
    log: { level: ClickHouseLogLevel.OFF },
  });
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      throw engineError(address, password, error);
    }
  };
  const toParams = ({ sql, parameters }: BoundSql, { settings }: StatementOptions) => ({
    query: sql,
    query_params: { ...parameters },
    ...(signal && { abort_signal: signal }),
    ...(settings && { clickhouse_settings: settings }),
  });
  return {
    address,
    select: <Row>(statement: BoundSql, options: StatementOptions = {}) =>
      attempt(async () => {
        const result = await client.query({
          ...toParams(statement, options),
          format: 'JSONEachRow',
          use_multipart_params: true,
        });
        return result.json<Row>();
      }),
    selectBytes: (statement, options = {}) =>
      attempt(async () => {
        const { stream } = await client.exec(toParams(statement, options));
        return buffer(stream);
      }),
    command: (statement, options = {}) =>
      attempt(async () => {
        await client.command(toParams(statement, options));
      }),
    insert: (statement, bytes, options = {}) =>
      withStream(bytes, (values) =>
        attempt(async () => {
          const { stream } = await client.exec({ ...toParams(statement, options), values });
          await buffer(stream);
        }),
      ),
  };
}

function settingsOf(address: EngineAddress, isPartial: boolean | undefined) {
  return {
    url: address.endpoint,
    username: address.user,
    application: 'giallo',
    request_timeout: address.timeoutMs,
    clickhouse_settings: {
      // Otherwise an error after the first rows would come in the middle of them, with status 200.
      wait_end_of_query: 1,
      cancel_http_readonly_queries_on_client_close: 1,
      skip_unavailable_shards: isPartial ? 1 : 0,
      // A question with several vectors is a long statement when it is passed on to the shards.
      max_query_size: String(64 * 2 ** 20),
    },
  } as const;
}

/** Sends `bytes` as a stream. Errors: that of `bytes`, else that of `send`. */
async function withStream(
  bytes: AsyncIterable<Uint8Array>,
  send: (values: Readable) => Promise<void>,
): Promise<void> {
  let failure: unknown;
  const watched = async function* () {
    try {
      yield* bytes;
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  const values = Readable.from(watched(), { objectMode: false });
  try {
    await send(values);
  } catch (error) {
    throw failure ?? error;
  } finally {
    // The bytes' generator ends, and gives back what it holds, before anything is tried again.
    if (!values.closed) {
      const closed = new Promise<void>((resolve) => finished(values, () => resolve()));
      values.destroy();
      await closed;
    }
  }
}

/** Numbers in a parameter: 24 characters are the longest float64, and its comma. */
const itemsPerParameter = 4096;

/**
 * `values` as an expression of `type`, such as `Array(Float64)`, whose parameters begin with `name`. ClickHouse takes
 * no parameter of more than 128 KiB of text (`http_max_field_value_size`), so an array is cut into several, which the
 * server joins.
 */
export function boundArray(name: string, type: string, values: readonly (number | string)[]): BoundSql {
  const parameters: Record<string, unknown> = {};
  const pieces: string[] = [];
  for (let start = 0; start === 0 || start < values.length; start += itemsPerParameter) {
    const piece = `${name}_${pieces.length}`;
    parameters[piece] = `[${values.slice(start, start + itemsPerParameter).join(',')}]`;
    pieces.push(`{${piece}:${type}}`);
  }
  return { sql: pieces.length === 1 ? pieces[0] : `arrayConcat(${pieces.join(', ')})`, parameters };
}
