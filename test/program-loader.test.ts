import assert from 'node:assert/strict';
import { chownSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { createProgramLoader } from '../src/program-loader.js';
import { temporaryFolder } from './temporary-folder.js';

/** What `cli.cjs` of a program in a folder exports, loaded as by the command `films`. */
function run(folder: string, cache: string, user = process.getuid): unknown {
  const of = { argv: ['node', 'giallo', 'films'], env: { XDG_CACHE_HOME: cache }, getuid: user };
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

describe('what V8 has compiled', () => {
  const folder = temporaryFolder({
    'cli.cjs': `module.exports = require('./part-00000001.cjs')`,
    'part-00000001.cjs': 'module.exports = 1',
  });
  const keptIn = (cache: string) =>
    readdirSync(cache, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.cjs'))
      .map((name) => join(cache, name));

  test('can be changed by no one else, whatever the umask is', { skip: process.platform === 'win32' }, () => {
    const cache = temporaryFolder();
    const before = process.umask(0);
    try {
      run(folder, cache);
    } finally {
      process.umask(before);
    }
    assert.deepEqual(
      keptIn(cache).map((file) => statSync(file).mode & 0o777),
      [0o600],
    );
  });

  test('is kept beside a link that leads nowhere', () => {
    const cache = temporaryFolder();
    run(folder, cache);
    const [kept = ''] = keptIn(cache);
    symlinkSync('nowhere', join(dirname(kept), 'link'));
    writeFileSync(kept, '');
    run(folder, cache);
    assert.ok(statSync(kept).size > 0);
  });

  test('makes no folder in the folder of another user, as with sudo', {
    skip: process.platform === 'win32',
  }, () => {
    const cache = temporaryFolder();
    if (process.getuid?.() === 0) chownSync(cache, 1, 1);
    const other = statSync(cache).uid + 1;
    run(folder, join(cache, 'deep'), () => other);
    assert.deepEqual(readdirSync(cache), []);
  });
});
