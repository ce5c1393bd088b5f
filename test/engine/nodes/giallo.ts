/** giallo's command line in this process, asking an engine. */
import { main } from '../../../src/cli.js';
import { recordingIo } from '../../recording-io.js';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line with `env` as its whole environment. */
export async function giallo(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Outcome> {
  const { io, stdout, stderr } = recordingIo({ env, ...(signal && { signal }) });
  const status = await main(args, io);
  return { status, stdout: stdout(), stderr: stderr() };
}
