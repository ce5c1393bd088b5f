/**
 * Products of int16 codes, tile against tile, as calls on addresses: filled by the WebAssembly module and by plain
 * TypeScript, as `LaneKernel` is.
 *
 * Codes are row-major, `dim` a multiple of eight. Sums are int32 and wrap: codes are to be scaled so that they cannot.
 * Addresses are byte offsets, multiples of four. Both calls may read one row past an odd `aRows` and up to three rows
 * (and thresholds) past a `bRows` that is no multiple of four: memory must be there, its content does not matter.
 */
export interface TileKernel {
  /**
   * Every product of a row of `a` with a row of `b`. `out` is int32 `[aRows, up to even x bRows, up to a multiple of 4]`,
   * row-major; what it holds beyond `aRows` and `bRows` means nothing.
   */
  tile(a: number, aRows: number, b: number, bRows: number, dim: number, out: number): void;

  /**
   * The products that reach the threshold of their row of `a` or the threshold of their row of `b` (int32, one a row).
   * To prune by one side alone, give the other thresholds of 2 ** 31 - 1. Writes (row of a, row of b, product), three
   * int32 each, to `out`, which must hold `12 * aRows * bRows` bytes, in no order that one may rely on. Returns how many.
   * `scratch` holds 16 bytes a row of `a`, up to even.
   */
  survivors(
    a: number,
    aRows: number,
    aThresholds: number,
    b: number,
    bRows: number,
    bThresholds: number,
    dim: number,
    scratch: number,
    out: number,
  ): number;
}
