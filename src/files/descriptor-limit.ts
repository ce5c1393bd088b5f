/** How many descriptors the process may have open, how many it has, and how long it waits for one if none is free. */
import fs from 'node:fs';
import { machineError, orUndefined } from '../errors.js';

/** The limit if the system does not tell it, as on Windows. */
const assumedLimit = 2048;

let knownLimit: number | undefined;

/** The soft limit of the process, which Node.js raises to the hard one when it starts (getrlimit(2)). */
function descriptorLimit(): number {
  knownLimit ??= readLimit();
  return knownLimit;
}

function readLimit(): number {
  try {
    // For `unlimited`, a number that is never reached.
    return Number(
      /^Max open files +(\d+)/m.exec(fs.readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? 2 ** 20,
    );
  } catch {
    const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
    const { soft } = report.userLimits?.open_files ?? {};
    return typeof soft === 'number' ? soft : assumedLimit;
  }
}

/**
 * How many descriptors the files of the budget may have, `held` of them open by now: the limit less the descriptors
 * that are open for anything else, which are taken for 24 if the system does not tell.
 */
export function freeDescriptors(held: number): number {
  return descriptorLimit() - ((openDescriptors() ?? held + 24) - held);
}

/** The fewest descriptors that `reserveOf` keeps. */
export const fewestReserved = 6;

/** How many of `free` descriptors are kept for outputs, folders, names, sockets and other short uses. */
export function reserveOf(free: number): number {
  return Math.min(64, Math.max(fewestReserved, Math.floor(free / 4)));
}

/** Descriptors to load a package: its files one by one, and its native libraries. */
const descriptorsOfPackage = 8;

/**
 * Errors: `open-files-limit` if too few descriptors are left to load a package: Node.js would say that it is missing.
 */
export function requireDescriptors(): void {
  if (freeDescriptors(0) < descriptorsOfPackage) throw machineError({ code: 'EMFILE' });
}

/** How many descriptors the process has open; undefined if the system does not tell. */
function openDescriptors(): number | undefined {
  return orUndefined(() => fs.readdirSync('/proc/self/fd').length);
}

/** Pauses between attempts while other threads or processes hold all descriptors: three seconds in all. */
export const pausesMs = [1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 500, 500, 500, 500];

const patienceMs = pausesMs.reduce((sum, pause) => sum + pause, 0);

/** When a wait last ended without a descriptor. */
let gaveUpMs = Number.NEGATIVE_INFINITY;

/** Whether another file has just waited without success; then the next files do not wait. */
export function hasWaitedInVain(): boolean {
  return performance.now() - gaveUpMs < patienceMs;
}

/** The error to throw after a wait without success, or instead of waiting. */
export function givenUp(error: unknown): unknown {
  if (isOutOfFiles(error) && !hasWaitedInVain()) gaveUpMs = performance.now();
  return machineError(error) ?? error;
}

/** Whether an error says that the process or the system has no descriptor left. */
export function isOutOfFiles(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EMFILE' || code === 'ENFILE';
}
