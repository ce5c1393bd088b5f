/** Errors on the way to a server, with servers that the tests start. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type RequestListener, type Server } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createTcp, type Server as TcpServer } from 'node:net';
import { after, describe, test } from 'node:test';
import { openConnection } from '../../src/engine/connection.js';
import { readState } from '../../src/engine/engine-state.js';
import { parseEngineUrl } from '../../src/engine/engine-url.js';
import { type ErrorCode, GialloError } from '../../src/errors.js';
import { rejects } from '../rejects.js';

const password = 'not-to-be-seen';
/** The key of a certificate made for these tests; it protects nothing. */
const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}.pem`, import.meta.url));

/** The port of a server that is closed, with all its connections, when the tests have ended. */
async function portOf(server: TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    (server as Server).closeAllConnections?.();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function ask(url: string, signal?: AbortSignal): Promise<unknown[]> {
  const connection = await openConnection(parseEngineUrl(url), { password, signal });
  return connection.select({ sql: 'SELECT 1', parameters: {} });
}

async function failsWith(code: ErrorCode, url: string, message: RegExp, hint?: RegExp): Promise<void> {
  await rejects(() => ask(url), { code, message, ...(hint && { hint }) });
  const error = await ask(url).catch((reason) => reason as GialloError);
  assert.ok(error instanceof GialloError);
  const seen = JSON.stringify([error.message, error.hint, error.stack, error.cause, Object.entries(error)]);
  assert.ok(
    !seen.includes(password) && !seen.includes(Buffer.from(password).toString('base64').slice(4, 12)),
    seen,
  );
}

const refusal =
  (status: number, text: string): RequestListener =>
  (_, response) => {
    response.statusCode = status;
    response.end(text);
  };

describe('openConnection', () => {
  test('no server: engine-unreachable', async () => {
    const server = createTcp();
    const port = await portOf(server);
    await new Promise((resolve) => server.close(resolve));
    await failsWith('engine-unreachable', `clickhouse://127.0.0.1:${port}`, /connection refused/, /8123/);
  });

  test('a server that hangs up: engine-unreachable', async () => {
    const port = await portOf(createTcp((socket) => socket.destroy()));
    await failsWith('engine-unreachable', `clickhouse://127.0.0.1:${port}`, /connection was closed/);
  });

  test('a server that refuses without a text: engine-unreachable', async () => {
    const port = await portOf(createHttp(refusal(403, '')));
    await failsWith('engine-unreachable', `clickhouse://127.0.0.1:${port}`, /an HTTP error without a text$/);
  });

  test('a web server that is not ClickHouse: engine-unreachable', async () => {
    for (const text of ['', '{}', '{"row":1}']) {
      const port = await portOf(createHttp(refusal(200, text)));
      const address = parseEngineUrl(`clickhouse://127.0.0.1:${port}`);
      await rejects(async () => readState(await openConnection(address, { password: '' })), {
        code: 'engine-unreachable',
        message: /is not ClickHouse$/,
        hint: /8123/,
      });
    }
  });

  test('a server that is silent: engine-timeout', async () => {
    const port = await portOf(createHttp(() => {}));
    await failsWith('engine-timeout', `clickhouse://127.0.0.1:${port}?timeout=1`, /in time/, /timeout=/);
  });

  test('TLS to a port without TLS: engine-tls', async () => {
    const port = await portOf(createHttp((_, response) => response.end()));
    await failsWith('engine-tls', `clickhouses://127.0.0.1:${port}`, /does not speak TLS/);
  });

  test('a certificate that is not trusted: engine-tls', async () => {
    const options = { key: fixture('key'), cert: fixture('certificate') };
    const port = await portOf(createHttps(options, (_, response) => response.end()));
    await failsWith('engine-tls', `clickhouses://127.0.0.1:${port}`, /self-signed/, /NODE_EXTRA_CA_CERTS/);
  });

  for (const [name, status, text, code] of [
    [
      'a wrong password',
      403,
      `Code: 516. DB::Exception: ${password}: Authentication failed`,
      'engine-denied',
    ],
    [
      'a missing database',
      404,
      'Code: 81. DB::Exception: Database x does not exist',
      'engine-database-missing',
    ],
    ['missing tables', 404, 'Code: 60. DB::Exception: Unknown table x', 'engine-schema'],
    [
      'a shard down',
      500,
      'Code: 279. DB::Exception: All connection tries failed.\nLog:',
      'engine-shard-down',
    ],
    ['too much to do', 500, 'Code: 202. DB::Exception: Too many simultaneous queries', 'engine-busy'],
    ['its own timeout', 500, 'Code: 159. DB::Exception: Timeout exceeded', 'engine-timeout'],
    ['anything else', 500, `Code: 241. DB::Exception: Memory, with ${password}`, 'engine-failed'],
    ['what is no ClickHouse', 500, 'Internal Server Error', 'engine-unreachable'],
  ] as const) {
    test(`a server that answers with ${name}: ${code}`, async () => {
      const port = await portOf(createHttp(refusal(status, text)));
      await failsWith(code, `clickhouse://127.0.0.1:${port}`, /./);
    });
  }

  test('the password is sent in a header, and never where servers and proxies log it', async () => {
    const lines: string[] = [];
    const port = await portOf(
      createHttp(async (request, response) => {
        const { authorization = '', ...headers } = request.headers;
        lines.push(`${request.url}`, JSON.stringify(headers), String(await request.toArray()));
        assert.ok(Buffer.from(authorization.slice('Basic '.length), 'base64').includes(password));
        response.end();
      }),
    );
    assert.deepEqual(await ask(`clickhouse://reader@127.0.0.1:${port}/films`), []);
    assert.ok(lines.some((line) => line.includes('SELECT 1')));
    assert.ok(!lines.some((line) => line.includes(password)));
  });

  test('an abort throws its reason', async () => {
    const controller = new AbortController();
    const port = await portOf(createHttp(() => controller.abort(new Error('enough'))));
    await assert.rejects(ask(`clickhouse://127.0.0.1:${port}`, controller.signal), /enough/);
  });
});
