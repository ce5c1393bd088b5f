/** Work that writes a file for each film, and that can be interrupted and run again. */
import { Interruption } from '../../io.js';
import type { Session } from '../session/session.js';

/**
 * Does the work. After Ctrl-C it says how far the work came, by the last number of files that it gave to `onFile`, and
 * how to go on. Errors: those of `work`.
 */
export async function resumable<T>(
  { io: { signal }, notices }: Session,
  howFar: (files: number) => string,
  work: (onFile: (files: number) => void) => Promise<T>,
): Promise<T> {
  let complete = 0;
  try {
    return await work((files) => {
      complete = files;
    });
  } catch (error) {
    if (signal.reason instanceof Interruption)
      await notices.hint(`${howFar(complete)}; run the same command to continue`);
    throw error;
  } finally {
    await notices.endProgress();
  }
}
