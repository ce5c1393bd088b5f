/** The temporary file of a process that has ended. */
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { temporaryPath } from '../src/files/temporary-files.js';

let ended: number | undefined;

/** The number of a process that has ended. */
export function endedProcess(): number {
  ended ??= spawnSync(process.execPath, ['--version']).pid;
  return ended;
}

/** A path in `folder` as an ended process of this machine would have named its temporary file. */
export function deadLeftover(folder: string): string {
  const name = basename(temporaryPath(folder));
  return join(folder, name.replace(/^\.giallo-\d+/, `.giallo-${endedProcess()}`));
}
