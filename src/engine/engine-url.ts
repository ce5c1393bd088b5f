/**
 * Where the engine is: `clickhouse://user@host:8123/database?cluster=name&timeout=300`, or `clickhouses://` over TLS. A
 * password has no place there: the process list shows it.
 */
import { GialloError } from '../errors.js';

export interface EngineAddress {
  /** `http://host:port` or `https://host:port`: ClickHouse’s HTTP interface. */
  readonly endpoint: string;
  readonly user: string;
  readonly database: string;
  /** The cluster that `engine init` spreads the tables over; undefined for one server. */
  readonly cluster: string | undefined;
  /** How long the server may be silent. */
  readonly timeoutMs: number;
  /** The address as it is shown, and as the `data` of reports: without user and options. */
  readonly label: string;
}

const defaultTimeoutSeconds = 300;
const expected = 'clickhouse://user@host:8123/database?cluster=name';

/** Parses the address. Errors: `usage`; its message never contains a password. */
export function parseEngineUrl(text: string): EngineAddress {
  const url = parsed(text);
  const isTls = url.protocol === 'clickhouses:';
  if (!isTls && url.protocol !== 'clickhouse:') {
    throw addressError(`expected ${expected}, found ${url.protocol}`);
  }
  if (url.password !== '') {
    throw addressError('it has a password, which everyone on this machine can see', {
      hint: 'remove it, and set $GIALLO_ENGINE_PASSWORD instead',
    });
  }
  if (url.hostname === '') throw addressError(`expected ${expected}, found no host`);
  const database = decoded(url.pathname.replace(/^\//, '').replace(/\/$/, '')) || 'default';
  if (database.includes('/')) throw addressError(`only one database can follow the host, found ${database}`);
  const host = `${url.hostname}:${url.port || (isTls ? '8443' : '8123')}`;
  return {
    endpoint: `${isTls ? 'https' : 'http'}://${host}`,
    user: decoded(url.username) || 'default',
    database,
    ...optionsOf(url),
    label: `${url.protocol}//${host}/${database}`,
  };
}

function parsed(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw addressError(`not an address; expected ${expected}`);
  }
}

/** Cluster names are the names of XML elements in the server's configuration; nothing else is let into a statement. */
function optionsOf({ searchParams }: URL): Pick<EngineAddress, 'cluster' | 'timeoutMs'> {
  for (const name of searchParams.keys()) {
    if (name !== 'cluster' && name !== 'timeout') {
      throw addressError(`only ?cluster=name and ?timeout=seconds are known, found ?${name}`);
    }
  }
  const cluster = searchParams.get('cluster') ?? undefined;
  if (cluster !== undefined && !/^[A-Za-z_][\w.-]*$/.test(cluster)) {
    throw addressError(`a cluster's name has letters, digits, _, . and - only, found ${cluster}`);
  }
  const timeout = searchParams.get('timeout') ?? String(defaultTimeoutSeconds);
  if (!/^[1-9][0-9]{0,5}$/.test(timeout)) {
    throw addressError(`the timeout must be 1 to 999999 seconds, found ${timeout}`);
  }
  return { cluster, timeoutMs: Number(timeout) * 1000 };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw addressError(`expected ${expected}, found a % without two hexadecimal digits after it`);
  }
}

function addressError(message: string, details: { readonly hint?: string } = {}): GialloError {
  return new GialloError('usage', `the engine’s address: ${message}`, details);
}
