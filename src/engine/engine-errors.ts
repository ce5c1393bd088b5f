/** Errors between giallo and a ClickHouse server, in words that people can act on. */
import { type ErrorCode, GialloError } from '../errors.js';
import type { EngineAddress } from './engine-url.js';

/** An error that the server answered with: the number and the text of a `DB::Exception`. */
interface ServerRefusal {
  readonly code: string;
  readonly message: string;
}

interface Explanation {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/**
 * `error` as a GialloError at `address`, without `secret`. A GialloError, or the reason of an abort, is returned as it
 * is.
 */
export function engineError(address: EngineAddress, secret: string, error: unknown): unknown {
  if (error instanceof GialloError || !(error instanceof Error)) return error;
  const refusal = refusalOf(error);
  const { code, message, hint } = refusal ? explainRefusal(refusal) : explainConnection(address, error);
  const shown = (text: string) => (secret === '' ? text : text.replaceAll(secret, '***'));
  // The cause is dropped where it could carry the password: clients keep the request in their errors.
  return new GialloError(code, `${address.label}: ${oneLine(shown(message))}`, { hint });
}

/**
 * Whether trying again may help: after a broken connection, or if a server restarts or is too busy; never after a
 * refusal.
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof GialloError)) return false;
  return (
    error.code === 'engine-unreachable' || error.code === 'engine-shard-down' || error.code === 'engine-busy'
  );
}

function refusalOf(error: Error): ServerRefusal | undefined {
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string' && /^\d+$/.test(code)) return { code, message: error.message };
  // The client does not parse every answer: then the number is in the text only.
  const found = /Code: (\d+)\. DB::Exception: (.*)/s.exec(error.message);
  return found ? { code: found[1], message: found[2] } : undefined;
}

/** By the numbers of ClickHouse's `ErrorCodes.cpp`. */
function explainRefusal({ code, message }: ServerRefusal): Explanation {
  switch (code) {
    case '192': // UNKNOWN_USER
    case '193': // WRONG_PASSWORD
    case '194': // REQUIRED_PASSWORD
    case '516': // AUTHENTICATION_FAILED
      return {
        code: 'engine-denied',
        message: 'wrong user or password',
        hint: 'give the user in the address, as user@host, and the password in $GIALLO_ENGINE_PASSWORD',
      };
    case '497': // ACCESS_DENIED
      return { code: 'engine-denied', message: `the user may not do this: ${message}` };
    case '81': // UNKNOWN_DATABASE
      return {
        code: 'engine-database-missing',
        message: 'the server has no database of this name',
        hint: '`giallo engine init` creates it',
      };
    case '60': // UNKNOWN_TABLE
    case '47': // UNKNOWN_IDENTIFIER
    case '16': // NO_SUCH_COLUMN_IN_TABLE
      return {
        code: 'engine-schema',
        message: `giallo's tables are missing on a server, or were made by an earlier giallo: ${message}`,
        hint: '`giallo engine init` makes or completes them; in a cluster run it against each server',
      };
    case '701': // CLUSTER_DOESNT_EXIST
    case '170': // BAD_GET, before there was a code of its own
      return {
        code: 'engine-schema',
        message: `the server's configuration has no such cluster: ${message}`,
        hint: 'every server lists its clusters under remote_servers in its configuration',
      };
    case '279': // ALL_CONNECTION_TRIES_FAILED
    case '210': // NETWORK_ERROR, between servers
    case '32': // ATTEMPT_TO_READ_AFTER_EOF: a server that ended while it answered another
      return {
        code: 'engine-shard-down',
        message: `a server of the cluster does not answer: ${withoutStack(message)}`,
        hint: '--partial answers from the other servers; `giallo engine status` shows which one is down',
      };
    case '159': // TIMEOUT_EXCEEDED
    case '209': // SOCKET_TIMEOUT
      return {
        code: 'engine-timeout',
        message: `the server took too long: ${withoutStack(message)}`,
        hint: 'allow more time with ?timeout=<seconds> in the address',
      };
    case '202': // TOO_MANY_SIMULTANEOUS_QUERIES
    case '252': // TOO_MANY_PARTS
      return { code: 'engine-busy', message: `the server is too busy: ${message}`, hint: 'try again later' };
    default:
      return {
        code: 'engine-failed',
        message: `the server answered with error ${code}: ${withoutStack(message)}`,
      };
  }
}

function explainConnection({ endpoint }: EngineAddress, error: Error): Explanation {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/.test(code)) {
    return {
      code: 'engine-tls',
      message: `no secure connection: ${tlsReason(code, error)}`,
      hint:
        code === 'EPROTO' || code.startsWith('ERR_SSL')
          ? 'is this the port for TLS? clickhouse:// connects without TLS'
          : 'name a file with the certificate of the authority in $NODE_EXTRA_CA_CERTS',
    };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { code: 'engine-unreachable', message: 'no address is known for this host' };
  }
  if (/timeout/i.test(error.message)) {
    return {
      code: 'engine-timeout',
      message: 'the server did not answer in time',
      hint: 'allow more time with ?timeout=<seconds> in the address',
    };
  }
  const said = connectionWords[code] ?? (error.message.trim() || 'an HTTP error without a text');
  return {
    code: 'engine-unreachable',
    message: `no ClickHouse server answers at ${endpoint}: ${said}`,
    hint: portHint,
  };
}

/** The hint if something else than a ClickHouse server answers. */
export const portHint = 'use the port of the HTTP interface, 8123 by default';

const connectionWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed',
  EPIPE: 'the connection was closed',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection was closed',
  EHOSTUNREACH: 'no way to the host',
  ENETUNREACH: 'no way to the network',
  ETIMEDOUT: 'no answer to the attempt to connect',
};

function tlsReason(code: string, error: Error): string {
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) return 'the server does not speak TLS on this port';
  return error.message;
}

/** The first sentence of a server's message, which may go on with one attempt a line. */
function withoutStack(message: string): string {
  return message.split(/\n|, Stack trace/)[0].trim();
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
