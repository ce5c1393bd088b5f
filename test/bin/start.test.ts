/** Which modules are loaded before an answer. Each module that a question does not need makes every start slower. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { writeFilm } from '../oracle/made-films.js';
import { temporaryFolder } from '../temporary-folder.js';

const program = join(import.meta.dirname, '../../bin/giallo.js');
const golden = join(import.meta.dirname, '../fixtures/golden/films');

/** When the process ends, prints the modules that were loaded, except those that Node itself loads. */
const hook = `
const before = new Set(process.moduleLoadList);
process.on('exit', () => {
  const builtIn = process.moduleLoadList.filter((name) => !before.has(name));
  require('node:fs').writeFileSync(process.env.LOADED, JSON.stringify({ builtIn, files: Object.keys(require.cache) }));
});`;

describe('what is loaded', () => {
  const data = temporaryFolder({ 'hook.cjs': hook });
  const env = { ...process.env, GIALLO_CACHE: join(data, 'cache'), LOADED: join(data, 'loaded.json') };

  before(async () => {
    for (const name of ['one', 'two']) {
      const rows = Array.from({ length: 300 }, (_, i) =>
        Array.from({ length: 64 }, (_, j) => Math.sin(i * j + i)),
      );
      await writeFilm(data, { name, dim: 64, rows });
    }
    run('index', 'build');
  });

  const run = (...args: readonly string[]) => {
    const words = ['-r', join(data, 'hook.cjs'), program, ...args, '--data', data];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', env });
    assert.equal(status, 0, stderr);
    const { builtIn, files } = JSON.parse(readFileSync(join(data, 'loaded.json'), 'utf8'));
    return {
      stdout,
      stderr,
      builtIn: builtIn as string[],
      files: (files as string[]).map((file) => basename(file)),
    };
  };

  const withoutNeed = [
    'crypto',
    'child_process',
    'worker_threads',
    'perf_hooks',
    'fs/promises',
    'readline',
    'url',
  ];

  test('by a question to the search index: nothing that reads archives, and no unneeded module of Node', () => {
    const { stderr, builtIn, files } = run('similar', 'one', '7', '--all', '--json', '--explain');
    assert.match(stderr, /2 films by the search index, 0 from archives/);
    assert.deepEqual(
      builtIn.filter((name) => withoutNeed.some((one) => name === `NativeModule ${one}`)),
      [],
    );
    const chunks = files.map((file) => file.replace(/-[\w-]{8}\.cjs$/, ''));
    assert.deepEqual(chunks.slice(2), [
      'cli.cjs',
      'start',
      'rolldown-runtime',
      'io.cjs',
      'command-line',
      'question',
      'search-index',
    ]);
  });

  test('by --help: no command', () => {
    const { files } = run('--help');
    assert.ok(files.length <= 9, files.join(' '));
  });

  test('by --version: only what every start needs', () => {
    const { files } = run('--version');
    assert.equal(files.length, 6, files.join(' '));
  });
});

describe('what Node.js has compiled', () => {
  const canKeep = 'enableCompileCache' in process.getBuiltinModule('node:module');
  const ask = (cache: string) =>
    spawnSync(process.execPath, [program, 'films', '--data', golden], {
      encoding: 'utf8',
      env: { ...process.env, XDG_CACHE_HOME: cache, NODE_COMPILE_CACHE: undefined },
    });

  test('is kept in the user’s cache folder, if the version can do that', () => {
    const cache = join(temporaryFolder(), 'cache');
    assert.equal(ask(cache).status, 0);
    assert.equal(existsSync(join(cache, 'giallo', 'compiled')), canKeep);
  });

  test('is not kept in a folder that others can write to', () => {
    const cache = temporaryFolder();
    const compiled = join(cache, 'giallo', 'compiled');
    mkdirSync(compiled, { recursive: true });
    chmodSync(compiled, 0o777);
    assert.equal(ask(cache).status, 0);
    assert.deepEqual(readdirSync(compiled), []);
  });

  test('is not kept if no folder can be made, without a message', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const { status, stderr } = ask(file);
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(readFileSync(file, 'utf8'), '');
  });
});
