// What decides over rows of sketches between the product of their codes and their scores.

/**
 * Writes the numbers of the rows whose bound reaches `floor`, as int32, and returns how many: product * scale + (base +
 * slope * remainder) >= floor. A remainder of NaN reaches nothing.
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

/** The first place where two lists of int32 differ, or -1. */
export function firstDifference(a: usize, b: usize, count: i32): i32 {
  for (let i = 0; i < count; i++) {
    const at = (<usize>i) << 2;
    if (i32.load(a + at) != i32.load(b + at)) return i;
  }
  return -1;
}
