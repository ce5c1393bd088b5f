/**
 * Scores blocks of rows against a fixed set of queries. A block is copied into the kernel's memory, its rows padded
 * with zeros, and each call of the kernel covers the whole block. Blocks have two reasons. V8 puts optimised code in
 * the place of a function only between two calls, so a call must not last for a whole film. And a block fits the
 * second-level cache, from which all queries after the first read it.
 */
import { type KernelMemory, takeMemory } from './kernel-memory.js';
import { paddedDim } from './scalar.js';
import { type KernelImplementation, preferredImplementation } from './wasm.js';

interface BlockScorerOptions {
  /** Numbers in a row. */
  readonly dim: number;
  /** Vectors of `dim` numbers, which are copied. None are needed for `squares`, `consecutiveDots` and `addRows`. */
  readonly queries: readonly Float32Array[];
  /** The most rows that one `load` brings; `rowsPerBlock(dim)` is a good number. */
  readonly maxRows: number;
  /** By default SIMD, unless the machine has none or `GIALLO_KERNEL=scalar` is set. The bits are the same. */
  readonly implementation?: KernelImplementation;
}

/**
 * Methods that return an array return a view with one number for each loaded row, in the order of the rows. A view is
 * valid until the next call of the same method, of `load` or of `release`.
 */
export interface BlockScorer {
  readonly implementation: KernelImplementation;
  /** Copies the next block [rows x dim], row-major, in the place of the last one. */
  load(values: Float32Array, rows: number): void;
  /** n2 of each row. */
  squares(): Float64Array;
  /** The dot product of query number `query` with each row. */
  dots(query: number): Float64Array;
  /** The dot product of query number `query` with one loaded row, as in `dots`. */
  dot(query: number, row: number): number;
  /** The dot product of query number `query` with each row in float32; `floatDotsRounding` bounds the error. */
  floatDots(query: number): Float32Array;
  /** The squared distance of query number `query` from each row. */
  squaredDistances(query: number): Float64Array;
  /** The squared distance of query number `query` from one loaded row, as in `squaredDistances`. */
  squaredDistance(query: number, row: number): number;
  /**
   * The dot product of each row with the row before it, across blocks: row 0 with the last row of the block before. NaN
   * for the first row of all, and for the first after `reset`.
   */
  consecutiveDots(): Float64Array;
  /**
   * Adds each row, multiplied by its factor, to `sums` [dim], in the order of the rows. `factors` has one number for
   * each row. Rows with a factor of 0 are skipped, even if they hold NaN or Inf.
   */
  addRows(factors: Float64Array, sums: Float64Array): void;
  /** Forgets the last row: `consecutiveDots` begins with NaN again. */
  reset(): void;
  /** Gives the memory back for the next scorer. The scorer and its views must not be used afterwards. */
  release(): void;
}

/**
 * How many rows of `dim` numbers half a MiB holds: they stay in the second-level cache while queries pass over them.
 */
export function rowsPerBlock(dim: number): number {
  return Math.max(1, Math.floor(blockBytes / (paddedDim(dim) * 4)));
}

/** A scorer with memory for its queries and one block, which `release` gives back. Errors: those of `takeMemory`. */
export function createBlockScorer(options: BlockScorerOptions): BlockScorer {
  return new LaneScorer(options);
}

const blockBytes = 512 * 1024;

class LaneScorer implements BlockScorer {
  readonly implementation: KernelImplementation;
  readonly #dim: number;
  readonly #queryCount: number;
  readonly #layout: Layout;
  readonly #memory: KernelMemory;
  /** The sum of one pair. */
  readonly #sum: Float64Array;
  #rows = 0;
  #isReleased = false;

  constructor({ dim, queries, maxRows, implementation = preferredImplementation() }: BlockScorerOptions) {
    this.implementation = implementation;
    this.#dim = dim;
    this.#queryCount = queries.length;
    this.#layout = layOut(dim, maxRows, queries.length);
    this.#memory = takeMemory(this.#layout.end, implementation);
    this.#sum = new Float64Array(this.#memory.buffer, this.#layout.sum, 1);
    for (const [number, query] of queries.entries()) {
      this.#storeQuery(number, query);
    }
    this.reset();
  }

  load(values: Float32Array, rows: number): void {
    if (this.#isReleased || rows > this.#layout.maxRows || values.length !== rows * this.#dim) {
      throw new RangeError(
        `expected up to ${this.#layout.maxRows} rows of ${this.#dim} numbers and a scorer in use, got ${values.length} numbers as ${rows} rows`,
      );
    }
    this.#keepLastRow();
    this.#storeRows(values, rows);
    this.#rows = rows;
  }

  squares(): Float64Array {
    const { rows, paddedDim, squares } = this.#layout;
    this.#memory.kernel.squares(rows, this.#rows, paddedDim, squares);
    return this.#result(squares);
  }

  dots(query: number): Float64Array {
    const { rows, paddedDim, dots } = this.#layout;
    this.#memory.kernel.dots(rows, this.#rows, paddedDim, this.#queryAddress(query), dots);
    return this.#result(dots);
  }

  dot(query: number, row: number): number {
    const { rows, rowBytes, paddedDim, sum } = this.#layout;
    this.#memory.kernel.dots(rows + row * rowBytes, 1, paddedDim, this.#queryAddress(query), sum);
    return this.#sum[0];
  }

  floatDots(query: number): Float32Array {
    const { rows, paddedDim, floatDots } = this.#layout;
    this.#memory.kernel.floatDots(rows, this.#rows, paddedDim, this.#floatQueryAddress(query), floatDots);
    return new Float32Array(this.#memory.buffer, floatDots, this.#rows);
  }

  squaredDistances(query: number): Float64Array {
    const { rows, paddedDim, squaredDistances } = this.#layout;
    this.#memory.kernel.squaredDistances(
      rows,
      this.#rows,
      paddedDim,
      this.#queryAddress(query),
      squaredDistances,
    );
    return this.#result(squaredDistances);
  }

  squaredDistance(query: number, row: number): number {
    const { rows, rowBytes, paddedDim, sum } = this.#layout;
    this.#memory.kernel.squaredDistances(rows + row * rowBytes, 1, paddedDim, this.#queryAddress(query), sum);
    return this.#sum[0];
  }

  consecutiveDots(): Float64Array {
    const { rowBefore, rows, paddedDim, consecutiveDots } = this.#layout;
    this.#memory.kernel.pairDots(rowBefore, rows, this.#rows, paddedDim, consecutiveDots);
    return this.#result(consecutiveDots);
  }

  addRows(factors: Float64Array, sums: Float64Array): void {
    const { rows, paddedDim, factors: ofRows, sums: address } = this.#layout;
    new Float64Array(this.#memory.buffer, ofRows, this.#rows).set(factors);
    const added = new Float64Array(this.#memory.buffer, address, this.#dim);
    added.set(sums);
    this.#memory.kernel.addRows(rows, this.#rows, paddedDim, ofRows, address);
    sums.set(added);
  }

  reset(): void {
    this.#rows = 0;
    new Float32Array(this.#memory.buffer, this.#layout.rowBefore, this.#layout.paddedDim).fill(Number.NaN);
  }

  release(): void {
    if (!this.#isReleased) {
      this.#isReleased = true;
      this.#memory.release();
    }
  }

  #storeQuery(number: number, query: Float32Array): void {
    if (query.length !== this.#dim) {
      throw new RangeError(`expected queries of ${this.#dim} numbers, got one of ${query.length}`);
    }
    const promoted = new Float64Array(
      this.#memory.buffer,
      this.#queryAddress(number),
      this.#layout.paddedDim,
    );
    promoted.set(query);
    promoted.fill(0, this.#dim);
    const address = this.#floatQueryAddress(number);
    new Float32Array(this.#memory.buffer, address, this.#layout.paddedDim).set(promoted);
  }

  #queryAddress(number: number): number {
    return this.#layout.queries + this.#checked(number) * this.#layout.paddedDim * 8;
  }

  #floatQueryAddress(number: number): number {
    return this.#layout.floatQueries + this.#checked(number) * this.#layout.rowBytes;
  }

  #checked(number: number): number {
    if (number < this.#queryCount) return number;
    throw new RangeError(`expected a query number below ${this.#queryCount}, got ${number}`);
  }

  // If the block has no rows, the row that was kept before stays.
  #keepLastRow(): void {
    if (this.#rows > 0) {
      const { rowBefore, rows, rowBytes } = this.#layout;
      const last = rows + (this.#rows - 1) * rowBytes;
      new Uint8Array(this.#memory.buffer).copyWithin(rowBefore, last, last + rowBytes);
    }
  }

  #storeRows(values: Float32Array, rows: number): void {
    const { paddedDim, rows: address } = this.#layout;
    const stored = new Float32Array(this.#memory.buffer, address, rows * paddedDim);
    if (paddedDim === this.#dim) {
      stored.set(values);
      return;
    }
    for (let row = 0; row < rows; row++) {
      stored.set(values.subarray(row * this.#dim, (row + 1) * this.#dim), row * paddedDim);
      stored.fill(0, row * paddedDim + this.#dim, (row + 1) * paddedDim);
    }
  }

  #result(address: number): Float64Array {
    return new Float64Array(this.#memory.buffer, address, this.#rows);
  }
}

/**
 * Byte addresses in a scorer's memory, in the order of the memory. `rows` follows `rowBefore` at once: so the rows that
 * come before the rows of the block are those from `rowBefore` on.
 */
interface Layout {
  readonly maxRows: number;
  readonly paddedDim: number;
  readonly rowBytes: number;
  readonly rowBefore: number;
  readonly rows: number;
  readonly squares: number;
  readonly dots: number;
  readonly squaredDistances: number;
  readonly consecutiveDots: number;
  readonly factors: number;
  readonly sums: number;
  readonly queries: number;
  readonly floatQueries: number;
  readonly floatDots: number;
  readonly sum: number;
  readonly end: number;
}

function layOut(dim: number, maxRows: number, queryCount: number): Layout {
  const rowBytes = paddedDim(dim) * 4;
  const rowBefore = 0;
  const rows = rowBefore + rowBytes;
  const squares = rows + maxRows * rowBytes;
  const dots = squares + maxRows * 8;
  const squaredDistances = dots + maxRows * 8;
  const consecutiveDots = squaredDistances + maxRows * 8;
  const factors = consecutiveDots + maxRows * 8;
  const sums = factors + maxRows * 8;
  const sum = sums + paddedDim(dim) * 8;
  const queries = sum + 8;
  const floatQueries = queries + queryCount * paddedDim(dim) * 8;
  const floatDots = floatQueries + queryCount * rowBytes;
  return {
    maxRows,
    paddedDim: paddedDim(dim),
    rowBytes,
    rowBefore,
    rows,
    squares,
    dots,
    squaredDistances,
    consecutiveDots,
    factors,
    sums,
    queries,
    floatQueries,
    floatDots,
    sum,
    end: floatDots + maxRows * 4,
  };
}
