/**
 * `npm test`: builds what has changed, and runs the tests, many files in each process, since starting a process and
 * loading the sources takes longer than most test files do.
 *
 *   npm test -- [file or folder...] [options of node --test]
 *   npm test -- --watch [file or folder...]    after each change, runs the tests that import what has changed
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile, compiledPath } from './compile.js';
import { importersOf, readImports } from './imports.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const suites = fileURLToPath(new URL('test-files.js', import.meta.url));
process.chdir(root);
const args = process.argv.slice(2);
const isWatch = args.includes('--watch');
const places = args.filter((arg) => !arg.startsWith('-') && isThere(arg));
const options = args.filter((arg) => arg !== '--watch' && !places.includes(arg));

build();
if (isWatch) watchTests();
else process.exitCode = await runTests(testFiles());

/** Builds `dist` again if anything that goes into it is newer; worker threads and the binary run from there. */
function build() {
  const built = isThere('dist/program/cli.cjs') ? statSync('dist/program/cli.cjs').mtimeMs : 0;
  const sources = readdirSync('src', { recursive: true }).map((name) => join('src', name));
  const others = [
    'src',
    'package.json',
    'tsconfig.json',
    'rolldown.config.js',
    'scripts/bundle.js',
    'node_modules/.package-lock.json',
  ];
  const isOld = [...sources, ...others].some((path) => isThere(path) && statSync(path).mtimeMs > built);
  if (!isOld) return;
  const { status, stdout, stderr } = spawnSync('npm run --silent build', { shell: true, encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(stdout + stderr);
  process.exit(status ?? 1);
}

/** The named test files, or all, in order of their names. */
function testFiles() {
  const files = (places.length === 0 ? ['test'] : places).flatMap((place) =>
    statSync(place).isDirectory()
      ? readdirSync(place, { recursive: true }).map((name) => join(place, name))
      : [place],
  );
  return [...new Set(files.filter((file) => file.endsWith('.test.ts')).map((file) => resolve(file)))].sort();
}

/**
 * Runs test files with Node's test runner, in several processes, and returns its exit status.
 * @param {readonly string[]} files
 */
async function runTests(files) {
  if (files.length === 0) {
    process.stderr.write('no test files found: they are named test/**/*.test.ts\n');
    return 1;
  }
  const folder = mkdtempSync(join(tmpdir(), 'giallo-tests-'));
  try {
    await compile();
    const compiled = files.map((file) => resolve(compiledPath(relative(root, file))));
    const processes = Math.min(availableParallelism() + 1, files.length);
    const entries = Array.from({ length: processes }, (_, i) => {
      const share = compiled.filter((_, n) => n % processes === i);
      const entry = join(folder, `${i + 1}.mjs`);
      const code = `import { testFiles } from ${JSON.stringify(suites)};\ntestFiles(${JSON.stringify(share)});\n`;
      writeFileSync(entry, code);
      return entry;
    });
    const node = [
      '--enable-source-maps',
      '--test',
      `--test-concurrency=${processes}`,
      ...options,
      ...entries,
    ];
    const child = spawn(process.execPath, node, { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
    return await new Promise((done) => child.once('exit', (status) => done(status ?? 1)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Waits for changes of sources and tests, and runs the tests that import what has changed. */
function watchTests() {
  const changed = new Set();
  let isRunning = false;
  const say = () => process.stdout.write('waiting for changes in src and test; Ctrl-C ends\n');
  const run = async () => {
    if (isRunning || changed.size === 0) return;
    isRunning = true;
    const concerned = importersOf(changed, readImports(['src', 'test']));
    changed.clear();
    const files = testFiles().filter((file) => concerned.has(relative(root, file)));
    if (files.length > 0) await runTests(files);
    isRunning = false;
    if (changed.size > 0) await run();
    else say();
  };
  for (const folder of ['src', 'test']) {
    watch(folder, { recursive: true }, (_, name) => {
      if (!name?.endsWith('.ts')) return;
      changed.add(join(folder, name));
      // An editor writes a file in several steps.
      setTimeout(run, 100);
    });
  }
  say();
}

/** @param {string} path */
function isThere(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
