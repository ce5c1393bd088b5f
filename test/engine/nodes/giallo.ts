/** giallo's command line in this process, asking an engine. */
import { type Outcome, runGiallo } from '../../run-giallo.js';

/** Runs a command line with `env` as its whole environment. */
export function giallo(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Outcome> {
  return runGiallo(args, { env, ...(signal && { signal }) });
}
