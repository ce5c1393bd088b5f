/**
 * The WebAssembly kernel: the functions that it exports, and how it is loaded. Its source is `assembly/`; the build
 * writes its binary to `dist/kernel/kernel.wasm`. It works on shared memory that the caller owns. Each of its
 * interfaces also has an implementation in plain TypeScript, so that callers need not know which one they use.
 *
 * Addresses are byte offsets into that memory. The kernel allocates nothing and checks nothing.
 */
import { readFileSync } from 'node:fs';
import { GialloError } from '../errors.js';
import { openWithRetriesSync } from '../files/open-files.js';

export type KernelImplementation = 'simd' | 'scalar';

/** SIMD, unless the machine has none or `GIALLO_KERNEL=scalar` is set. */
export function preferredImplementation(): KernelImplementation {
  return process.env.GIALLO_KERNEL !== 'scalar' && isSimdSupported() ? 'simd' : 'scalar';
}

/**
 * The sums of the canonical scores. Rows are float32, row-major, padded with zeros: `dim` is a multiple of eight. A
 * query is float64, promoted from float32 by the caller. Addresses are multiples of eight. `out` receives `count`
 * float64.
 */
export interface LaneKernel {
  /** The dot product of each row with itself. */
  squares(rows: number, count: number, dim: number, out: number): void;
  /** The dot product of each row with the query. */
  dots(rows: number, count: number, dim: number, query: number, out: number): void;
  /** The sum of squared differences between each row and the query. */
  squaredDistances(rows: number, count: number, dim: number, query: number, out: number): void;
  /** The dot product of each row of `a` with the row of `b` at the same place; the two may overlap. */
  pairDots(a: number, b: number, count: number, dim: number, out: number): void;
  /** The sum of squared differences between each row of `a` and the row of `b` at the same place. */
  pairSquaredDistances(a: number, b: number, count: number, dim: number, out: number): void;
  /**
   * Adds each row, multiplied by its factor, to `sums`, float64 [dim], in the order of the rows. `factors` is float64
   * [count]. Rows with a factor of 0 are skipped, even if they hold NaN or Inf.
   */
  addRows(rows: number, count: number, dim: number, factors: number, sums: number): void;
  /**
   * The dot product of two rows in float32: faster than `pairDots`, but not canonical. `floatDotRounding` bounds its
   * error.
   */
  floatDot(a: number, b: number, dim: number): number;
  /**
   * The dot product of each row with a query of float32, in float32. `out` receives `count` float32.
   * `floatDotsRounding` bounds the error.
   */
  floatDots(rows: number, count: number, dim: number, query: number, out: number): void;
}

/**
 * Products of int16 codes, and the rows whose bounds reach a floor. Codes are row-major, `dim` is a multiple of eight.
 * Sums are int32 and wrap; the caller scales codes so that they cannot. Addresses are multiples of four. If `aRows` is
 * odd, one row more may be read; if `bRows` is no multiple of four, up to three: this memory must exist, its content
 * does not matter. Bounds are compared here, not in JavaScript: a command does it once, for some hundred thousand rows,
 * and would be done before V8 had optimised such a function.
 */
export interface TileKernel {
  /**
   * The dot product of every row of `a` with every row of `b`. `out` is int32 [aRows, up to even x bRows, up to a
   * multiple of 4], row-major; its elements beyond `aRows` and `bRows` are undefined.
   */
  tile(a: number, aRows: number, b: number, bRows: number, dim: number, out: number): void;
  /**
   * Writes the indices of the rows with product * scale + (base + slope * remainder) >= floor to `out`, int32, and
   * returns how many there are. `products` is int32 [count], `remainders` float32 [count]. NaN reaches no floor.
   */
  reaching(
    products: number,
    remainders: number,
    count: number,
    scale: number,
    slope: number,
    base: number,
    floor: number,
    out: number,
  ): number;
  /** The largest left side of the comparison in `reaching`; minus infinity if all are NaN. */
  highest(
    products: number,
    remainders: number,
    count: number,
    scale: number,
    slope: number,
    base: number,
  ): number;
  /** The first index at which two lists of `count` int32 differ, or -1. */
  firstDifference(a: number, b: number, count: number): number;
}

/**
 * Products of sketches that lie in groups of sixteen rows; `row-groups.ts` shows their layout and says what a head, a
 * remainder and a threshold are. Addresses are multiples of 16. Sums are int32 and wrap.
 */
export interface GroupKernel {
  /**
   * Copies rows of codes, int16 [count x dim], into groups, each to its place of `places`, int32 [count]. Writes
   * `squares`, int32 [count x 3]: the sum of the squares of a row's codes after half of its head, after its head, and
   * after its middle.
   */
  layRows(
    codes: number,
    places: number,
    count: number,
    headDim: number,
    middleDim: number,
    restDim: number,
    groups: number,
    squares: number,
  ): void;
  /**
   * Finds the pairs of rows that can reach the floor of either row. A pair survives if
   *
   * - the product of the heads reaches the head threshold of either row, and
   * - the product of the heads, of heads and middles, and of all codes, each plus the product of the two remainders of
   *   that part, reaches the floor of either row.
   *
   * A pair whose half heads do not reach the half threshold of either row may be left out. To use the thresholds and
   * floors of one side only, give the other side 2 ** 31 - 1 and Infinity. Writes three int32 for each pair to `out`,
   * in an undefined order: the row of `a`, the row of `b`, the product of all codes. Returns how many pairs there are.
   * `out` must have room for `12 * aRows * bRows` bytes, `scratch` for 128.
   */
  survivors(
    a: number,
    aRows: number,
    b: number,
    bRows: number,
    headDim: number,
    middleDim: number,
    restDim: number,
    scratch: number,
    out: number,
  ): number;
  /**
   * Finds for each row of either side the row of the other side with the largest product of half heads, or nearly so.
   * `topsA` and `topsB`, int32 [rows], hold in their upper 16 bits those of the product, in the lower 16 the index of
   * the other row; a call only raises them. `aRows` and `bRows` are multiples of 16 and at most 2^16; `tailDim` is
   * middleDim + restDim. `scratch` must have room for 128 bytes.
   */
  raiseTops(
    a: number,
    aRows: number,
    topsA: number,
    b: number,
    bRows: number,
    topsB: number,
    headDim: number,
    tailDim: number,
    scratch: number,
  ): void;
  /** The product of all codes of two rows, counted from the addresses on; `tailDim` is middleDim + restDim. */
  wholeProduct(a: number, rowA: number, b: number, rowB: number, headDim: number, tailDim: number): number;
}

/**
 * Products of rows with basis vectors, both rounded to int16 in strips (`projection.ts`). Addresses are multiples of
 * eight.
 */
export interface ProjectionKernel {
  /**
   * Rounds float32 rows of a length between 2^-20 and 2^20. Writes `rounded`, `roundedSize` int16, and `steps`, float32
   * [count x strips]. `dim` is a multiple of eight. `errors` receives `count` float64: the length of the difference
   * between each row and the rounded row.
   */
  roundRows(rows: number, count: number, dim: number, rounded: number, steps: number, errors: number): void;
  /**
   * The dot product, in float32, of each row of `roundRows` with each vector of `roundVectors`; `vectors` is a multiple
   * of eight. `out` is float32 [count, up to a multiple of four x vectors]; its rows beyond `count` are undefined. Up
   * to three rows past `count` are read, and their steps; their content does not matter.
   */
  projectRounded(
    rows: number,
    steps: number,
    count: number,
    basis: number,
    basisSteps: number,
    vectors: number,
    dim: number,
    out: number,
  ): void;
  /**
   * Codes rows of projections, float32 [count x width]. A projection times the factor of its row, float64 [count], is
   * p; p rounded, within `largestCode`, is the code c, int16 [count x width]. If the factor is 0, so are the codes.
   * `sums` are float64 [count x 3]: c.c, c.p and |p - c|^2. `checks` are int32 [count]: the dot product of the row's
   * codes and `key`, int16 [width], which wraps. `width` is a multiple of eight.
   */
  codeRows(
    projected: number,
    count: number,
    width: number,
    factors: number,
    key: number,
    codes: number,
    sums: number,
    checks: number,
  ): void;
}

/** The largest memory, in pages: 4 GiB, as `build:kernel` in package.json compiles the kernel. */
const maximumPages = 65_536;

/** Bytes of a page of WebAssembly memory. */
export const pageBytes = 65_536;

/** The descriptor of a shared memory of at least `bytes`, for `new WebAssembly.Memory`. */
export function pagesFor(bytes: number): { initial: number; maximum: number; shared: true } {
  return { initial: Math.ceil(bytes / pageBytes), maximum: maximumPages, shared: true };
}

/** Everything that the module exports. */
type Kernel = LaneKernel & TileKernel & GroupKernel & ProjectionKernel;

/**
 * The kernel on a shared memory, which the caller owns. Errors: `file-unreadable` if the binary is missing: the
 * installation is broken.
 */
export function instantiateKernel(memory: WebAssembly.Memory): Kernel {
  compiled ??= new WebAssembly.Module(readKernel());
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return exports as unknown as Kernel;
}

/** Whether this Node.js runs WebAssembly SIMD on this processor. */
export function isSimdSupported(): boolean {
  isSimd ??= typeof WebAssembly === 'object' && WebAssembly.validate(simdProbe);
  return isSimd;
}

let isSimd: boolean | undefined;
let compiled: WebAssembly.Module | undefined;

function readKernel(): Buffer<ArrayBuffer> {
  // The same relative path from src/kernel and from dist/kernel.
  const url = new URL('../../dist/kernel/kernel.wasm', import.meta.url);
  try {
    return openWithRetriesSync(() => readFileSync(url));
  } catch (cause) {
    if (cause instanceof GialloError) throw cause;
    throw new GialloError('file-unreadable', `${url.pathname}: expected the compiled kernel, found none`, {
      hint: 'build it with `npm run build:kernel`',
      cause,
    });
  }
}

// (module (func (result v128) i32.const 0 i8x16.splat))
const simdProbe = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b], // one type: () -> v128
  ...[0x03, 0x02, 0x01, 0x00], // one function of that type
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b], // its body
);
