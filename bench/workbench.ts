/** The commands that cases put together, and the collections they read. */
import type { Command, Workbench } from './case.js';
import { type CollectionSize, makeCollection } from './collection.js';
import { type Python, scriptPath } from './python.js';

/** A workbench whose collections have `size` unless a case asks for another. */
export function createWorkbench(size: CollectionSize, python: Python): Workbench {
  const node = (...args: readonly string[]): Command => [process.execPath, ...args];
  return {
    collection: (other = {}) => makeCollection({ ...size, ...other }, python),
    giallo: (...args) => node(scriptPath('../bin/giallo.js'), ...args),
    peer(script, ...args) {
      const path = scriptPath(`peers/${script}`);
      return script.endsWith('.py') ? [python.interpreter, path, ...args] : node(path, ...args);
    },
    node,
  };
}
