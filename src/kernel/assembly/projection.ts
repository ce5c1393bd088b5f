// Multiplies rows by basis vectors, four rows by eight vectors at a time: 32 sums stay in eight registers. Columns are
// taken in strips, and each strip is summed up by itself: a strip of the basis stays in the cache, and the rounding
// error grows with the number of strips, not with the length of the row.
//
// Rows and vectors are rounded to int16, each strip to multiples of a step of its own. `roundRows` rounds rows and
// measures the error. Vectors lie so that one load has two columns of four of them. Two columns of a row are copied to
// all lanes: each lane then adds up the product of the row with one vector.

/** Columns of a strip; as in ../projection.ts. */
const stripColumns: i32 = 128;
/** The length of a row's strip in its steps, before it is rounded; as in ../projection.ts. */
const stripLength: f64 = 32000;
/** Of rows at least 2^-20 long, a strip is rounded to zeros if the sum of its squares is not larger than this. */
const negligibleSquare: f64 = 2 ** -80;

/** Bytes from a row's strip to that of the next row. */
const stripBytes: usize = 256;

/**
 * Rounds rows of a length between 2^-20 and 2^20. `dim` is a multiple of 8. Writes `rounded`, int16 [strips x count, up
 * to a multiple of 4 x stripColumns], `steps`, float32 [count x strips], and `errors`, float64 [count]: the length of
 * the difference between a row and the rounded row.
 */
export function roundRows(
  rows: usize,
  count: i32,
  dim: i32,
  rounded: usize,
  steps: usize,
  errors: usize,
): void {
  const ofStrip = stripBytes * <usize>((count + 3) & ~3);
  for (let i = 0; i < count; i++) {
    let squaredError: f64 = 0;
    let target = rounded;
    for (let from = 0; from < dim; from += stripColumns) {
      const columns = min(dim - from, stripColumns);
      const square = squareOf(rows, columns);
      let step: f32 = 0;
      if (square <= negligibleSquare) {
        memory.fill(target, 0, (<usize>columns) << 1);
        squaredError += 2 * negligibleSquare;
      } else {
        const length = sqrt(square);
        step = <f32>(length / stripLength);
        const factor = <f32>(stripLength / length);
        squaredError += roundStrip(rows, columns, factor, target) * <f64>step * <f64>step;
      }
      f32.store(steps, step);
      rows += (<usize>columns) << 2;
      target += ofStrip;
      steps += 4;
    }
    f64.store(errors, sqrt(squaredError));
    errors += 8;
    rounded += stripBytes;
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

// 1.5 * 2^23. Added to a float32 between -2^22 and 2^22, it rounds it to a whole number, which the lowest bits then
// hold.
const magic: f32 = 12582912;
const magicBits: i32 = 0x4b400000;

/** Rounds a strip multiplied by a factor, and returns the sum of the squared rounding errors. */
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
 * out[i][j] = the dot product of row i and basis vector j. `rows` and `steps` come from `roundRows`; `basis`, int16
 * [vectors x dim], and `basisSteps`, float32 [strips x vectors], from `roundVectors` in ../projection.ts. `dim` and
 * `vectors` are multiples of 8; `out` is float32 [count, up to a multiple of 4 x vectors]. Reads up to three rows past
 * `count`, and their steps.
 *
 * All loops are in one function: the deeper the innermost loop is nested, the more V8 unrolls it.
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
  const fours = (count + 3) & ~3;
  const outBytes = (<usize>vectors) << 2;
  const stepBytes = (<usize>((dim + stripColumns - 1) / stripColumns)) << 2;
  memory.fill(out, 0, outBytes * <usize>fours);
  for (let from = 0; from < dim; from += stripColumns) {
    const columns = <usize>min(dim - from, stripColumns);
    for (let vector: usize = 0; vector < outBytes; vector += 32) {
      let sums = out + vector;
      for (let i: usize = 0; i < <usize>fours; i += 4) {
        let sum00 = i32x4.splat(0);
        let sum01 = i32x4.splat(0);
        let sum10 = i32x4.splat(0);
        let sum11 = i32x4.splat(0);
        let sum20 = i32x4.splat(0);
        let sum21 = i32x4.splat(0);
        let sum30 = i32x4.splat(0);
        let sum31 = i32x4.splat(0);
        let a = rows + i * stripBytes;
        let b = basis;
        for (const end = a + (columns << 1); a < end; a += 4) {
          const y0 = v128.load(b);
          const y1 = v128.load(b, 16);
          let x = v128.load32_splat(a);
          sum00 = i32x4.add(sum00, i32x4.dot_i16x8_s(x, y0));
          sum01 = i32x4.add(sum01, i32x4.dot_i16x8_s(x, y1));
          x = v128.load32_splat(a, stripBytes);
          sum10 = i32x4.add(sum10, i32x4.dot_i16x8_s(x, y0));
          sum11 = i32x4.add(sum11, i32x4.dot_i16x8_s(x, y1));
          x = v128.load32_splat(a, 2 * stripBytes);
          sum20 = i32x4.add(sum20, i32x4.dot_i16x8_s(x, y0));
          sum21 = i32x4.add(sum21, i32x4.dot_i16x8_s(x, y1));
          x = v128.load32_splat(a, 3 * stripBytes);
          sum30 = i32x4.add(sum30, i32x4.dot_i16x8_s(x, y0));
          sum31 = i32x4.add(sum31, i32x4.dot_i16x8_s(x, y1));
          b += 32;
        }
        const ofRow = steps + i * stepBytes;
        sums = addSteps(sums, sum00, sum01, ofRow, basisSteps + vector, outBytes);
        sums = addSteps(sums, sum10, sum11, ofRow + stepBytes, basisSteps + vector, outBytes);
        sums = addSteps(sums, sum20, sum21, ofRow + 2 * stepBytes, basisSteps + vector, outBytes);
        sums = addSteps(sums, sum30, sum31, ofRow + 3 * stepBytes, basisSteps + vector, outBytes);
      }
      basis += columns << 4;
    }
    rows += stripBytes * <usize>fours;
    steps += 4;
    basisSteps += outBytes;
  }
}

// Adds the int32 sums of a strip, times the steps of the row and of each of eight vectors, to eight float32 at `out`.
// Returns the address of the same vectors in the next row of `out`.
function addSteps(
  out: usize,
  low: v128,
  high: v128,
  rowStep: usize,
  vectorSteps: usize,
  outBytes: usize,
): usize {
  const step = v128.load32_splat(rowStep);
  const lowSteps = f32x4.mul(step, v128.load(vectorSteps));
  const highSteps = f32x4.mul(step, v128.load(vectorSteps, 16));
  v128.store(out, f32x4.add(v128.load(out), f32x4.mul(f32x4.convert_i32x4_s(low), lowSteps)));
  v128.store(out, f32x4.add(v128.load(out, 16), f32x4.mul(f32x4.convert_i32x4_s(high), highSteps)), 16);
  return out + outBytes;
}

/** The largest code; as in ../projection.ts. */
const largestCode: f64 = 32767;

/**
 * Codes rows of projections, float32 [count x width]. A projection times the factor of its row, float64 [count], is p;
 * p rounded, within `largestCode`, is the code c, int16 [count x width]. If the factor is 0, so are the codes, even of
 * NaN. `sums` are float64 [count x 3]: c.c, c.p and |p - c|^2. `checks` are int32 [count]: the dot product of the row's
 * codes and `key`, int16 [width], which wraps. `width` is a multiple of 8.
 */
export function codeRows(
  projected: usize,
  count: i32,
  width: i32,
  factors: usize,
  key: usize,
  codes: usize,
  sums: usize,
  checks: usize,
): void {
  const zero = f64x2.splat(0);
  for (let i = 0; i < count; i++) {
    const factor = v128.load64_splat(factors);
    let cc = zero;
    let cp = zero;
    let squaredError = zero;
    let check = i32x4.splat(0);
    const first = codes;
    for (const end = codes + ((<usize>width) << 1); codes < end; codes += 8) {
      const p0 = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(projected)), factor);
      const p1 = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(projected, 8)), factor);
      const c0 = codeOf(p0);
      const c1 = codeOf(p1);
      cc = f64x2.add(cc, f64x2.add(f64x2.mul(c0, c0), f64x2.mul(c1, c1)));
      cp = f64x2.add(cp, f64x2.add(f64x2.mul(c0, p0), f64x2.mul(c1, p1)));
      const off0 = f64x2.sub(p0, c0);
      const off1 = f64x2.sub(p1, c1);
      squaredError = f64x2.add(squaredError, f64x2.add(f64x2.mul(off0, off0), f64x2.mul(off1, off1)));
      const whole = v128.shuffle<i64>(
        i32x4.trunc_sat_f64x2_s_zero(c0),
        i32x4.trunc_sat_f64x2_s_zero(c1),
        0,
        2,
      );
      const four = i16x8.narrow_i32x4_s(whole, zero);
      v128.store64_lane(codes, four, 0);
      check = i32x4.add(check, i32x4.dot_i16x8_s(four, v128.load64_zero(key + (codes - first))));
      projected += 16;
    }
    f64.store(sums, sumOfTwo(cc));
    f64.store(sums, sumOfTwo(cp), 8);
    f64.store(sums, sumOfTwo(squaredError), 16);
    i32.store(checks, i32x4.extract_lane(check, 0) + i32x4.extract_lane(check, 1));
    factors += 8;
    sums += 24;
    checks += 4;
  }
}

function codeOf(p: v128): v128 {
  return f64x2.max(f64x2.min(f64x2.nearest(p), f64x2.splat(largestCode)), f64x2.splat(-largestCode));
}

function sumOfTwo(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}
