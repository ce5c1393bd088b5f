/** A Python with numpy for the tests that need one: without it they are skipped, unless GIALLO_NEEDS_NUMPY is set, as in .ci. */
import { spawnSync } from 'node:child_process';

/** The command; undefined where there is none. */
export const pythonWithNumpy = ['python3', '/usr/bin/python3'].find(
  (name) => spawnSync(name, ['-c', 'import numpy']).status === 0,
);

/** For the options of such a test. */
export const skipsWithoutNumpy =
  pythonWithNumpy === undefined && !process.env.GIALLO_NEEDS_NUMPY ? 'there is no python3 with numpy' : false;
