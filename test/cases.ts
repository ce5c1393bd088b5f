/** What generated cases have in common: how many there are, and texts. */
import * as fc from 'fast-check';

/** A property is tried with some cases in `npm test`, with all where GIALLO_ALL_CASES=1 asks for them. */
export const hasAllCases = process.env.GIALLO_ALL_CASES === '1';

export function cases(all: number, some = Math.ceil(all / 10)): number {
  return hasAllCases ? all : some;
}

/** Any code points but surrogates: what `fc.string({ unit: 'binary' })` makes after two thirds of a second of set-up. */
export function anyText(maxLength?: number): fc.Arbitrary<string> {
  const codePoint = fc.oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0xd7ff }),
    fc.integer({ min: 0xe000, max: 0x10ffff }),
  );
  const length = maxLength === undefined ? {} : { maxLength };
  return fc.array(codePoint, length).map((points) => String.fromCodePoint(...points));
}
