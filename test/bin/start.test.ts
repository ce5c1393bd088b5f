/** Which modules are loaded before an answer. Each module that a question does not need makes every start slower. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { writeFilm } from '../oracle/made-films.js';
import { temporaryFolder } from '../temporary-folder.js';

const program = join(import.meta.dirname, '../../bin/giallo.js');
const golden = join(import.meta.dirname, '../fixtures/golden/films');

/** When the process ends, writes the names of the modules of Node.js that were loaded, except those that it always loads. */
const hook = `
const before = new Set(process.moduleLoadList);
process.on('exit', () => {
  const builtIn = process.moduleLoadList.filter((name) => !before.has(name));
  require('node:fs').writeFileSync(process.env.LOADED, JSON.stringify(builtIn));
});`;

describe('what is loaded', () => {
  const data = temporaryFolder({ 'hook.cjs': hook });
  const env = {
    ...process.env,
    GIALLO_CACHE: join(data, 'cache'),
    XDG_CACHE_HOME: join(data, 'user-cache'),
    LOADED: join(data, 'loaded.json'),
  };

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
    const builtIn: readonly string[] = JSON.parse(readFileSync(join(data, 'loaded.json'), 'utf8'));
    return { stdout, stderr, builtIn, files: keptBy(String(args[0]), env.XDG_CACHE_HOME) };
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
    assert.deepEqual(
      files.map((file) => file.replace(/(-[\w-]{8})?\.cjs$/, '')),
      ['command-line', 'question', 'rolldown-runtime', 'search-index', 'start'],
    );
  });

  test('by --help: no command', () => {
    const { files } = run('--help');
    assert.ok(files.length <= 5, files.join(' '));
  });

  test('by --version: only what every start needs', () => {
    const { files } = run('--version');
    assert.equal(files.length, 2, files.join(' '));
  });
});

/** The files of the program that a command has loaded, from what is kept of them. */
function keptBy(command: string, cache: string): readonly string[] {
  const start = `${process.version}-${process.arch}-${command}-`;
  return readdirSync(join(cache, 'giallo', 'compiled'))
    .filter((name) => name.startsWith(start))
    .map((name) => name.slice(start.length));
}

describe('what V8 has compiled', () => {
  const ask = (cache: string, variables: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [program, 'films', '--data', golden], {
      encoding: 'utf8',
      env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: cache, ...variables },
    });
  const filesIn = (cache: string) =>
    readdirSync(join(cache, 'giallo', 'compiled')).map((name) => join(cache, 'giallo', 'compiled', name));

  test('is kept in the user’s cache folder, and used: it is not written again', () => {
    const cache = join(temporaryFolder(), 'cache');
    const first = ask(cache);
    assert.equal(first.status, 0);
    const kept = filesIn(cache).map((file) => [file, statSync(file).ino]);
    assert.ok(kept.length > 3, `${kept}`);
    const { status, stdout } = ask(cache);
    assert.deepEqual([status, stdout], [0, first.stdout]);
    assert.deepEqual(
      filesIn(cache).map((file) => [file, statSync(file).ino]),
      kept,
    );
  });

  test('is kept of worker threads as well, which leave that of the command valid', () => {
    const cache = join(temporaryFolder(), 'cache');
    const films = ['Alpha.1968.mkv.npz', 'Beta.1971.mp4.npz', 'Gamma.npz'].map((name) => join(golden, name));
    const convert = () => {
      const words = ['convert', ...films, '--to', 'csv', '-o', temporaryFolder(), '--jobs', '2'];
      const { status, stderr } = spawnSync(process.execPath, [program, ...words], {
        encoding: 'utf8',
        env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: undefined, XDG_CACHE_HOME: cache },
      });
      assert.equal(status, 0, stderr);
      const ofCommand = keptBy('convert', cache).filter((name) => !name.startsWith('file-'));
      return ofCommand.map((name) => {
        const kept = join(cache, 'giallo', 'compiled', `${process.version}-${process.arch}-convert-${name}`);
        return [name, statSync(kept).ino];
      });
    };
    const kept = convert();
    assert.ok(keptBy('convert-file', cache).length > 3);
    assert.deepEqual(convert(), kept);
  });

  test('is made anew if it is damaged, and old files are deleted', () => {
    const cache = join(temporaryFolder(), 'cache');
    const { stdout } = ask(cache);
    const whole = new Map(filesIn(cache).map((file) => [file, readFileSync(file)]));
    const half = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);
    for (const damage of [
      () => Buffer.of(),
      (bytes: Buffer) => bytes.subarray(1),
      half,
      (bytes: Buffer) => Buffer.alloc(bytes.length),
      (bytes: Buffer) => {
        const changed = Buffer.from(bytes);
        changed[Math.floor(bytes.length / 3)] ^= 4;
        return changed;
      },
    ]) {
      for (const [file, bytes] of whole) writeFileSync(file, damage(bytes));
      const old = join(cache, 'giallo', 'compiled', 'v20.0.0');
      mkdirSync(old);
      utimesSync(old, 0, 0);
      const { status, stdout: again, stderr } = ask(cache);
      assert.deepEqual([status, again, stderr], [0, stdout, ''], `${damage}`);
      for (const [file] of whole) {
        const bytes = readFileSync(file);
        assert.ok(bytes.length > 0 && half(bytes).equals(bytes.subarray(bytes.length / 2)), `${damage}`);
      }
      assert.equal(existsSync(old), false);
    }
  });

  test('is not kept in a folder that others can write to', () => {
    const cache = temporaryFolder();
    const compiled = join(cache, 'giallo', 'compiled');
    mkdirSync(compiled, { recursive: true });
    chmodSync(compiled, 0o777);
    assert.equal(ask(cache).status, 0);
    assert.deepEqual(readdirSync(compiled), []);
  });

  test('is not kept if the user forbids it, or if no folder can be made; without a message', () => {
    const cache = join(temporaryFolder(), 'cache');
    assert.equal(ask(cache, { NODE_DISABLE_COMPILE_CACHE: '1' }).status, 0);
    assert.equal(existsSync(cache), false);
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    const { status, stderr } = ask(file);
    assert.deepEqual([status, stderr], [0, '']);
    assert.equal(readFileSync(file, 'utf8'), '');
  });
});
