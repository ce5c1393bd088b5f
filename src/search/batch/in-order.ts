/** Things that become ready in any order, handed on in one. */

/** Hands `items` on in their order, one at a time, as soon as they and all before them are ready. */
export class InOrder<T> {
  readonly #items: readonly T[];
  readonly #take: (item: T) => Promise<void>;
  readonly #ready = new Set<T>();
  #next = 0;
  #taking: Promise<void> = Promise.resolve();

  constructor(items: readonly T[], take: (item: T) => Promise<void>) {
    this.#items = items;
    this.#take = take;
  }

  /** Says that an item is ready; resolves when all that can be handed on has been. Errors: those of `take`. */
  async ready(item: T): Promise<void> {
    this.#ready.add(item);
    this.#taking = this.#taking.then(() => this.#handOn());
    await this.#taking;
  }

  async #handOn(): Promise<void> {
    for (let item = this.#items[this.#next]; this.#ready.delete(item); item = this.#items[this.#next]) {
      this.#next++;
      await this.#take(item);
    }
  }
}
