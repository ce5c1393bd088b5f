/**
 * The WebAssembly kernel: what it computes, as calls on addresses, and how it is loaded. Its source is `assembly/`, its
 * binary is built to `dist/kernel/kernel.wasm`, and it works on shared memory that its caller owns, so that workers can
 * share one. Each interface is also filled by plain TypeScript, so that everything above is written once.
 *
 * Addresses are byte offsets into that memory. Nothing is allocated, nothing is checked.
 */
import { readFileSync } from 'node:fs';
import { GialloError } from '../errors.js';
import { openPatientlySync } from '../files/open-files.js';

export type KernelImplementation = 'simd' | 'scalar';

/** SIMD, unless the machine has none or `GIALLO_KERNEL=scalar` is set. */
export function preferredImplementation(): KernelImplementation {
  return process.env.GIALLO_KERNEL !== 'scalar' && isSimdSupported() ? 'simd' : 'scalar';
}

/**
 * The canonical score. Rows are float32, row-major; `dim` is a multiple of eight, the rest padded with zeros. A query is
 * float64, promoted from float32 by the caller. Addresses are multiples of eight. `out` receives `count` float64.
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
   * Adds each row times its factor, one float64 a row, to `sums`, float64 [dim], row after row. Rows with a factor of 0
   * are left out, whatever they hold.
   */
  addRows(rows: number, count: number, dim: number, factors: number, sums: number): void;
  /** The dot product of a row with another, sooner there and not canonical: `floatDotRounding` says how far off. */
  floatDot(a: number, b: number, dim: number): number;
}

/**
 * Products of int16 codes, tile against tile, and the rows whose bounds by them matter. Codes are row-major, `dim` a
 * multiple of eight. Sums are int32 and wrap: codes are to be scaled so that they cannot. Addresses are multiples of four.
 * One row past an odd `aRows` and up to three rows past a `bRows` that is no multiple of four may be read: memory must be
 * there, its content does not matter. A search selects by bounds once a process, over hundred thousands of rows:
 * JavaScript would be done before it is compiled.
 */
export interface TileKernel {
  /**
   * Every product of a row of `a` with a row of `b`. `out` is int32 `[aRows, up to even x bRows, up to a multiple of 4]`,
   * row-major; what it holds beyond `aRows` and `bRows` means nothing.
   */
  tile(a: number, aRows: number, b: number, bRows: number, dim: number, out: number): void;
  /**
   * Writes the numbers of the rows with product * scale + (base + slope * remainder) >= floor to `out`, int32, and
   * returns how many. `products` are int32, `remainders` float32, `count` of each. NaN reaches nothing.
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
  /** The most that `reaching` finds on the left of its comparison; minus infinity where all of it is NaN. */
  highest(
    products: number,
    remainders: number,
    count: number,
    scale: number,
    slope: number,
    base: number,
  ): number;
  /** The first place where two lists of `count` int32 differ, or -1. */
  firstDifference(a: number, b: number, count: number): number;
}

/** Products of sketches that lie in groups of rows (`row-groups.ts`). Addresses are multiples of 16. */
export interface GroupKernel {
  /**
   * Lays rows of codes, int16 [count x dim], at `places`, int32 [count], of groups. Writes to `squares`, int32 [count x 3],
   * the squares of what half of each head, the head, and head and middle leave.
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
   * The pairs of rows whose heads' product reaches that of either row that counts, and which can reach the floor of either:
   * pairs of whose halves of heads this is not true may be left out. The product of heads, of heads and middles, and the whole product reach it, each with the product of what these leave
   * out. To prune by one side alone, give the other 2 ** 31 - 1 and Infinity. Sums are int32 and wrap. Writes (row of a,
   * row of b, whole product), three int32 each, to `out`, which must hold `12 * aRows * bRows` bytes, in no order that one
   * may rely on. Returns how many. `scratch` holds 128 bytes.
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
   * Raises tops, int32, one a row, to the highest product of the row's head with one of the other side: the higher half is
   * the product's, in the lower one stands the number of the other row, which must be less than 2^16. Rows are whole
   * groups; `tailDim` is middleDim + restDim. `scratch` holds 128 bytes.
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
  /** The whole product of two rows, numbered from the addresses on; `tailDim` is middleDim + restDim. */
  wholeProduct(a: number, rowA: number, b: number, rowB: number, headDim: number, tailDim: number): number;
}

/** Rows times basis vectors, both rounded to int16. */
export interface ProjectionKernel {
  /**
   * Rounds float32 rows of a length between 2^-20 and 2^20, in strips of `roundedColumns` with a step each: `rounded` is
   * int16, `roundedSize` of them, `steps` float32 [count x strips]. `dim` is a multiple of eight. `errors` receives `count`
   * float64: how long what is rounded off is. Addresses are multiples of eight.
   */
  roundRows(rows: number, count: number, dim: number, rounded: number, steps: number, errors: number): void;
  /**
   * The dot product, in float32, of each row that `roundRows` rounded with each vector that `roundVectors` did; `vectors`
   * is a multiple of eight. `out` is float32 `[count, up to a multiple of four x vectors]`; what it holds beyond `count`
   * means nothing. Up to three rows and their steps are read past `count`, whatever lies there.
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
   * Codes rows of projections, float32 [count x width]: a number times its row's factor, float64 [count], is p, and
   * rounded, within `largestCode`, the code c, int16 [count x width]. Where the factor is 0, so are the codes. `sums` are
   * float64 [count x 3]: c.c, c.p and |p - c|^2; `checks` int32 [count]: the products of codes and `key`, int16 [width],
   * which wrap. `width` is a multiple of eight.
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

/** The most a memory may hold, in pages of 64 KiB: the 4 GiB that the kernel was compiled for. */
const maximumPages = 65_536;

export const pageBytes = 65_536;

/** What a shared memory of at least `bytes` is made of. */
export function pagesFor(bytes: number): { initial: number; maximum: number; shared: true } {
  return { initial: Math.ceil(bytes / pageBytes), maximum: maximumPages, shared: true };
}

/** Everything that the module exports. */
type Kernel = LaneKernel & TileKernel & GroupKernel & ProjectionKernel;

/**
 * The kernel on a shared memory, which the caller owns.
 * Throws `file-unreadable` when the binary is missing, which is a fault of the installation.
 */
export function instantiateKernel(memory: WebAssembly.Memory): Kernel {
  compiled ??= new WebAssembly.Module(readKernel());
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return exports as unknown as Kernel;
}

/** Whether this processor and this Node run WebAssembly SIMD. */
export function isSimdSupported(): boolean {
  isSimd ??= typeof WebAssembly === 'object' && WebAssembly.validate(simdProbe);
  return isSimd;
}

let isSimd: boolean | undefined;
let compiled: WebAssembly.Module | undefined;

function readKernel(): Buffer<ArrayBuffer> {
  // The same step from src/kernel and from dist/kernel.
  const url = new URL('../../dist/kernel/kernel.wasm', import.meta.url);
  try {
    return openPatientlySync(() => readFileSync(url));
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
