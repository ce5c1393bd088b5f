/** The canonical score in the simplest form, to compare the kernel with. */

/** Rows of any length, since zeros at the end do not change the sums. */
export function naiveDot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return laneSum(Array.from(a, (x, i) => x * (b[i] ?? Number.NaN)));
}

export function naiveSquaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return laneSum(Array.from(a, (x, i) => (x - (b[i] ?? Number.NaN)) ** 2));
}

function laneSum(terms: readonly number[]): number {
  const lane = (number: number) =>
    terms.filter((_, position) => position % 8 === number).reduce((sum, term) => sum + term, 0);
  return lane(0) + lane(2) + (lane(4) + lane(6)) + (lane(1) + lane(3) + (lane(5) + lane(7)));
}
