/** Bounded concurrency: inflating runs in zlib's threads, so several films are under way at once. */

/**
 * Calls `work` for each item, at most `jobs` at a time, in order of the items. The first failure stops new items from
 * being taken up and is thrown when those under way have ended.
 */
export async function forEachConcurrently<T>(
  items: Iterable<T>,
  jobs: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]();
  let failure: { readonly reason: unknown } | undefined;
  const takeTurns = async () => {
    while (!failure) {
      const { done, value } = queue.next();
      if (done) return;
      try {
        await work(value);
      } catch (reason) {
        failure ??= { reason };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, jobs) }, takeTurns));
  if (failure) throw failure.reason;
}
