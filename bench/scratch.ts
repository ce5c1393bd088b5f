/**
 * Makes a folder for files of one run of the benchmark. It is beside the films, since the system's temporary folder may
 * be in memory. It is removed when the process ends, also by a signal.
 */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { constants } from 'node:os';
import { dataFolder } from './collection.js';

export async function makeScratch(): Promise<string> {
  await mkdir(dataFolder, { recursive: true });
  const scratch = await mkdtemp(`${dataFolder}/run-`);
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  return scratch;
}
