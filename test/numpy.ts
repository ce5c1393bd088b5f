/** Finds a Python with numpy for tests. Without one, they are skipped, unless GIALLO_NEEDS_NUMPY is set, as in .ci. */
import { spawnSync } from 'node:child_process';

/** The command; undefined if there is none. */
export const pythonWithNumpy = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy']).status === 0,
);

/** The options of tests that need numpy. */
export const skipsWithoutNumpy =
  pythonWithNumpy === undefined && !process.env.GIALLO_NEEDS_NUMPY ? 'there is no python3 with numpy' : false;
