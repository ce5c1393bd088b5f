/**
 * ClickHouse servers on loopback. Each is a process with a folder that it keeps over restarts.
 * `test/engine/clickhouse/install.sh` must have installed the library.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../clickhouse/node.mjs', import.meta.url));

/** A user with a password; the user `default` has none. */
export const reader = { name: 'reader', password: 'not-to-be-seen' } as const;

export interface Node {
  /** The number of its process; undefined before the first start. */
  readonly pid: number | undefined;
  /** The address of a database, with options such as `?cluster=giallo`. */
  url(database: string, options?: string): string;
  /** Kills the process, as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again with the files that it has written. */
  start(): Promise<void>;
}

/** The name of the cluster of the first `servers` servers. */
export function clusterOf(servers: number): string {
  return `shards${servers}`;
}

/**
 * Prepares so many servers, which are not started yet, with their files below `folder`. They know the clusters of
 * `clusterOf`.
 */
export async function nodesBelow(folder: string, count: number): Promise<Node[]> {
  const ports = await freePorts(2 * count);
  const config = join(folder, 'config.xml');
  writeFileSync(config, configuration(ports.slice(count), join(folder, 'users.xml')));
  writeFileSync(join(folder, 'users.xml'), users);
  return Array.from({ length: count }, (_, i) => {
    return nodeIn(join(folder, `node-${i + 1}`), ports[i], ports[count + i], config);
  });
}

function nodeIn(folder: string, port: number, tcpPort: number, config: string): Node {
  let child: ChildProcess | undefined;
  const log = `${folder}.log`;
  return {
    get pid() {
      return child?.pid;
    },
    url: (database, options = '') => `clickhouse://127.0.0.1:${port}/${database}${options}`,
    async kill() {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    async start() {
      mkdirSync(folder, { recursive: true });
      const output = openSync(log, 'a');
      child = spawn(process.execPath, [program, folder, `${port}`, `${tcpPort}`, config], {
        stdio: ['ignore', output, output],
      });
      closeSync(output);
      // `run.sh` ends servers that a killed test has left.
      if (process.env.GIALLO_ENGINE_PIDS) {
        writeFileSync(join(process.env.GIALLO_ENGINE_PIDS, `${child.pid}.pid`), '');
      }
      await answering(port, child, log);
    },
  };
}

/** Asks until the server answers, for at most a minute. */
async function answering(port: number, child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/ping`).catch(() => undefined);
    if (answer?.ok) return;
    await setTimeout(50);
  }
  throw new Error(`no ClickHouse at port ${port}: ${readFileSync(log, 'utf8').slice(-2000)}`);
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports: number[] = [];
  for (const server of servers) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ports.push((server.address() as AddressInfo).port);
  }
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function configuration(tcpPorts: readonly number[], usersFile: string): string {
  const shards = tcpPorts.map(
    (port) => `<shard><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`,
  );
  const clusters = shards.map((_, last) => {
    const name = clusterOf(last + 1);
    return `<${name}>${shards.slice(0, last + 1).join('')}</${name}>`;
  });
  return `<clickhouse>
    <users_config>${usersFile}</users_config>
    <remote_servers>${clusters.join('')}</remote_servers>
  </clickhouse>`;
}

const users = `<clickhouse>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
  <users>
    <default><password></password>${grants()}</default>
    <${reader.name}><password>${reader.password}</password>${grants()}</${reader.name}>
  </users>
</clickhouse>`;

function grants(): string {
  return '<networks><ip>::/0</ip></networks><profile>default</profile><quota>default</quota>';
}
