// The canonical score in SIMD: float32 promoted to float64, eight lanes (lane = position mod 8) in four vectors of two,
// multiply and add rounded apart. The order of the sums is the same as in ../scalar.ts, so the bits are too.
//
// Rows are float32, row-major, dim a multiple of 8 (padded with zeros), so a row takes 4 * dim bytes. A query is float64,
// promoted once by the caller, since converting it again for every row costs a fifth of the time.

/** out[i] = the sum of row i's squares. */
export function squares(rows: usize, count: i32, dim: i32, out: usize): void {
  for (let i = 0; i < count; i++) {
    let sum01 = f64x2.splat(0);
    let sum23 = f64x2.splat(0);
    let sum45 = f64x2.splat(0);
    let sum67 = f64x2.splat(0);
    for (const end = rows + rowBytes(dim); rows < end; rows += 32) {
      const x01 = promote(v128.load64_zero(rows));
      const x23 = promote(v128.load64_zero(rows, 8));
      const x45 = promote(v128.load64_zero(rows, 16));
      const x67 = promote(v128.load64_zero(rows, 24));
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
  for (let i = 0; i < count; i++) {
    let sum01 = f64x2.splat(0);
    let sum23 = f64x2.splat(0);
    let sum45 = f64x2.splat(0);
    let sum67 = f64x2.splat(0);
    let q = query;
    for (const end = rows + rowBytes(dim); rows < end; rows += 32) {
      sum01 = f64x2.add(sum01, f64x2.mul(promote(v128.load64_zero(rows)), v128.load(q)));
      sum23 = f64x2.add(sum23, f64x2.mul(promote(v128.load64_zero(rows, 8)), v128.load(q, 16)));
      sum45 = f64x2.add(sum45, f64x2.mul(promote(v128.load64_zero(rows, 16)), v128.load(q, 32)));
      sum67 = f64x2.add(sum67, f64x2.mul(promote(v128.load64_zero(rows, 24)), v128.load(q, 48)));
      q += 64;
    }
    f64.store(out, reduce(sum01, sum23, sum45, sum67));
    out += 8;
  }
}

/** out[i] = the sum of the squared differences between row i and one float64 query. */
export function squaredDistances(rows: usize, count: i32, dim: i32, query: usize, out: usize): void {
  for (let i = 0; i < count; i++) {
    let sum01 = f64x2.splat(0);
    let sum23 = f64x2.splat(0);
    let sum45 = f64x2.splat(0);
    let sum67 = f64x2.splat(0);
    let q = query;
    for (const end = rows + rowBytes(dim); rows < end; rows += 32) {
      const d01 = f64x2.sub(v128.load(q), promote(v128.load64_zero(rows)));
      const d23 = f64x2.sub(v128.load(q, 16), promote(v128.load64_zero(rows, 8)));
      const d45 = f64x2.sub(v128.load(q, 32), promote(v128.load64_zero(rows, 16)));
      const d67 = f64x2.sub(v128.load(q, 48), promote(v128.load64_zero(rows, 24)));
      sum01 = f64x2.add(sum01, f64x2.mul(d01, d01));
      sum23 = f64x2.add(sum23, f64x2.mul(d23, d23));
      sum45 = f64x2.add(sum45, f64x2.mul(d45, d45));
      sum67 = f64x2.add(sum67, f64x2.mul(d67, d67));
      q += 64;
    }
    f64.store(out, reduce(sum01, sum23, sum45, sum67));
    out += 8;
  }
}

/** out[i] = the dot product of row i of `a` with row i of `b`; the two may overlap. */
export function pairDots(a: usize, b: usize, count: i32, dim: i32, out: usize): void {
  for (let i = 0; i < count; i++) {
    let sum01 = f64x2.splat(0);
    let sum23 = f64x2.splat(0);
    let sum45 = f64x2.splat(0);
    let sum67 = f64x2.splat(0);
    for (const end = a + rowBytes(dim); a < end; a += 32) {
      sum01 = f64x2.add(sum01, f64x2.mul(promote(v128.load64_zero(a)), promote(v128.load64_zero(b))));
      sum23 = f64x2.add(sum23, f64x2.mul(promote(v128.load64_zero(a, 8)), promote(v128.load64_zero(b, 8))));
      sum45 = f64x2.add(sum45, f64x2.mul(promote(v128.load64_zero(a, 16)), promote(v128.load64_zero(b, 16))));
      sum67 = f64x2.add(sum67, f64x2.mul(promote(v128.load64_zero(a, 24)), promote(v128.load64_zero(b, 24))));
      b += 32;
    }
    f64.store(out, reduce(sum01, sum23, sum45, sum67));
    out += 8;
  }
}

/** out[i] = the sum of the squared differences between row i of `a` and row i of `b`. */
export function pairSquaredDistances(a: usize, b: usize, count: i32, dim: i32, out: usize): void {
  for (let i = 0; i < count; i++) {
    let sum01 = f64x2.splat(0);
    let sum23 = f64x2.splat(0);
    let sum45 = f64x2.splat(0);
    let sum67 = f64x2.splat(0);
    for (const end = a + rowBytes(dim); a < end; a += 32) {
      const d01 = f64x2.sub(promote(v128.load64_zero(a)), promote(v128.load64_zero(b)));
      const d23 = f64x2.sub(promote(v128.load64_zero(a, 8)), promote(v128.load64_zero(b, 8)));
      const d45 = f64x2.sub(promote(v128.load64_zero(a, 16)), promote(v128.load64_zero(b, 16)));
      const d67 = f64x2.sub(promote(v128.load64_zero(a, 24)), promote(v128.load64_zero(b, 24)));
      sum01 = f64x2.add(sum01, f64x2.mul(d01, d01));
      sum23 = f64x2.add(sum23, f64x2.mul(d23, d23));
      sum45 = f64x2.add(sum45, f64x2.mul(d45, d45));
      sum67 = f64x2.add(sum67, f64x2.mul(d67, d67));
      b += 32;
    }
    f64.store(out, reduce(sum01, sum23, sum45, sum67));
    out += 8;
  }
}

function rowBytes(dim: i32): usize {
  return (<usize>dim) << 2;
}

// Two float32 as two float64. They come by 64-bit loads, which V8 folds into the conversion; a 128-bit load would need
// a shuffle for its upper half.
function promote(twoFloats: v128): v128 {
  return f64x2.promote_low_f32x4(twoFloats);
}

// ((0+2)+(4+6)) + ((1+3)+(5+7))
function reduce(sum01: v128, sum23: v128, sum45: v128, sum67: v128): f64 {
  const both = f64x2.add(f64x2.add(sum01, sum23), f64x2.add(sum45, sum67));
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
}
