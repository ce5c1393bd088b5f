/** Runs the command line in this process. */
import { main } from '../src/cli.js';
import { recordingIo, type Surroundings } from './recording-io.js';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `giallo` with these arguments, and returns its output and status. */
export async function runGiallo(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { io, stdout, stderr } = recordingIo(surroundings);
  const status = await main(argv, io);
  return { status, stdout: stdout(), stderr: stderr() };
}
