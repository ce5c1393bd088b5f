import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createProgramLoader } from '../src/program-loader.js';
import { temporaryFolder } from './temporary-folder.js';

/** What `cli.cjs` of a program in a folder exports, loaded as by the command `films`. */
function run(folder: string, cache: string): unknown {
  const of = { argv: ['node', 'giallo', 'films'], env: { XDG_CACHE_HOME: cache } };
  const loader = createProgramLoader(folder, Object.assign(Object.create(process), of));
  const exported = loader.load('cli.cjs');
  loader.keepCompiled();
  return exported;
}

test('files of a program require each other and modules of Node.js, once', () => {
  const folder = temporaryFolder({
    'cli.cjs': `module.exports = [require('./part.cjs'), require('./part.cjs'), require('node:path').sep, __filename, __dirname]`,
    'part.cjs': 'module.exports = {}',
  });
  const [part, again, separator, file, place] = run(folder, temporaryFolder()) as unknown[];
  assert.ok(part === again);
  assert.deepEqual([part, separator, file, place], [{}, '/', join(folder, 'cli.cjs'), folder]);
});

test('files can import packages', async () => {
  const folder = temporaryFolder({ 'cli.cjs': `module.exports = importModule('commander')` });
  assert.ok('Command' in (await (run(folder, temporaryFolder()) as Promise<object>)));
});

test('a new version of the program is run, also if its files are as long as those before', () => {
  const [folder, cache] = [temporaryFolder(), temporaryFolder()];
  for (const version of ['1', '2']) {
    writeFileSync(join(folder, 'cli.cjs'), `module.exports = require('./part-0000000${version}.cjs')`);
    writeFileSync(join(folder, `part-0000000${version}.cjs`), `module.exports = ${version}`);
    for (let time = 0; time < 2; time++) assert.equal(run(folder, cache), Number(version));
  }
});

test('an error has the place in the file', () => {
  const folder = temporaryFolder({ 'cli.cjs': `throw new Error('here')` });
  assert.throws(
    () => run(folder, temporaryFolder()),
    ({ stack }: Error) => stack?.includes(`${join(folder, 'cli.cjs')}:1:7`) === true,
  );
});
