/** How many cases properties are tried with, and generated texts. */
import * as fc from 'fast-check';

/** `npm test` tries a property with some of its cases, GIALLO_ALL_CASES=1 with all. */
export const hasAllCases = process.env.GIALLO_ALL_CASES === '1';

export function cases(all: number, some = Math.ceil(all / 10)): number {
  return hasAllCases ? all : some;
}

/** The options of slow tests that make no cases, beside others that do: `.ci/fuzz.sh` leaves them to `npm test`. */
export const withoutCases = { skip: hasAllCases && 'it makes no cases' };

/**
 * Any code points except surrogates, as `fc.string({ unit: 'binary' })` makes them, but without its set-up of two
 * thirds of a second.
 */
export function anyText(maxLength?: number): fc.Arbitrary<string> {
  const codePoint = fc.oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  );
  const length = maxLength === undefined ? {} : { maxLength };
  return fc.array(codePoint, length).map((points) => String.fromCodePoint(...points));
}
