// Products of sketches in groups of sixteen rows; `kernel/row-groups.ts` shows their layout. Two rows of `a` are
// multiplied by sixteen of `b` at a time: six loads feed eight multiply-adds, and the eight sums are those of 32 pairs,
// without sums across lanes.
//
// Sums are int32 and wrap; the search index scales its codes so that they cannot.

import { endedHalfway, reachingHeads } from './group-heads';

const groupRows: i32 = 16;
/** `survivors` compares half heads at least so many times before it may give that up. */
const mostTried: i32 = 32;
// Bytes of a group's thresholds, floors and remainders, and where floors and remainders begin among them.
const marksBytes: usize = 384;
const floors: usize = 128;
const headRemainders: usize = 192;
const middleRemainders: usize = 256;
const remainders: usize = 320;

/**
 * Copies rows of codes into groups, each to its place of `places`, int32 [count]. Writes `squares`, int32 [count x 3]:
 * the sum of the squares of a row's codes after half of its head, after its head, and after its middle.
 */
export function layRows(
  codes: usize,
  places: usize,
  count: i32,
  headDim: i32,
  middleDim: i32,
  restDim: i32,
  groups: usize,
  squares: usize,
): void {
  const tailDim = middleDim + restDim;
  const headBytes = headBytesOf(headDim);
  const bytes = groupBytes(headDim, tailDim);
  for (let row = 0; row < count; row++, places += 4, squares += 12) {
    const place = i32.load(places);
    const group = groups + <usize>(place >> 4) * bytes;
    const lane = place & 15;
    let head = group + ((<usize>lane) << 2);
    let ofHead = 0;
    const half = codes + <usize>headDim;
    for (const end = codes + ((<usize>headDim) << 1); codes < end; codes += 4, head += 64) {
      i32.store(head, i32.load(codes));
      if (codes >= half) ofHead += productOfTwo(codes, codes);
    }
    memory.copy(tailOf(group, lane, headBytes, tailDim), codes, (<usize>tailDim) << 1);
    const rest = codes + ((<usize>middleDim) << 1);
    const ofRest = dot(rest, rest, restDim);
    const ofTail = dot(codes, codes, middleDim) + ofRest;
    i32.store(squares, ofHead + ofTail);
    i32.store(squares, ofTail, 4);
    i32.store(squares, ofRest, 8);
    codes += (<usize>tailDim) << 1;
  }
}

/**
 * The pairs of rows that can reach the floor of either row: `GroupKernel.survivors` in ../wasm.ts says which these are.
 * Writes three int32 for each pair to `out`: the row of `a`, the row of `b`, the product of all codes. Returns how many
 * pairs there are. `scratch` has room for 128 bytes.
 */
export function survivors(
  a: usize,
  aRows: i32,
  b: usize,
  bRows: i32,
  headDim: i32,
  middleDim: i32,
  restDim: i32,
  scratch: usize,
  out: usize,
): i32 {
  const start = out;
  const headBytes = headBytesOf(headDim);
  const tailDim = middleDim + restDim;
  const bytes = groupBytes(headDim, tailDim);
  const toRest = (<usize>middleDim) << 1;
  // Half heads are compared as long as that ends at least half of the cases.
  let tried = 0;
  let ended = 0;
  for (let firstA = 0; firstA < aRows; firstA += groupRows, a += bytes) {
    const rowsA = min(aRows - firstA, groupRows);
    let group = b;
    for (let firstB = 0; firstB < bRows; firstB += groupRows, group += bytes) {
      const isInside = 0xffff >> max(0, groupRows - (bRows - firstB));
      const marksB = group + headBytes;
      for (let row = 0; row < rowsA; row += 2) {
        const heads = a + ((<usize>row) << 2);
        const isHalved = tried < 2 * ended + mostTried;
        const reached = reachingHeads(heads, group, headBytes, isHalved, false, scratch);
        if (isHalved) tried++;
        if (reached == endedHalfway) ended++;
        const found = <i32>reached;
        if (found == 0) continue;
        const last = min(row + 2, rowsA);
        for (let one = row; one < last; one++) {
          const products = scratch + ((<usize>(one - row)) << 6);
          const markA = a + headBytes + ((<usize>one) << 2);
          for (let lanes = (found >> ((one - row) << 4)) & isInside; lanes != 0; lanes &= lanes - 1) {
            const lane = ctz(lanes);
            const markB = marksB + ((<usize>lane) << 2);
            const floor = min(<f64>f32.load(markA, floors), <f64>f32.load(markB, floors));
            let product = i32.load(products + ((<usize>lane) << 2));
            if (!canReach(product, markA + headRemainders, markB + headRemainders, floor)) continue;
            const tailA = tailOf(a, one, headBytes, tailDim);
            const tailB = tailOf(group, lane, headBytes, tailDim);
            product += dot(tailA, tailB, middleDim);
            if (!canReach(product, markA + middleRemainders, markB + middleRemainders, floor)) continue;
            product += dot(tailA + toRest, tailB + toRest, restDim);
            if (!canReach(product, markA + remainders, markB + remainders, floor)) continue;
            i32.store(out, firstA + one);
            i32.store(out, firstB + lane, 4);
            i32.store(out, product, 8);
            out += 12;
          }
        }
      }
    }
  }
  return <i32>((out - start) / 12);
}

// Whether the product of a part of the codes, plus that of its remainders, reaches the floor; false for NaN.
function canReach(product: i32, remainderA: usize, remainderB: usize, floor: f64): bool {
  return <f64>product + <f64>f32.load(remainderA) * <f64>f32.load(remainderB) >= floor;
}

/**
 * Raises the tops of the rows of both sides, int32: the upper 16 bits are those of the largest product of the row's
 * half head with one of the other side, the lower 16 the index of that row. `aRows` and `bRows` are multiples of 16.
 * `scratch` has room for 128 bytes.
 */
export function raiseTops(
  a: usize,
  aRows: i32,
  topsA: usize,
  b: usize,
  bRows: i32,
  topsB: usize,
  headDim: i32,
  tailDim: i32,
  scratch: usize,
): void {
  const headBytes = headBytesOf(headDim);
  const bytes = groupBytes(headDim, tailDim);
  for (let row = 0; row < aRows; row += 2, topsA += 8) {
    const heads = a + <usize>(row >> 4) * bytes + ((<usize>(row & 15)) << 2);
    let top0 = v128.load32_splat(topsA);
    let top1 = v128.load32_splat(topsA, 4);
    let group = b;
    let topsOfGroup = topsB;
    for (let first = 0; first < bRows; first += groupRows, group += bytes, topsOfGroup += 64) {
      reachingHeads(heads, group, headBytes >> 1, false, true, scratch);
      top0 = raiseSixteen(scratch, row, top0, first, topsOfGroup);
      top1 = raiseSixteen(scratch + 64, row + 1, top1, first, topsOfGroup);
    }
    i32.store(topsA, highestLane(top0));
    i32.store(topsA, highestLane(top1), 4);
  }
}

// Raises the tops of sixteen rows of `b`, from `first` on, by their products with a row of `a`. Takes the row's own top
// in four lanes, and returns it raised.
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

/** The product of all codes of two rows; `tailDim` is the number of codes after the head. */
export function wholeProduct(a: usize, rowA: i32, b: usize, rowB: i32, headDim: i32, tailDim: i32): i32 {
  const headBytes = headBytesOf(headDim);
  const bytes = groupBytes(headDim, tailDim);
  const groupA = a + <usize>(rowA >> 4) * bytes;
  const groupB = b + <usize>(rowB >> 4) * bytes;
  const tailA = tailOf(groupA, rowA & 15, headBytes, tailDim);
  const tailB = tailOf(groupB, rowB & 15, headBytes, tailDim);
  let product = dot(tailA, tailB, tailDim);
  let x = groupA + ((<usize>(rowA & 15)) << 2);
  let y = groupB + ((<usize>(rowB & 15)) << 2);
  for (const end = groupA + headBytes; x < end; x += 64, y += 64) {
    product += productOfTwo(x, y);
  }
  return product;
}

// The product of two codes with two others.
function productOfTwo(x: usize, y: usize): i32 {
  return <i32>i32.load16_s(x) * <i32>i32.load16_s(y) + <i32>i32.load16_s(x, 2) * <i32>i32.load16_s(y, 2);
}

function dot(a: usize, b: usize, dim: i32): i32 {
  const end = a + ((<usize>dim) << 1);
  let sum = i32x4.splat(0);
  for (; a < end; a += 16, b += 16) sum = i32x4.add(sum, i32x4.dot_i16x8_s(v128.load(a), v128.load(b)));
  const pairs = i32x4.add(sum, v128.shuffle<i32>(sum, sum, 2, 3, 0, 1));
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
}

// The address of a row's codes after the head.
function tailOf(group: usize, row: i32, headBytes: usize, tailDim: i32): usize {
  return group + headBytes + marksBytes + ((<usize>row * <usize>tailDim) << 1);
}

function headBytesOf(headDim: i32): usize {
  return (<usize>headDim) << 5;
}

function groupBytes(headDim: i32, tailDim: i32): usize {
  return headBytesOf(headDim) + marksBytes + ((<usize>tailDim) << 5);
}
