/**
 * One conversion: frames of one file, or of several joined, read in one form and written whole in another.
 */
import { basename } from 'node:path';
import { GialloError } from '../errors.js';
import { outputPlace, withOutputs } from '../files/outputs.js';
import type { WorkerTasks } from '../threads/messages.js';
import { type FormName, type FormOptions, forms, withoutEnding } from './forms.js';
import type { FrameBlock, Frames } from './frames.js';

export interface Source {
  readonly path: string;
  readonly form: FormName;
}

export interface Conversion {
  /** One source; one or more if they are joined. */
  readonly sources: readonly Source[];
  /** Whether filenames are prefixed with their film's name, as those of joined films are. */
  readonly isMerge: boolean;
  readonly target: string;
  readonly to: FormName;
}

export interface ConvertOptions extends FormOptions {
  /** Whether existing files are replaced. */
  readonly force: boolean;
}

/** What a conversion has made. */
export interface Converted {
  /** The files that were written, the target among them. */
  readonly paths: readonly string[];
  readonly frames: number;
  readonly dim: number;
  readonly warnings: readonly string[];
}

export interface Watching {
  /** Ends the conversion with the signal's reason, leaving nothing behind. */
  readonly signal?: AbortSignal | undefined;
  /** Called with how many bytes of the sources have been used so far. */
  readonly onProgress?: ((sourceBytes: number) => void) | undefined;
}

/**
 * Converts. The target appears when it is complete; after an error or an abort no new file is left, and existing files
 * are unchanged. Errors: those of the two forms, `output-exists`, `usage` if the target is a source, `dim-mismatch`
 * among joined films, `file-unreadable`, `file-unwritable`.
 */
export async function convertFile(
  conversion: Conversion,
  options: ConvertOptions,
  watching: Watching = {},
): Promise<Converted> {
  const { target, to } = conversion;
  const sources = conversion.sources.flatMap(filesOf);
  const { result, paths } = await withOutputs({ force: options.force, sources }, async (outputs) => {
    watching.signal?.throwIfAborted();
    const frames = await openSources(conversion, options, watching.signal);
    try {
      const blocks = watched(frames.blocks(), watching);
      const written = await forms[to].write(
        { path: target, place: outputPlace(target), outputs, blocks, dim: frames.dim },
        options,
      );
      return { frames: written, dim: frames.dim, warnings: frames.warnings };
    } finally {
      await frames.close();
    }
  });
  return { paths, ...result };
}

/** An `.npy` has its names in one of two files beside it. */
function filesOf({ path, form }: Source): string[] {
  const stem = withoutEnding(path);
  return form === 'npy' ? [path, `${stem}.txt`, `${stem}.json`] : [path];
}

function openSources(
  { sources, isMerge }: Conversion,
  options: ConvertOptions,
  signal?: AbortSignal,
): Promise<Frames> {
  const names = sources.map(({ path }) => withoutEnding(basename(path)));
  const opening = sources.map(({ path, form }, i) => ({
    // Films of the same name, as from two folders, go by their paths: their frames may have the same names too.
    name: names.indexOf(names[i]) === names.lastIndexOf(names[i]) ? names[i] : path,
    path,
    open: async () => warningIfEmpty(path, await forms[form].read(path, options, signal)),
  }));
  const [only] = opening;
  return isMerge || only === undefined ? mergeFrames(opening) : only.open();
}

/** Warns of a source without frames: it is hardly what its owner thinks it is. */
function warningIfEmpty(path: string, frames: Frames): Frames {
  const warnings: string[] = [];
  return {
    dim: frames.dim,
    get warnings() {
      return [...frames.warnings, ...warnings];
    },
    async *blocks() {
      let count = 0;
      for await (const block of frames.blocks()) {
        count += block.filenames.length;
        yield block;
      }
      if (count === 0) warnings.push(`${path}: no frames in it`);
    },
    close: () => frames.close(),
  };
}

async function* watched(
  blocks: AsyncIterable<FrameBlock>,
  { signal, onProgress }: Watching,
): AsyncGenerator<FrameBlock> {
  for await (const block of blocks) {
    signal?.throwIfAborted();
    yield block;
    onProgress?.(block.sourceBytes);
  }
  signal?.throwIfAborted();
}

/** What a thread that converts can do. */
export interface ConvertKinds {
  readonly convert: {
    readonly task: { readonly conversion: Conversion; readonly options: ConvertOptions };
    readonly result: Converted;
  };
}

/** Called in the threads. @public */
export const workerTasks: WorkerTasks<ConvertKinds> = {
  convert: ({ conversion, options }, watching) => convertFile(conversion, options, watching),
};

/** One film of those that are joined. */
export interface MergedFilm {
  /** What its filenames are prefixed with: `film:filename`. */
  readonly name: string;
  readonly path: string;
  open(): Promise<Frames>;
}

/**
 * Joins films in their order; the first that has a dim gives it to all. Errors, when its turn comes: those of each
 * film, and `dim-mismatch` for one with frames of another dim.
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

  /** A writer must know the dim before the first block, so films without frames, which have no dim, are skipped. */
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
