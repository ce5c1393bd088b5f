/** Brings results of pair tasks into a form that tests can compare. */
import type {
  AskedBlocks,
  BlockQuestion,
  FramePairs,
  PairResult,
} from '../../../../src/search/batch/pair-task.js';

export function columnsOf({ from, to, closeness }: FramePairs): [number, number, number][] {
  return [...from].map((frame, i) => [frame, to[i], closeness[i]]);
}

/**
 * The results in a comparable form. Groups are compared by their frames, since different pairs can join the same
 * frames. Of pairs of shots only those that must be found are kept, since there may be more. All other pairs are in
 * order.
 */
export function normalized({ questions }: AskedBlocks, found: readonly PairResult[]): unknown {
  return questions.map((question, i) => normalizedOne(question, found[i]));
}

function normalizedOne({ collect }: BlockQuestion, { forward, backward }: PairResult): unknown {
  if (collect.kind === 'groups') return groupsOf(forward);
  return [forward, backward].map(({ from, to, closeness }) => {
    const rows = [...from].map((index, i) => [index, to[i], closeness[i]]);
    if (collect.kind === 'shot-pairs') return rows.slice(0, collect.size);
    return rows.sort(([a, b], [c, d]) => a - c || b - d);
  });
}

/** The groups of joined frames, each with the least closeness of its pairs. */
function groupsOf({ from, to, closeness }: FramePairs): unknown {
  const groups = new Map<number, { readonly frames: Set<number>; least: number }>();
  for (const [i, index] of from.entries()) {
    const known = [index, to[i]].flatMap((frame) => groups.get(frame) ?? []);
    const frames = new Set([index, to[i], ...known.flatMap((group) => [...group.frames])]);
    const group = { frames, least: Math.min(closeness[i], ...known.map(({ least }) => least)) };
    for (const frame of frames) groups.set(frame, group);
  }
  const sorted = [...new Set(groups.values())].map(({ frames, least }) => [[...frames].sort().join(), least]);
  return sorted.sort();
}
