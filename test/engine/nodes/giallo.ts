/** Runs giallo's command line in this process, about an engine. */
import assert from 'node:assert/strict';
import { type Outcome, runGiallo } from '../../run-giallo.js';
import type { Node } from './start-nodes.js';

/** Runs a command line with `env` as its whole environment. */
export function giallo(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Outcome> {
  return runGiallo(args, { env, ...(signal && { signal }) });
}

/** Makes the tables of a database on a node, and returns the address to ask. */
export async function initEngine(node: Node, database: string, options = ''): Promise<string> {
  const { status, stderr } = await giallo(['engine', 'init', '--engine', node.url(database, options)]);
  assert.equal(status, 0, stderr);
  return node.url(database);
}
