/**
 * Several films as one, frame after frame, with one of them open at a time.
 */
import { GialloError } from '../errors.js';
import type { FrameBlock, Frames } from './frames.js';

/** One film of those that are joined. */
export interface MergedFilm {
  /** What its filenames are prefixed with: `film:filename`. */
  readonly name: string;
  readonly path: string;
  open(): Promise<Frames>;
}

/**
 * Joins films in their order; the first that has a dim gives it to all. Errors, when its turn comes: those of each film,
 * and `dim-mismatch` for one with frames of another dim.
 */
export async function mergeFrames(films: readonly MergedFilm[]): Promise<Frames> {
  const merged = new MergedFrames(films);
  await merged.openFirst();
  return merged;
}

class MergedFrames implements Frames {
  readonly warnings: string[] = [];
  readonly #films: readonly MergedFilm[];
  #current: Frames | undefined;
  #position = -1;
  #dim = 0;
  #dimOf = '';

  constructor(films: readonly MergedFilm[]) {
    this.#films = films;
  }

  get dim(): number {
    return this.#dim;
  }

  /** What is written must know the dim before the first block: films that have none, nor frames, are passed over. */
  async openFirst(): Promise<void> {
    while (this.#dim === 0 && (await this.#openNext())) {
      this.#dim = this.#current?.dim ?? 0;
      this.#dimOf = this.#films[this.#position]?.path ?? '';
    }
  }

  async *blocks(): AsyncGenerator<FrameBlock> {
    let bytesBefore = 0;
    do {
      let sourceBytes = 0;
      for await (const block of this.#current?.blocks() ?? []) {
        this.#checkDim();
        const film = this.#films[this.#position]?.name;
        sourceBytes = block.sourceBytes;
        yield {
          filenames: block.filenames.map((filename) => `${film}:${filename}`),
          values: block.values,
          sourceBytes: bytesBefore + sourceBytes,
        };
      }
      bytesBefore += sourceBytes;
    } while (await this.#openNext());
  }

  async close(): Promise<void> {
    await this.#current?.close();
    this.#current = undefined;
  }

  /** Whether there was one to open. */
  async #openNext(): Promise<boolean> {
    this.warnings.push(...(this.#current?.warnings ?? []));
    await this.close();
    const film = this.#films[++this.#position];
    this.#current = await film?.open();
    return film !== undefined;
  }

  #checkDim(): void {
    const dim = this.#current?.dim;
    if (dim === this.#dim) return;
    const path = this.#films[this.#position]?.path;
    const message = `${path}: vectors of ${dim} numbers, but ${this.#dimOf} has ${this.#dim}`;
    throw new GialloError('dim-mismatch', message, { hint: 'films of different dims cannot be joined' });
  }
}
