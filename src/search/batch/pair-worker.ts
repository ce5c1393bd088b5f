/** What a worker thread of batch work does, and what of it goes between threads. */
import { type ErrorCode, GialloError } from '../../errors.js';
import type { PairResult, PairTask } from './pair-task.js';
import { createPairRunner } from './run-pair-task.js';

/** A GialloError on its way between threads, which would strip it to a plain Error. */
export interface TaskFailure {
  readonly failure: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint: string | undefined;
  };
}

const { run } = createPairRunner();

/** Carries out a task; called by name from the pool. */
export async function runPairTask(task: PairTask): Promise<PairResult | TaskFailure> {
  try {
    return await run(task);
  } catch (error) {
    if (!(error instanceof GialloError)) throw error;
    const { code, message, hint } = error;
    return { failure: { code, message, hint } };
  }
}
