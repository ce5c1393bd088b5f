/** The processor time of this process and the engine's servers, of all their threads together. */
import { readFileSync } from 'node:fs';
import type { Node } from '../../test/engine/nodes/start-nodes.js';

/** The kernel counts in hundredths of a second: `USER_HZ` in proc(5). */
const tickMs = 10;

export function processorMs(nodes: readonly Node[]): number {
  const { user, system } = process.cpuUsage();
  return nodes.reduce((sum, { pid }) => sum + ticksOf(pid) * tickMs, (user + system) / 1000);
}

/**
 * `utime` and `stime`, fields 14 and 15. They are counted from the end of the command's name, which may contain spaces.
 */
function ticksOf(pid: number | undefined): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
