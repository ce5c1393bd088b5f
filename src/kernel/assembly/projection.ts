// Rows times basis vectors in float32, two rows against four vectors at a time: eight sums stay in registers. Columns
// are taken in strips, whose sums are added up apart: a strip of the basis stays in the second-level cache, and the
// rounding error grows with the strip's length instead of the row's.

/** Columns of a strip; the rounding bound of ../projection.ts follows from it. */
const stripColumns: i32 = 512;

/**
 * out[i][j] = the dot product of row i and basis vector j. Rows and basis are float32, row-major, `dim` a multiple of 4;
 * `vectors` is a multiple of 4; out is float32 [rows up to even x vectors]. Reads one row past an odd `count`.
 */
export function project(rows: usize, count: i32, basis: usize, vectors: i32, dim: i32, out: usize): void {
  const rowBytes = (<usize>dim) << 2;
  const outBytes = (<usize>vectors) << 2;
  memory.fill(out, 0, outBytes * <usize>((count + 1) & ~1));
  for (let from = 0; from < dim; from += stripColumns) {
    const stripBytes = (<usize>min(dim - from, stripColumns)) << 2;
    const skipped = (<usize>from) << 2;
    for (let j = 0; j < vectors; j += 4) {
      const b = basis + <usize>j * rowBytes + skipped;
      let a = rows + skipped;
      let sums = out + ((<usize>j) << 2);
      for (let i = 0; i < count; i += 2) {
        twoByFour(a, b, rowBytes, stripBytes, sums, sums + outBytes);
        a += rowBytes << 1;
        sums += outBytes << 1;
      }
    }
  }
}

// Adds the products of two rows with four vectors, over one strip, to four floats at `out0` and four at `out1`.
function twoByFour(a0: usize, b0: usize, rowBytes: usize, stripBytes: usize, out0: usize, out1: usize): void {
  const end = a0 + stripBytes;
  let a1 = a0 + rowBytes;
  let b1 = b0 + rowBytes;
  let b2 = b1 + rowBytes;
  let b3 = b2 + rowBytes;
  let sum00 = f32x4.splat(0);
  let sum01 = f32x4.splat(0);
  let sum02 = f32x4.splat(0);
  let sum03 = f32x4.splat(0);
  let sum10 = f32x4.splat(0);
  let sum11 = f32x4.splat(0);
  let sum12 = f32x4.splat(0);
  let sum13 = f32x4.splat(0);
  while (a0 < end) {
    const x0 = v128.load(a0);
    const x1 = v128.load(a1);
    let y = v128.load(b0);
    sum00 = f32x4.add(sum00, f32x4.mul(x0, y));
    sum10 = f32x4.add(sum10, f32x4.mul(x1, y));
    y = v128.load(b1);
    sum01 = f32x4.add(sum01, f32x4.mul(x0, y));
    sum11 = f32x4.add(sum11, f32x4.mul(x1, y));
    y = v128.load(b2);
    sum02 = f32x4.add(sum02, f32x4.mul(x0, y));
    sum12 = f32x4.add(sum12, f32x4.mul(x1, y));
    y = v128.load(b3);
    sum03 = f32x4.add(sum03, f32x4.mul(x0, y));
    sum13 = f32x4.add(sum13, f32x4.mul(x1, y));
    a0 += 16;
    a1 += 16;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  v128.store(out0, f32x4.add(v128.load(out0), fourSums(sum00, sum01, sum02, sum03)));
  v128.store(out1, f32x4.add(v128.load(out1), fourSums(sum10, sum11, sum12, sum13)));
}

// The sum of each of four vectors, side by side.
function fourSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}
