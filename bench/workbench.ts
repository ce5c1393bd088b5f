/** Makes the commands that cases run, and the data that they read. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Command, Workbench } from './case.js';
import { dataFolder, makeCollection, mergeVectors } from './collection.js';
import { contenderEnvironment } from './environment.js';
import { BenchFailure } from './failure.js';
import { type Python, scriptPath } from './python.js';
import { type CollectionSize, requireRoom } from './room.js';

/** A workbench for collections of `size`. It writes into `scratch`. */
export function createWorkbench(size: CollectionSize, python: Python, scratch: string): Workbench {
  const node = (...args: readonly string[]): Command => [process.execPath, ...args];
  const giallo = (...args: readonly string[]) => node(scriptPath('../bin/giallo.js'), ...args);
  return {
    size,
    collection: (other = {}) => makeCollection({ ...size, ...other }, python),
    vectors: (collection) => mergeVectors(collection, python),
    async index(collection) {
      const cache = `${scratch}/index`;
      await requireRoom(dataFolder, collection);
      await run(giallo('index', 'build', '--data', collection.folder, '--quiet'), cache);
      return cache;
    },
    output: (name) => `${scratch}/${name}`,
    giallo,
    peer(script, ...args) {
      const path = scriptPath(`peers/${script}`);
      return script.endsWith('.py') ? [python.interpreter, path, ...args] : node(path, ...args);
    },
    node,
    run: (command) => run(command, `${scratch}/no-index`),
    python: (script, ...args) => python.run(script, ...args),
  };
}

async function run([program, ...args]: Command, cache: string): Promise<void> {
  try {
    await promisify(execFile)(program, args, { env: contenderEnvironment(cache) });
  } catch (error) {
    throw new BenchFailure(
      `${args.slice(1).join(' ')}: ${(error as Error).message.trim().split('\n').at(-1)}`,
    );
  }
}
