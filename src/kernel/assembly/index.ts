// The kernel's exports. Every function works on memory that the caller owns: addresses in, numbers out, no allocation.
export { firstDifference, reaching } from './bounds';
export { dots, pairDots, pairSquaredDistances, squaredDistances, squares } from './lanes';
export { project } from './projection';
export { survivors, tile } from './tiles';
