// Products of the heads of two rows with the heads of a group of sixteen rows (`kernel/row-groups.ts`).

/** Bytes from the half thresholds of a group, which follow its heads, to its head thresholds. */
const headThresholds: usize = 64;

/** What `reachingHeads` returns if no product of half heads reaches a half threshold. */
export const endedHalfway: i64 = 1 << 32;

// Multiplies the heads of two rows, the first at `a`, by those of the group at `b`, a row in each lane. Returns which
// products reach the head threshold of their row or of their lane: 16 bits for the first row, then 16 for the second.
// If any does, writes all products to `out`: 16 int32 of the first row, then 16 of the second. If `isHalved`, compares
// the products of half heads with the half thresholds first, and ends there if none reaches one. If `areWanted`,
// writes the products without comparing them.
export function reachingHeads(
  a: usize,
  b: usize,
  headBytes: usize,
  isHalved: bool,
  areWanted: bool,
  out: usize,
): i64 {
  const marksA = a + headBytes;
  const marksB = b + headBytes;
  let end = b + (headBytes >> 1);
  let sum00 = i32x4.splat(0);
  let sum01 = i32x4.splat(0);
  let sum02 = i32x4.splat(0);
  let sum03 = i32x4.splat(0);
  let sum10 = i32x4.splat(0);
  let sum11 = i32x4.splat(0);
  let sum12 = i32x4.splat(0);
  let sum13 = i32x4.splat(0);
  for (;;) {
    while (b < end) {
      const x0 = v128.load32_splat(a);
      const x1 = v128.load32_splat(a, 4);
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
      a += 64;
      b += 64;
    }
    if (b == marksB) break;
    end = marksB;
    if (!isHalved) continue;
    const half0 = v128.load32_splat(marksA);
    const half1 = v128.load32_splat(marksA, 4);
    const any = v128.or(
      v128.or(
        reaching(sum00, sum10, half0, half1, v128.load(marksB)),
        reaching(sum01, sum11, half0, half1, v128.load(marksB, 16)),
      ),
      v128.or(
        reaching(sum02, sum12, half0, half1, v128.load(marksB, 32)),
        reaching(sum03, sum13, half0, half1, v128.load(marksB, 48)),
      ),
    );
    if (!v128.any_true(any)) return endedHalfway;
  }
  let reached: i64 = 0;
  if (!areWanted) {
    const row0 = v128.load32_splat(marksA, headThresholds);
    const row1 = v128.load32_splat(marksA, headThresholds + 4);
    let ofLanes = v128.load(marksB, headThresholds);
    const is00 = i32x4.ge_s(sum00, i32x4.min_s(row0, ofLanes));
    const is10 = i32x4.ge_s(sum10, i32x4.min_s(row1, ofLanes));
    ofLanes = v128.load(marksB, headThresholds + 16);
    const is01 = i32x4.ge_s(sum01, i32x4.min_s(row0, ofLanes));
    const is11 = i32x4.ge_s(sum11, i32x4.min_s(row1, ofLanes));
    ofLanes = v128.load(marksB, headThresholds + 32);
    const is02 = i32x4.ge_s(sum02, i32x4.min_s(row0, ofLanes));
    const is12 = i32x4.ge_s(sum12, i32x4.min_s(row1, ofLanes));
    ofLanes = v128.load(marksB, headThresholds + 48);
    const is03 = i32x4.ge_s(sum03, i32x4.min_s(row0, ofLanes));
    const is13 = i32x4.ge_s(sum13, i32x4.min_s(row1, ofLanes));
    const any0 = v128.or(v128.or(is00, is01), v128.or(is02, is03));
    const any1 = v128.or(v128.or(is10, is11), v128.or(is12, is13));
    if (!v128.any_true(v128.or(any0, any1))) return 0;
    reached = <u32>(bitsOf(is00, is01, is02, is03) | (bitsOf(is10, is11, is12, is13) << 16));
  }
  v128.store(out, sum00);
  v128.store(out, sum01, 16);
  v128.store(out, sum02, 32);
  v128.store(out, sum03, 48);
  v128.store(out, sum10, 64);
  v128.store(out, sum11, 80);
  v128.store(out, sum12, 96);
  v128.store(out, sum13, 112);
  return reached;
}

// Which lanes have a product, of either row, that reaches the threshold of its row or of its lane.
function reaching(products0: v128, products1: v128, row0: v128, row1: v128, ofLanes: v128): v128 {
  return v128.or(
    i32x4.ge_s(products0, i32x4.min_s(row0, ofLanes)),
    i32x4.ge_s(products1, i32x4.min_s(row1, ofLanes)),
  );
}

// One bit for each of sixteen int32 masks.
function bitsOf(one: v128, two: v128, three: v128, four: v128): i32 {
  return i8x16.bitmask(
    i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(one, two), i16x8.narrow_i32x4_s(three, four)),
  );
}
