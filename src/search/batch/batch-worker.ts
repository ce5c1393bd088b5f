/** What a worker thread of batch work does, and what of it goes between threads. */
import type { Basis } from '../../search-index/basis.js';
import type { WorkerTasks } from '../../threads/messages.js';
import type { HeldSketches, PairResult, PairTask } from './pair-task.js';
import { createPairRunner } from './run-pair-task.js';
import {
  type BasisTask,
  makeBasis,
  type SampleTask,
  type SketchTask,
  sampleFilm,
  sketchFilm,
} from './sketch-tasks.js';

/** What a thread can do: tasks and results are plain data. */
export interface BatchTasks {
  readonly runPairTask: { readonly task: PairTask; readonly result: PairResult };
  readonly sampleFilm: { readonly task: SampleTask; readonly result: Float32Array };
  readonly makeBasis: { readonly task: BasisTask; readonly result: Basis };
  readonly sketchFilm: { readonly task: SketchTask; readonly result: HeldSketches };
}

/** Called in the threads. @public */
export const workerTasks: WorkerTasks<BatchTasks> = {
  runPairTask: createPairRunner().run,
  sampleFilm,
  makeBasis,
  sketchFilm,
};
