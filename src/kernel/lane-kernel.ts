/**
 * The canonical score as calls on addresses: one interface, filled by the WebAssembly module and by plain TypeScript, so
 * that everything above is written once.
 *
 * Rows are float32, row-major; `dim` is a multiple of eight, the rest padded with zeros. A query is float64, promoted
 * from float32 by the caller. Addresses are byte offsets into the memory the kernel was made on, multiples of eight.
 * `out` receives `count` float64. Nothing is allocated, nothing is checked.
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
}
