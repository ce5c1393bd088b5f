// Products of int16 codes, a tile of rows by a tile of rows: two rows by four at a time, so that six loads feed eight
// multiply-adds, and eight sums stay in registers. If the loop is unrolled further, V8 spills them, which is slower.
//
// Codes are row-major, dim a multiple of 8, so a row takes 2 * dim bytes. Sums are int32 and wrap; the search index
// scales its codes so that they cannot. If `aRows` is odd, one row more is read; if `bRows` is no multiple of four, up
// to three. The content of these rows does not matter.

/** All products. `out` is int32 [aRows, up to even x bRows, up to a multiple of 4], row-major. */
export function tile(a: usize, aRows: i32, b: usize, bRows: i32, dim: i32, out: usize): void {
  const outRowBytes = (<usize>((bRows + 3) & ~3)) << 2;
  for (let j = 0; j < bRows; j += 4, out += 16) {
    let products = out;
    for (let i = 0; i < aRows; i += 2, products += outRowBytes << 1) {
      twoByFour(row(a, i, dim), row(b, j, dim), dim, products, products + outRowBytes);
    }
  }
}

// The products of two rows of a with four rows of b: four int32 to `out0`, four to `out1`.
function twoByFour(a0: usize, b0: usize, dim: i32, out0: usize, out1: usize): void {
  const rowBytes = (<usize>dim) << 1;
  const end = a0 + rowBytes;
  let a1 = end;
  let b1 = b0 + rowBytes;
  let b2 = b1 + rowBytes;
  let b3 = b2 + rowBytes;
  let sum00 = i32x4.splat(0);
  let sum01 = i32x4.splat(0);
  let sum02 = i32x4.splat(0);
  let sum03 = i32x4.splat(0);
  let sum10 = i32x4.splat(0);
  let sum11 = i32x4.splat(0);
  let sum12 = i32x4.splat(0);
  let sum13 = i32x4.splat(0);
  while (a0 < end) {
    const x0 = v128.load(a0);
    const x1 = v128.load(a1);
    let y = v128.load(b0);
    sum00 = i32x4.add(sum00, i32x4.dot_i16x8_s(x0, y));
    sum10 = i32x4.add(sum10, i32x4.dot_i16x8_s(x1, y));
    y = v128.load(b1);
    sum01 = i32x4.add(sum01, i32x4.dot_i16x8_s(x0, y));
    sum11 = i32x4.add(sum11, i32x4.dot_i16x8_s(x1, y));
    y = v128.load(b2);
    sum02 = i32x4.add(sum02, i32x4.dot_i16x8_s(x0, y));
    sum12 = i32x4.add(sum12, i32x4.dot_i16x8_s(x1, y));
    y = v128.load(b3);
    sum03 = i32x4.add(sum03, i32x4.dot_i16x8_s(x0, y));
    sum13 = i32x4.add(sum13, i32x4.dot_i16x8_s(x1, y));
    a0 += 16;
    a1 += 16;
    b0 += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
  v128.store(out0, fourSums(sum00, sum01, sum02, sum03));
  v128.store(out1, fourSums(sum10, sum11, sum12, sum13));
}

// The sum of each of four vectors, side by side.
function fourSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

function row(codes: usize, number: i32, dim: i32): usize {
  return codes + ((<usize>number * <usize>dim) << 1);
}

/**
 * Writes the indices, int32, of the rows with product * scale + (base + slope * remainder) >= floor, and returns how
 * many there are. A remainder of NaN reaches no floor.
 */
export function reaching(
  products: usize,
  remainders: usize,
  count: i32,
  scale: f64,
  slope: f64,
  base: f64,
  floor: f64,
  out: usize,
): i32 {
  const start = out;
  for (let i = 0; i < count; i++) {
    const slack = base + slope * <f64>f32.load(remainders);
    if (<f64>i32.load(products) * scale + slack >= floor) {
      i32.store(out, i);
      out += 4;
    }
    products += 4;
    remainders += 4;
  }
  return <i32>((out - start) >> 2);
}

/** The largest left side of the comparison in `reaching`; minus infinity if all are NaN. */
export function highest(
  products: usize,
  remainders: usize,
  count: i32,
  scale: f64,
  slope: f64,
  base: f64,
): f64 {
  let most: f64 = -Infinity;
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 2;
    const slack = base + slope * <f64>f32.load(remainders + at);
    const bound = <f64>i32.load(products + at) * scale + slack;
    if (bound > most) most = bound;
  }
  return most;
}

/** The first index at which two lists of int32 differ, or -1. */
export function firstDifference(a: usize, b: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 2;
    if (i32.load(a + at) != i32.load(b + at)) return i;
  }
  return -1;
}
