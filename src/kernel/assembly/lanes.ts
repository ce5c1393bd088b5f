// The sums of the canonical scores in SIMD: float32 promoted to float64, eight lanes (lane = position mod 8) in four
// vectors of two, products and sums rounded separately. Numbers are added in the same order as in ../scalar.ts, so the
// results are the same to the bit.
//
// Rows are float32, row-major, dim a multiple of 8 (padded with zeros), so a row takes 4 * dim bytes. A query is
// float64, promoted once by the caller: to convert it again for every row would cost a fifth of the time.

/** out[i] = the sum of the squares of row i. Loads each number once; `dot` of a row with itself would load it twice. */
export function squares(rows: usize, count: i32, dim: i32, out: usize): void {
  for (let i = 0; i < count; i++) {
    let sum01 = f64x2.splat(0);
    let sum23 = f64x2.splat(0);
    let sum45 = f64x2.splat(0);
    let sum67 = f64x2.splat(0);
    for (const end = rows + rowBytes(dim); rows < end; rows += 32) {
      const x01 = two<f32>(rows);
      const x23 = two<f32>(rows, 8);
      const x45 = two<f32>(rows, 16);
      const x67 = two<f32>(rows, 24);
      sum01 = f64x2.add(sum01, f64x2.mul(x01, x01));
      sum23 = f64x2.add(sum23, f64x2.mul(x23, x23));
      sum45 = f64x2.add(sum45, f64x2.mul(x45, x45));
      sum67 = f64x2.add(sum67, f64x2.mul(x67, x67));
    }
    f64.store(out, reduce(sum01, sum23, sum45, sum67));
    out += 8;
  }
}

/** out[i] = the dot product of row i with one float64 query. */
export function dots(rows: usize, count: i32, dim: i32, query: usize, out: usize): void {
  const step = rowBytes(dim);
  for (let i = 0; i < count; i++) {
    f64.store(out, dot<f64>(rows, query, step));
    rows += step;
    out += 8;
  }
}

/** out[i] = the sum of the squared differences between row i and one float64 query. */
export function squaredDistances(rows: usize, count: i32, dim: i32, query: usize, out: usize): void {
  const step = rowBytes(dim);
  for (let i = 0; i < count; i++) {
    f64.store(out, squaredDistance<f64>(rows, query, step));
    rows += step;
    out += 8;
  }
}

/** out[i] = the dot product of row i of `a` with row i of `b`; the two may overlap. */
export function pairDots(a: usize, b: usize, count: i32, dim: i32, out: usize): void {
  const step = rowBytes(dim);
  for (let i = 0; i < count; i++) {
    f64.store(out, dot<f32>(a, b, step));
    a += step;
    b += step;
    out += 8;
  }
}

/** out[i] = the sum of the squared differences between row i of `a` and row i of `b`. */
export function pairSquaredDistances(a: usize, b: usize, count: i32, dim: i32, out: usize): void {
  const step = rowBytes(dim);
  for (let i = 0; i < count; i++) {
    f64.store(out, squaredDistance<f32>(a, b, step));
    a += step;
    b += step;
    out += 8;
  }
}

/**
 * Adds each row, times its float64 factor, to float64 sums, in the order of the rows. Skips rows with a factor of 0.
 */
export function addRows(rows: usize, count: i32, dim: i32, factors: usize, sums: usize): void {
  const step = rowBytes(dim);
  for (let i = 0; i < count; i++) {
    const number = f64.load(factors + ((<usize>i) << 3));
    if (number != 0) addRow(rows, step, f64x2.splat(number), sums);
    rows += step;
  }
}

function addRow(row: usize, length: usize, factor: v128, sums: usize): void {
  for (const end = row + length; row < end; row += 32) {
    v128.store(sums, f64x2.add(v128.load(sums), f64x2.mul(two<f32>(row), factor)));
    v128.store(sums, f64x2.add(v128.load(sums, 16), f64x2.mul(two<f32>(row, 8), factor)), 16);
    v128.store(sums, f64x2.add(v128.load(sums, 32), f64x2.mul(two<f32>(row, 16), factor)), 32);
    v128.store(sums, f64x2.add(v128.load(sums, 48), f64x2.mul(two<f32>(row, 24), factor)), 48);
    sums += 64;
  }
}

/**
 * The dot product of two rows in float32, faster than `pairDots`; `floatDotRounding` in ../projection.ts bounds its
 * error.
 */
export function floatDot(a: usize, b: usize, dim: i32): f32 {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let sum2 = f32x4.splat(0);
  let sum3 = f32x4.splat(0);
  const end = a + rowBytes(dim);
  for (const last = a + (rowBytes(dim) & ~63); a < last; a += 64) {
    sum0 = f32x4.add(sum0, f32x4.mul(v128.load(a), v128.load(b)));
    sum1 = f32x4.add(sum1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
    sum2 = f32x4.add(sum2, f32x4.mul(v128.load(a, 32), v128.load(b, 32)));
    sum3 = f32x4.add(sum3, f32x4.mul(v128.load(a, 48), v128.load(b, 48)));
    b += 64;
  }
  if (a < end) {
    sum0 = f32x4.add(sum0, f32x4.mul(v128.load(a), v128.load(b)));
    sum1 = f32x4.add(sum1, f32x4.mul(v128.load(a, 16), v128.load(b, 16)));
  }
  const sum = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
  const low = f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1);
  return low + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

/**
 * out[i] = the dot product of row i with one float32 query, in float32: four rows at a time, so that each number of the
 * query is loaded once for four products. `floatDotsRounding` in ../projection.ts bounds the error.
 */
export function floatDots(rows: usize, count: i32, dim: i32, query: usize, out: usize): void {
  const step = rowBytes(dim);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(out, fourFloatDots(rows, step, query));
    rows += step << 2;
    out += 16;
  }
  for (; i < count; i++) {
    f32.store(out, floatDot(rows, query, dim));
    rows += step;
    out += 4;
  }
}

// The dot products of four rows, each `step` bytes after the one before, with a query.
function fourFloatDots(row0: usize, step: usize, query: usize): v128 {
  let row1 = row0 + step;
  let row2 = row1 + step;
  let row3 = row2 + step;
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let sum2 = f32x4.splat(0);
  let sum3 = f32x4.splat(0);
  for (const end = query + step; query < end; query += 32) {
    let x = v128.load(query);
    sum0 = f32x4.add(sum0, f32x4.mul(x, v128.load(row0)));
    sum1 = f32x4.add(sum1, f32x4.mul(x, v128.load(row1)));
    sum2 = f32x4.add(sum2, f32x4.mul(x, v128.load(row2)));
    sum3 = f32x4.add(sum3, f32x4.mul(x, v128.load(row3)));
    x = v128.load(query, 16);
    sum0 = f32x4.add(sum0, f32x4.mul(x, v128.load(row0, 16)));
    sum1 = f32x4.add(sum1, f32x4.mul(x, v128.load(row1, 16)));
    sum2 = f32x4.add(sum2, f32x4.mul(x, v128.load(row2, 16)));
    sum3 = f32x4.add(sum3, f32x4.mul(x, v128.load(row3, 16)));
    row0 += 32;
    row1 += 32;
    row2 += 32;
    row3 += 32;
  }
  const ab = f32x4.add(v128.shuffle<i32>(sum0, sum1, 0, 4, 1, 5), v128.shuffle<i32>(sum0, sum1, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<i32>(sum2, sum3, 0, 4, 1, 5), v128.shuffle<i32>(sum2, sum3, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

/** The dot product of a float32 row `a` and a row `b` of `Item`s; `length` is that of `a`, in bytes. */
function dot<Item>(a: usize, b: usize, length: usize): f64 {
  let sum01 = f64x2.splat(0);
  let sum23 = f64x2.splat(0);
  let sum45 = f64x2.splat(0);
  let sum67 = f64x2.splat(0);
  for (const end = a + length; a < end; a += 32) {
    sum01 = f64x2.add(sum01, f64x2.mul(two<f32>(a), two<Item>(b)));
    sum23 = f64x2.add(sum23, f64x2.mul(two<f32>(a, 8), two<Item>(b, 2 * sizeof<Item>())));
    sum45 = f64x2.add(sum45, f64x2.mul(two<f32>(a, 16), two<Item>(b, 4 * sizeof<Item>())));
    sum67 = f64x2.add(sum67, f64x2.mul(two<f32>(a, 24), two<Item>(b, 6 * sizeof<Item>())));
    b += 8 * sizeof<Item>();
  }
  return reduce(sum01, sum23, sum45, sum67);
}

/** The sum of the squared differences of a float32 row `a` and a row `b` of `Item`s; `length` as in `dot`. */
function squaredDistance<Item>(a: usize, b: usize, length: usize): f64 {
  let sum01 = f64x2.splat(0);
  let sum23 = f64x2.splat(0);
  let sum45 = f64x2.splat(0);
  let sum67 = f64x2.splat(0);
  for (const end = a + length; a < end; a += 32) {
    const d01 = f64x2.sub(two<Item>(b), two<f32>(a));
    const d23 = f64x2.sub(two<Item>(b, 2 * sizeof<Item>()), two<f32>(a, 8));
    const d45 = f64x2.sub(two<Item>(b, 4 * sizeof<Item>()), two<f32>(a, 16));
    const d67 = f64x2.sub(two<Item>(b, 6 * sizeof<Item>()), two<f32>(a, 24));
    sum01 = f64x2.add(sum01, f64x2.mul(d01, d01));
    sum23 = f64x2.add(sum23, f64x2.mul(d23, d23));
    sum45 = f64x2.add(sum45, f64x2.mul(d45, d45));
    sum67 = f64x2.add(sum67, f64x2.mul(d67, d67));
    b += 8 * sizeof<Item>();
  }
  return reduce(sum01, sum23, sum45, sum67);
}

// Two `Item`s at `at + offset` as two float64. Float32 are loaded two at a time: V8 folds a 64-bit load into the
// conversion, and a 128-bit load would need a shuffle for its upper half.
function two<Item>(at: usize, offset: usize = 0): v128 {
  if (sizeof<Item>() == sizeof<f64>()) return v128.load(at + offset);
  return f64x2.promote_low_f32x4(v128.load64_zero(at + offset));
}

function rowBytes(dim: i32): usize {
  return (<usize>dim) << 2;
}

// ((0+2)+(4+6)) + ((1+3)+(5+7))
function reduce(sum01: v128, sum23: v128, sum45: v128, sum67: v128): f64 {
  const both = f64x2.add(f64x2.add(sum01, sum23), f64x2.add(sum45, sum67));
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}
