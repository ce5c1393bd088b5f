/** Pairs of frames on their way between threads: in columns, which are copied as they are. */
import type { FramePairs } from './pair-task.js';

export type PairRow = readonly [from: number, to: number, closeness: number];

export function packPairs(pairs: readonly PairRow[]): FramePairs {
  const packed = {
    from: new Int32Array(pairs.length),
    to: new Int32Array(pairs.length),
    closeness: new Float64Array(pairs.length),
  };
  for (const [i, [from, to, closeness]] of pairs.entries()) {
    packed.from[i] = from;
    packed.to[i] = to;
    packed.closeness[i] = closeness;
  }
  return packed;
}

export function noPairs(): FramePairs {
  return packPairs([]);
}
