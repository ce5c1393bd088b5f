// Rows times basis vectors, two rows against four vectors at a time: eight sums stay in registers. Columns are taken in
// strips, whose sums are added up apart: a strip of the basis stays in the cache, and the rounding error grows with the
// strip's length, or the number of strips, instead of the row's length.
//
// `project` takes float32. `projectRounded` takes rows and vectors that are rounded to int16, each strip to multiples of
// a step of its own, and is twice as fast: `roundRows` rounds rows, and measures what it rounds off.

/** Columns of a strip of float32. */
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

/** Columns of a strip of int16; as in ../projection.ts. */
const roundedColumns: i32 = 128;
/** How long a strip is in its steps, before it is rounded; as in ../projection.ts. */
const roundedLength: f64 = 32000;
/** Strips whose squares have no larger sum, of rows of a length of at least 2^-20, are all zero for us. */
const nothing: f64 = 2 ** -80;

/**
 * Rounds rows of a length between 2^-20 and 2^20: rounded is int16 [count x dim], steps float32 [count x strips],
 * errors float64 [count]: the length of what was rounded off. `dim` is a multiple of 8.
 */
export function roundRows(
  rows: usize,
  count: i32,
  dim: i32,
  rounded: usize,
  steps: usize,
  errors: usize,
): void {
  for (let i = 0; i < count; i++) {
    let squaredError: f64 = 0;
    for (let from = 0; from < dim; from += roundedColumns) {
      const columns = min(dim - from, roundedColumns);
      const square = squareOf(rows, columns);
      let step: f32 = 0;
      if (square <= nothing) {
        memory.fill(rounded, 0, (<usize>columns) << 1);
        squaredError += 2 * nothing;
      } else {
        const length = sqrt(square);
        step = <f32>(length / roundedLength);
        const factor = <f32>(roundedLength / length);
        squaredError += roundStrip(rows, columns, factor, rounded) * <f64>step * <f64>step;
      }
      f32.store(steps, step);
      rows += (<usize>columns) << 2;
      rounded += (<usize>columns) << 1;
      steps += 4;
    }
    f64.store(errors, sqrt(squaredError));
    errors += 8;
  }
}

function squareOf(row: usize, columns: i32): f64 {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  for (const end = row + ((<usize>columns) << 2); row < end; row += 32) {
    const x0 = v128.load(row);
    const x1 = v128.load(row, 16);
    sum0 = f32x4.add(sum0, f32x4.mul(x0, x0));
    sum1 = f32x4.add(sum1, f32x4.mul(x1, x1));
  }
  return sumOf(f32x4.add(sum0, sum1));
}

// Added to a small float32, this rounds it to a whole number, which its lowest bits then are.
const magic: f32 = 12582912;
const magicBits: i32 = 0x4b400000;

/** Rounds a strip times a factor and returns the sum of the squares of what is rounded off. */
function roundStrip(row: usize, columns: i32, factor: f32, rounded: usize): f64 {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  for (const end = row + ((<usize>columns) << 2); row < end; row += 32) {
    const x0 = f32x4.mul(v128.load(row), f32x4.splat(factor));
    const x1 = f32x4.mul(v128.load(row, 16), f32x4.splat(factor));
    const y0 = f32x4.add(x0, f32x4.splat(magic));
    const y1 = f32x4.add(x1, f32x4.splat(magic));
    const rest0 = f32x4.sub(x0, f32x4.sub(y0, f32x4.splat(magic)));
    const rest1 = f32x4.sub(x1, f32x4.sub(y1, f32x4.splat(magic)));
    sum0 = f32x4.add(sum0, f32x4.mul(rest0, rest0));
    sum1 = f32x4.add(sum1, f32x4.mul(rest1, rest1));
    const whole0 = i32x4.sub(y0, i32x4.splat(magicBits));
    const whole1 = i32x4.sub(y1, i32x4.splat(magicBits));
    v128.store(rounded, i16x8.narrow_i32x4_s(whole0, whole1));
    rounded += 16;
  }
  return sumOf(f32x4.add(sum0, sum1));
}

function sumOf(x: v128): f64 {
  const lanes = <f64>f32x4.extract_lane(x, 0) + <f64>f32x4.extract_lane(x, 1);
  return lanes + (<f64>f32x4.extract_lane(x, 2) + <f64>f32x4.extract_lane(x, 3));
}

/**
 * out[i][j] = the dot product of row i and basis vector j, both rounded: rows and basis are int16, row-major, `dim` a
 * multiple of 8; steps are float32 [count x strips], basisSteps float32 [strips x vectors]. `vectors` and `out` are as
 * for `project`. Reads one row past an odd `count`, and its steps.
 */
export function projectRounded(
  rows: usize,
  steps: usize,
  count: i32,
  basis: usize,
  basisSteps: usize,
  vectors: i32,
  dim: i32,
  out: usize,
): void {
  const rowBytes = (<usize>dim) << 1;
  const outBytes = (<usize>vectors) << 2;
  const stepBytes = (<usize>((dim + roundedColumns - 1) / roundedColumns)) << 2;
  memory.fill(out, 0, outBytes * <usize>((count + 1) & ~1));
  for (let from = 0; from < dim; from += roundedColumns) {
    const stripBytes = (<usize>min(dim - from, roundedColumns)) << 1;
    const skipped = (<usize>from) << 1;
    for (let j = 0; j < vectors; j += 4) {
      const b = basis + <usize>j * rowBytes + skipped;
      const bSteps = v128.load(basisSteps + ((<usize>j) << 2));
      let a = rows + skipped;
      let aSteps = steps;
      let sums = out + ((<usize>j) << 2);
      for (let i = 0; i < count; i += 2) {
        twoByFourRounded(a, b, rowBytes, stripBytes, aSteps, stepBytes, bSteps, sums, outBytes);
        a += rowBytes << 1;
        aSteps += stepBytes << 1;
        sums += outBytes << 1;
      }
    }
    steps += 4;
    basisSteps += outBytes;
  }
}

// Adds the products of two rows with four vectors, over one strip, to four floats at `out` and four at the next row's.
function twoByFourRounded(
  a0: usize,
  b0: usize,
  rowBytes: usize,
  stripBytes: usize,
  steps: usize,
  stepBytes: usize,
  bSteps: v128,
  out: usize,
  outBytes: usize,
): void {
  const end = a0 + stripBytes;
  let a1 = a0 + rowBytes;
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
  addSteps(out, fourWhole(sum00, sum01, sum02, sum03), f32x4.mul(v128.load32_splat(steps), bSteps));
  steps += stepBytes;
  out += outBytes;
  addSteps(out, fourWhole(sum10, sum11, sum12, sum13), f32x4.mul(v128.load32_splat(steps), bSteps));
}

// Adds whole numbers of steps to four floats.
function addSteps(out: usize, numbers: v128, steps: v128): void {
  v128.store(out, f32x4.add(v128.load(out), f32x4.mul(f32x4.convert_i32x4_s(numbers), steps)));
}

// The sum of each of four vectors of int32, side by side.
function fourWhole(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(v128.shuffle<i32>(a, b, 0, 4, 1, 5), v128.shuffle<i32>(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(v128.shuffle<i32>(c, d, 0, 4, 1, 5), v128.shuffle<i32>(c, d, 2, 6, 3, 7));
  return i32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}

// The sum of each of four vectors, side by side.
function fourSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<i64>(ab, cd, 0, 2), v128.shuffle<i64>(ab, cd, 1, 3));
}
