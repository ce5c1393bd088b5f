/** Test files that run in one process, each as a suite of its own: its hooks are those of its tests alone. */

import { relative } from 'node:path';
import { after, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { configureGlobal } from 'fast-check';

const loadingLimitSeconds = Number(process.env.GIALLO_TEST_LOADING_LIMIT ?? 120);

// The same cases in each run: what fails here fails there. GIALLO_SEED=random tries others, GIALLO_SEED=<number> those again.
const seed = process.env.GIALLO_SEED ?? 1971;
if (seed !== 'random') configureGlobal({ seed: Number(seed) });

/**
 * Loads all of the files before the first test runs, so that no file is loaded in the midst of another's test.
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
  // A file may end the process: tests that have not run are no success.
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
