/** How many descriptors the process may have open, how many it has, and how long it waits where there is none. */
import fs from 'node:fs';
import { machineError } from '../errors.js';

/** Assumed where the system does not say, as on Windows. */
const assumedLimit = 2048;

let knownLimit: number | undefined;

/** The soft limit of the process, which Node.js raises to the hard one when it starts (getrlimit(2)). */
function descriptorLimit(): number {
  knownLimit ??= readLimit();
  return knownLimit;
}

function readLimit(): number {
  try {
    // `unlimited` is a number that is never reached.
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
 * How many files may be open beside everything else, which takes 24 descriptors if that is unknown; `held` are open.
 */
export function freeDescriptors(held: number): number {
  return descriptorLimit() - ((openDescriptors() ?? held + 24) - held);
}

export const fewestReserved = 6;

/** How many of `free` descriptors are kept for outputs, folders, names, sockets and other short uses. */
export function reserveOf(free: number): number {
  return Math.min(64, Math.max(fewestReserved, Math.floor(free / 4)));
}

/** A package loads its files one by one, and native libraries of its own besides. */
const descriptorsOfPackage = 8;

/** Throws `open-files-limit` where too few are left to load a package: then Node.js says that it is not there. */
export function requireDescriptors(): void {
  if (freeDescriptors(0) < descriptorsOfPackage) throw machineError({ code: 'EMFILE' });
}

/** Undefined where the system does not say. */
function openDescriptors(): number | undefined {
  try {
    return fs.readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}

/** Pauses between attempts where other threads or processes hold all descriptors: three seconds in all. */
export const pausesMs = [1, 2, 4, 8, 16, 32, 64, 128, 256, 500, 500, 500, 500, 500];

const patienceMs = pausesMs.reduce((sum, pause) => sum + pause, 0);

/** When waiting was last in vain. */
let gaveUpMs = Number.NEGATIVE_INFINITY;

/** Whether another file has just waited in vain: many files should not each wait the full time. */
export function isHopeless(): boolean {
  return performance.now() - gaveUpMs < patienceMs;
}

/** What to throw where waiting was in vain, or is of no use. */
export function givenUp(error: unknown): unknown {
  if (isOutOfFiles(error) && !isHopeless()) gaveUpMs = performance.now();
  return machineError(error) ?? error;
}

export function isOutOfFiles(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'EMFILE' || code === 'ENFILE';
}
