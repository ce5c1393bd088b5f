/** How many cases a property is tried with: some in `npm test`, all where GIALLO_ALL_CASES=1 asks for them. */
export const hasAllCases = process.env.GIALLO_ALL_CASES === '1';

export function cases(all: number, some = Math.ceil(all / 10)): number {
  return hasAllCases ? all : some;
}
