/** ClickHouse servers for the length of a suite of tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { type Node, nodesBelow } from './start-nodes.js';

/** Why the tests that need servers are left out; false where they run. */
export const isLeftOut =
  process.env.GIALLO_ENGINE_TESTS === '1'
    ? false
    : 'left out: it needs ClickHouse, which `bash test/engine/run.sh` installs for it';

/**
 * So many servers for the tests of the suite that calls this, the list is filled
 * before the first of the tests; after the last the servers are ended and then their folder removed.
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
