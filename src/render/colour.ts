/** Whether to colour: only on a terminal, and as the reader's environment says. */
import { Chalk, type ChalkInstance, type ColorSupportLevel } from 'chalk';
import type { Environment } from '../user-folders.js';

/**
 * A chalk for stdout. `--no-color` wins; then `FORCE_COLOR` (0 to 3, or anything for 1), `NO_COLOR` (no-color.org: set
 * and not empty), and whether it is a terminal that can.
 */
export function chalkFor(
  { stdout, env }: { readonly stdout: { readonly isTerminal: boolean }; readonly env: Environment },
  { color }: { readonly color?: boolean | undefined },
): ChalkInstance {
  return new Chalk({ level: color === false ? 0 : levelFor(stdout.isTerminal, env) });
}

function levelFor(isTerminal: boolean, env: Environment): ColorSupportLevel {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: term, COLORTERM: depth } = env;
  if (forced !== undefined && forced !== '')
    return forced === 'false' ? 0 : (clampLevel(Number(forced)) ?? 1);
  if (refused || !isTerminal || term === 'dumb') return 0;
  if (depth === 'truecolor' || depth === '24bit') return 3;
  return term?.includes('256color') ? 2 : 1;
}

function clampLevel(level: number): ColorSupportLevel | undefined {
  return level === 0 || level === 1 || level === 2 || level === 3 ? level : undefined;
}
