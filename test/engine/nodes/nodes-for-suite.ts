/** ClickHouse servers that run during a suite of tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type Node, nodesBelow } from './start-nodes.js';

/** Why tests that need servers are skipped; false if they run. */
export const isLeftOut =
  process.env.GIALLO_ENGINE_TESTS === '1'
    ? false
    : 'left out: it needs ClickHouse, which `bash test/engine/run.sh` installs for it';

/**
 * Starts so many servers before the first test of the suite that calls this, and puts them into the list that it
 * returns. After the last test, it ends the servers and removes their folder.
 */
export function nodesForSuite(count: number): readonly Node[] {
  const nodes: Node[] = [];
  let folder: string | undefined;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'giallo-nodes-'));
    nodes.push(...(await nodesBelow(folder, count)));
    await Promise.all(nodes.map((node) => node.start()));
  });
  after(async () => {
    await Promise.all(nodes.map((node) => node.kill()));
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });
  return nodes;
}
