/** One collector a question. */

import { collectGroups } from './collect-groups.js';
import { collectNearest } from './collect-nearest.js';
import { collectShotPairs } from './collect-shot-pairs.js';
import type { Collector } from './collector.js';
import type { PairTask } from './pair-task.js';

/** The collector that a task asks for. */
export function createCollector(task: PairTask, framesA: number, framesB: number): Collector {
  switch (task.collect.kind) {
    case 'nearest':
      return collectNearest(task, task.collect, framesA, framesB);
    case 'shot-pairs':
      return collectShotPairs(task, task.collect);
    case 'groups':
      return collectGroups(task, task.collect, framesA, framesB);
  }
}
