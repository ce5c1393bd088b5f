// Products of sketches whose rows lie in groups of sixteen, as `kernel/row-groups.ts` lays them: the heads of a group, two
// codes of each of its rows side by side, then its thresholds, then what the heads leave of each row. Two rows of a meet
// sixteen of b at a time: six loads feed eight multiply-adds, and the eight sums are those of 32 pairs as they are, with
// nothing to add up across lanes.
//
// Sums are int32 and wrap: the caller sees to it that they cannot (the search index scales its codes so).

const groupRows: i32 = 16;
const thresholdsBytes: usize = 128;

/**
 * The pairs of rows whose heads' product reaches the head threshold of either, and whose whole product then reaches the
 * threshold of either: writes (row of a, row of b, whole product) as three int32 each and returns how many. `scratch`
 * holds 128 bytes.
 */
export function survivors(
  a: usize,
  aRows: i32,
  b: usize,
  bRows: i32,
  headDim: i32,
  restDim: i32,
  scratch: usize,
  out: usize,
): i32 {
  const start = out;
  const headBytes = headBytesOf(headDim);
  const bytes = groupBytes(headDim, restDim);
  for (let firstA = 0; firstA < aRows; firstA += groupRows, a += bytes) {
    const rowsA = min(aRows - firstA, groupRows);
    let group = b;
    for (let firstB = 0; firstB < bRows; firstB += groupRows, group += bytes) {
      const isInside = 0xffff >> max(0, groupRows - (bRows - firstB));
      for (let row = 0; row < rowsA; row += 2) {
        multiplyHeads(a + ((<usize>row) << 2), group, headBytes, scratch);
        const last = min(row + 2, rowsA);
        for (let one = row; one < last; one++) {
          const products = scratch + ((<usize>(one - row)) << 6);
          const ofHead = i32.load(a + headBytes + ((<usize>one) << 2));
          const ofWhole = i32.load(a + headBytes + 64 + ((<usize>one) << 2));
          let lanes = reached(products, ofHead, group + headBytes) & isInside;
          for (; lanes != 0; lanes &= lanes - 1) {
            const lane = ctz(lanes);
            const least = min(ofWhole, i32.load(group + headBytes + 64 + ((<usize>lane) << 2)));
            const rest = restProduct(
              restOf(a, one, headBytes, restDim),
              restOf(group, lane, headBytes, restDim),
              restDim,
            );
            const whole = i32.load(products + ((<usize>lane) << 2)) + rest;
            if (whole < least) continue;
            i32.store(out, firstA + one);
            i32.store(out, firstB + lane, 4);
            i32.store(out, whole, 8);
            out += 12;
          }
        }
      }
    }
  }
  return <i32>((out - start) / 12);
}

/**
 * Raises tops, an int32 a row, to the highest product of the row's head with one of the other side: the higher half is the
 * product's, in the lower one stands the number of the other row. Rows are whole groups. `scratch` holds 128 bytes.
 */
export function raiseTops(
  a: usize,
  aRows: i32,
  topsA: usize,
  b: usize,
  bRows: i32,
  topsB: usize,
  headDim: i32,
  restDim: i32,
  scratch: usize,
): void {
  const headBytes = headBytesOf(headDim);
  const bytes = groupBytes(headDim, restDim);
  for (let row = 0; row < aRows; row += 2, topsA += 8) {
    const heads = a + <usize>(row >> 4) * bytes + ((<usize>(row & 15)) << 2);
    let top0 = v128.load32_splat(topsA);
    let top1 = v128.load32_splat(topsA, 4);
    let group = b;
    let topsOfGroup = topsB;
    for (let first = 0; first < bRows; first += groupRows, group += bytes, topsOfGroup += 64) {
      multiplyHeads(heads, group, headBytes, scratch);
      top0 = raiseSixteen(scratch, row, top0, first, topsOfGroup);
      top1 = raiseSixteen(scratch + 64, row + 1, top1, first, topsOfGroup);
    }
    i32.store(topsA, highestLane(top0));
    i32.store(topsA, highestLane(top1), 4);
  }
}

// By the products of a row of a with sixteen of b: the tops of these; that of the row is given and returned.
function raiseSixteen(products: usize, row: i32, top: v128, first: i32, topsB: usize): v128 {
  const numberA = i32x4.splat(row);
  let numbersB = i32x4.add(i32x4.splat(first), i32x4(0, 1, 2, 3));
  for (let four: usize = 0; four < 64; four += 16) {
    const product = v128.and(v128.load(products + four), i32x4.splat(<i32>0xffff0000));
    top = i32x4.max_s(top, v128.or(product, numbersB));
    v128.store(topsB + four, i32x4.max_s(v128.load(topsB + four), v128.or(product, numberA)));
    numbersB = i32x4.add(numbersB, i32x4.splat(4));
  }
  return top;
}

function highestLane(lanes: v128): i32 {
  const twos = i32x4.max_s(lanes, v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1));
  return max(i32x4.extract_lane(twos, 0), i32x4.extract_lane(twos, 1));
}

/** The whole product of two rows. */
export function wholeProduct(a: usize, rowA: i32, b: usize, rowB: i32, headDim: i32, restDim: i32): i32 {
  const headBytes = headBytesOf(headDim);
  const bytes = groupBytes(headDim, restDim);
  const groupA = a + <usize>(rowA >> 4) * bytes;
  const groupB = b + <usize>(rowB >> 4) * bytes;
  const restA = restOf(groupA, rowA & 15, headBytes, restDim);
  const restB = restOf(groupB, rowB & 15, headBytes, restDim);
  let product = restProduct(restA, restB, restDim);
  let x = groupA + ((<usize>(rowA & 15)) << 2);
  let y = groupB + ((<usize>(rowB & 15)) << 2);
  for (const end = groupA + headBytes; x < end; x += 64, y += 64) {
    product +=
      <i32>i32.load16_s(x) * <i32>i32.load16_s(y) + <i32>i32.load16_s(x, 2) * <i32>i32.load16_s(y, 2);
  }
  return product;
}

// The products of the heads of two rows with sixteen: an int32 each to `out`, first those of the first row.
function multiplyHeads(a: usize, b: usize, headBytes: usize, out: usize): void {
  const end = b + headBytes;
  let sum00 = i32x4.splat(0);
  let sum01 = i32x4.splat(0);
  let sum02 = i32x4.splat(0);
  let sum03 = i32x4.splat(0);
  let sum10 = i32x4.splat(0);
  let sum11 = i32x4.splat(0);
  let sum12 = i32x4.splat(0);
  let sum13 = i32x4.splat(0);
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
  v128.store(out, sum00);
  v128.store(out, sum01, 16);
  v128.store(out, sum02, 32);
  v128.store(out, sum03, 48);
  v128.store(out, sum10, 64);
  v128.store(out, sum11, 80);
  v128.store(out, sum12, 96);
  v128.store(out, sum13, 112);
}

// Which of sixteen products reach the threshold or that of their lane, as bits.
function reached(products: usize, threshold: i32, thresholds: usize): i32 {
  const ofRow = i32x4.splat(threshold);
  const one = i32x4.ge_s(v128.load(products), i32x4.min_s(ofRow, v128.load(thresholds)));
  const two = i32x4.ge_s(v128.load(products, 16), i32x4.min_s(ofRow, v128.load(thresholds, 16)));
  const three = i32x4.ge_s(v128.load(products, 32), i32x4.min_s(ofRow, v128.load(thresholds, 32)));
  const four = i32x4.ge_s(v128.load(products, 48), i32x4.min_s(ofRow, v128.load(thresholds, 48)));
  return i8x16.bitmask(
    i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(one, two), i16x8.narrow_i32x4_s(three, four)),
  );
}

function restProduct(a: usize, b: usize, dim: i32): i32 {
  const end = a + ((<usize>dim) << 1);
  let sum = i32x4.splat(0);
  for (; a < end; a += 16, b += 16) sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(a), v128.load(b)));
  const pairs = i32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}

function restOf(group: usize, row: i32, headBytes: usize, restDim: i32): usize {
  return group + headBytes + thresholdsBytes + ((<usize>row * <usize>restDim) << 1);
}

function headBytesOf(headDim: i32): usize {
  return (<usize>headDim) << 5;
}

function groupBytes(headDim: i32, restDim: i32): usize {
  return headBytesOf(headDim) + thresholdsBytes + ((<usize>restDim) << 5);
}
