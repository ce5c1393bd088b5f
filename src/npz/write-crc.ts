/**
 * The CRC-32 of two pieces joined, from the CRC-32 of each: an array's header is known only after its rows, but comes
 * before them. As `crc32_combine` of zlib 1.2.12: multiplication of polynomials over GF(2), bits reflected.
 */

/** The polynomial of zip's CRC-32, reflected, without its leading term. */
const polynomial = 0xedb8_8320;
/** The polynomial 1. */
const one = 0x8000_0000;
/** The polynomial x^8: what one more byte multiplies by. */
const oneByte = 0x0080_0000;

/** The CRC-32 of `first` followed by `second`, where `second` is `secondLength` bytes long. */
export function joinCrc32(first: number, second: number, secondLength: number): number {
  let power = one;
  let square = oneByte;
  for (let left = secondLength; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(square, power);
    square = multiply(square, square);
  }
  return (multiply(power, first) ^ second) >>> 0;
}

/** a * b modulo the polynomial. */
function multiply(a: number, b: number): number {
  let product = 0;
  let term = b;
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= term;
    term = (term & 1) === 0 ? term >>> 1 : (term >>> 1) ^ polynomial;
  }
  return product >>> 0;
}
