/** The benchmark cannot run. The message says why in one line: wrong options, a full disk, no Python. */
export class BenchFailure extends Error {}
