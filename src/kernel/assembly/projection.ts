// Rows times basis vectors, two rows against four vectors at a time: eight sums stay in registers. Columns are taken in
// strips, whose sums are added up apart: a strip of the basis stays in the cache, and the rounding error grows with the
// number of strips instead of the row's length.
//
// Rows and vectors are rounded to int16, each strip to multiples of a step of its own: `roundRows` rounds rows, and
// measures what it rounds off. Rounded numbers lie in the order in which they are multiplied: strip after strip, in a
// strip two rows or four vectors after the other two or four, and of these eight numbers of each in turn.

/** Columns of a strip of int16; as in ../projection.ts. */
const roundedColumns: i32 = 128;
/** How long a strip is in its steps, before it is rounded; as in ../projection.ts. */
const roundedLength: f64 = 32000;
/** Strips whose squares have no larger sum, of rows of a length of at least 2^-20, are all zero for us. */
const nothing: f64 = 2 ** -80;

/** Bytes of two rows' numbers that lie side by side. */
const sideBySide: usize = 32;

/**
 * Rounds rows of a length between 2^-20 and 2^20: rounded is int16 [count, up to even x dim], steps float32 [count x
 * strips], errors float64 [count]: the length of what was rounded off. `dim` is a multiple of 8.
 */
export function roundRows(
  rows: usize,
  count: i32,
  dim: i32,
  rounded: usize,
  steps: usize,
  errors: usize,
): void {
  const even = <usize>((count + 1) & ~1);
  for (let i = 0; i < count; i++) {
    let squaredError: f64 = 0;
    let strip = rounded;
    for (let from = 0; from < dim; from += roundedColumns) {
      const columns = min(dim - from, roundedColumns);
      const target = strip + ((<usize>columns * (i & ~1)) << 1) + <usize>(i & 1) * 16;
      const square = squareOf(rows, columns);
      let step: f32 = 0;
      if (square <= nothing) {
        clearStrip(target, columns);
        squaredError += 2 * nothing;
      } else {
        const length = sqrt(square);
        step = <f32>(length / roundedLength);
        const factor = <f32>(roundedLength / length);
        squaredError += roundStrip(rows, columns, factor, target) * <f64>step * <f64>step;
      }
      f32.store(steps, step);
      rows += (<usize>columns) << 2;
      strip += (<usize>columns * even) << 1;
      steps += 4;
    }
    f64.store(errors, sqrt(squaredError));
    errors += 8;
  }
}

function clearStrip(rounded: usize, columns: i32): void {
  for (let i = 0; i < columns; i += 8) {
    v128.store(rounded, i16x8.splat(0));
    rounded += sideBySide;
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
    rounded += sideBySide;
  }
  return sumOf(f32x4.add(sum0, sum1));
}

function sumOf(x: v128): f64 {
  const lanes = <f64>f32x4.extract_lane(x, 0) + <f64>f32x4.extract_lane(x, 1);
  return lanes + (<f64>f32x4.extract_lane(x, 2) + <f64>f32x4.extract_lane(x, 3));
}

/**
 * out[i][j] = the dot product of row i and basis vector j: rows are those of `roundRows`, the basis of `roundVectors` in
 * ../projection.ts, int16 [vectors x dim], its steps float32 [strips x vectors]. `dim` is a multiple of 8, `vectors` of 4;
 * out is float32 [count, up to even x vectors]. Reads one row past an odd `count`, and its steps.
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
  const even = (count + 1) & ~1;
  const outBytes = (<usize>vectors) << 2;
  const stepBytes = (<usize>((dim + roundedColumns - 1) / roundedColumns)) << 2;
  memory.fill(out, 0, outBytes * <usize>even);
  for (let from = 0; from < dim; from += roundedColumns) {
    const columns = <usize>min(dim - from, roundedColumns);
    for (let j = 0; j < vectors; j += 4) {
      const bSteps = v128.load(basisSteps + ((<usize>j) << 2));
      let a = rows;
      let aSteps = steps;
      let sums = out + ((<usize>j) << 2);
      for (let i = 0; i < even; i += 2) {
        twoByFour(a, basis, columns, aSteps, stepBytes, bSteps, sums, outBytes);
        a += columns << 2;
        aSteps += stepBytes << 1;
        sums += outBytes << 1;
      }
      basis += columns << 3;
    }
    rows += (columns * <usize>even) << 1;
    steps += 4;
    basisSteps += outBytes;
  }
}

// Adds the products of two rows with four vectors, over one strip, to four floats at `out` and four at the next row's.
function twoByFour(
  a: usize,
  b: usize,
  columns: usize,
  steps: usize,
  stepBytes: usize,
  bSteps: v128,
  out: usize,
  outBytes: usize,
): void {
  let sum00 = i32x4.splat(0);
  let sum01 = i32x4.splat(0);
  let sum02 = i32x4.splat(0);
  let sum03 = i32x4.splat(0);
  let sum10 = i32x4.splat(0);
  let sum11 = i32x4.splat(0);
  let sum12 = i32x4.splat(0);
  let sum13 = i32x4.splat(0);
  for (const end = a + (columns << 2); a < end; a += sideBySide) {
    const x0 = v128.load(a);
    const x1 = v128.load(a, 16);
    let y = v128.load(b);
    sum00 = i32x4.add(sum00, i32x4.dot_i16x8_s(x0, y));
    sum10 = i32x4.add(sum10, i32x4.dot_i16x8_s(x1, y));
    y = v128.load(b, 16);
    sum01 = i32x4.add(sum01, i32x4.dot_i16x8_s(x0, y));
    sum11 = i32x4.add(sum11, i32x4.dot_i16x8_s(x1, y));
    y = v128.load(b, 32);
    sum02 = i32x4.add(sum02, i32x4.dot_i16x8_s(x0, y));
    sum12 = i32x4.add(sum12, i32x4.dot_i16x8_s(x1, y));
    y = v128.load(b, 48);
    sum03 = i32x4.add(sum03, i32x4.dot_i16x8_s(x0, y));
    sum13 = i32x4.add(sum13, i32x4.dot_i16x8_s(x1, y));
    b += 2 * sideBySide;
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
