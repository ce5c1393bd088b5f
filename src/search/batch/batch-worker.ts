/** What a worker thread of batch work does, and what of it goes between threads. */
import { type ErrorCode, GialloError } from '../../errors.js';
import type { Basis } from '../../search-index/basis.js';
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

type Work<Kind extends keyof BatchTasks> = (
  task: BatchTasks[Kind]['task'],
) => BatchTasks[Kind]['result'] | Promise<BatchTasks[Kind]['result']>;

const work: { readonly [Kind in keyof BatchTasks]: Work<Kind> } = {
  runPairTask: createPairRunner().run,
  sampleFilm,
  makeBasis,
  sketchFilm,
};

/** A GialloError on its way between threads, which would strip it to a plain Error. */
export interface TaskFailure {
  readonly failure: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint: string | undefined;
  };
}

/** Carries out a task of a kind; called by name from the pool. */
export async function runBatchTask<Kind extends keyof BatchTasks>({
  kind,
  task,
}: {
  readonly kind: Kind;
  readonly task: BatchTasks[Kind]['task'];
}): Promise<{ readonly result: BatchTasks[Kind]['result'] } | TaskFailure> {
  try {
    return { result: await work[kind](task) };
  } catch (error) {
    if (!(error instanceof GialloError)) throw error;
    const { code, message, hint } = error;
    return { failure: { code, message, hint } };
  }
}
