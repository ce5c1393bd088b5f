/** Threads end with their work, and at an abort before it. */

/**
 * Does `work` with a crew, which is ended when the work is, and at an abort at once. Errors: those of `work`; after an
 * abort the signal's reason, whatever the crew's end made of the work.
 */
export async function endAtAbort<Result>(
  end: () => Promise<void>,
  signal: AbortSignal | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const drop = () => void end();
  signal?.addEventListener('abort', drop, { once: true });
  try {
    signal?.throwIfAborted();
    return await work();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', drop);
    await end();
  }
}
