/** Why the benchmark cannot run, in one line: options that mean nothing, a full disk, no Python. */
export class BenchFailure extends Error {}
