/** Which pairs of frames of one film are too near to count. */
import type { PairTask } from './pair-task.js';

/** A test of pairs of frames: true for all pairs of different films, and in one film for those that are not near. */
export function pairOutsideNear({
  a,
  b,
  excludeNear,
}: Pick<PairTask, 'a' | 'b' | 'excludeNear'>): (indexA: number, indexB: number) => boolean {
  if (a.entry.path !== b.entry.path) return () => true;
  if (excludeNear !== 'shot') return (indexA, indexB) => Math.abs(indexA - indexB) > excludeNear;
  const { shotOf } = a;
  return (indexA, indexB) => shotOf[indexA] !== shotOf[indexB];
}
