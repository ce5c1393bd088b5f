/**
 * The order of film names: by code points, as Python and ClickHouse sort them, so that ties fall the same way
 * everywhere. JavaScript's own `<` compares UTF-16 units and puts U+1F600 before U+FF5E.
 */

/** Negative, zero or positive as `a` sorts before, with or after `b` by code points. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return codePointRank(unitA) - codePointRank(unitB);
  }
  return a.length - b.length;
}

/** Lifts surrogates (halves of code points beyond U+FFFF) above the rest of the basic plane. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
