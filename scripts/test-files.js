/** Runs several test files in one process. Each is a suite of its own, so its hooks apply to its own tests only. */

import { relative } from 'node:path';
import { after, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { configureGlobal } from 'fast-check';

const loadingLimitSeconds = Number(process.env.GIALLO_TEST_LOADING_LIMIT ?? 120);

// fast-check makes the same cases in every run. GIALLO_SEED=random makes new ones; GIALLO_SEED=<number> repeats a run.
const seed = process.env.GIALLO_SEED ?? 1971;
if (seed !== 'random') configureGlobal({ seed: Number(seed) });

// `.ci/run` and c8 record the coverage of the tests' own processes only: most processes that tests start run `dist`, of
// which nothing is counted, and to record it takes a tenth of their time.
delete process.env.NODE_V8_COVERAGE;

/**
 * Loads all files before the first test runs, so that no file is loaded in the middle of another's test.
 * @param {readonly string[]} files
 */
export function testFiles(files) {
  let toLoad = files.length;
  let toRun = files.length;
  const allLoaded = withResolvers();
  const tooLate = withResolvers();
  const limit = setTimeout(() => tooLate.reject(new Error('it takes too long')), loadingLimitSeconds * 1000);
  for (const file of files) {
    suite(relative('build', file).replace(/js$/, 'ts'), async () => {
      after(() => {
        toRun -= 1;
      });
      try {
        await Promise.race([import(pathToFileURL(file).href), tooLate.promise]);
      } catch (error) {
        test('the file is loaded', () => {
          throw error;
        });
      }
      toLoad -= 1;
      if (toLoad === 0) allLoaded.resolve();
      await allLoaded.promise;
      clearTimeout(limit);
    });
  }
  // If a file ends the process early, the tests that have not run must count as a failure.
  process.once('exit', () => {
    if (toRun === 0) return;
    process.stderr.write(`the process ended before the tests of ${toRun} files did\n`);
    process.exitCode = 1;
  });
}

/** Promise.withResolvers, which Node.js 20 lacks. */
function withResolvers() {
  let resolve = (/** @type {any} */ _value) => undefined;
  let reject = (/** @type {unknown} */ _reason) => undefined;
  const promise = new Promise((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}
