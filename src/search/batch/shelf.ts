/** The two things used last: tasks come ordered by their first film, and the films of the last task are worth keeping. */

export interface Shelf<T> {
  /** What lies under the key, or what `make` gives. */
  take(key: string, make: () => T | Promise<T>): Promise<T>;
  clear(): void;
}

const places = 2;

/** An empty shelf; `dispose` is called with what is taken off. */
export function createShelf<T>(dispose: (item: T) => void = () => {}): Shelf<T> {
  const kept = new Map<string, T>();
  const remove = (key: string) => {
    const item = kept.get(key) as T;
    kept.delete(key);
    dispose(item);
  };
  return {
    async take(key, make) {
      const known = kept.get(key);
      if (known !== undefined) {
        // Last in the order of the map: the other one goes first.
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      for (const other of [...kept.keys()].slice(0, Math.max(0, kept.size - places + 1))) remove(other);
      const item = await make();
      kept.set(key, item);
      return item;
    },
    clear() {
      for (const key of [...kept.keys()]) remove(key);
    },
  };
}
