/**
 * Compiles the sources and the tests, file by file, to `build/`, so that neither the tests nor the worker threads and
 * processes that they start need a loader. It only removes types; it does not check them.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transform } from 'esbuild';

/** The path of the compiled form of a file of the project. */
export const compiledPath = (/** @type {string} */ file) => join('build', file.replace(/\.ts$/, '.js'));

/**
 * Compiles the files that have changed since they were compiled, and removes compiled files that have no source any
 * more.
 */
export async function compile() {
  for (const folder of ['src', 'test', 'bench']) {
    await Promise.all(filesIn(folder, '.ts').filter(isStale).map(compileFile));
    for (const file of filesIn(join('build', folder), '.js')) {
      if (!existsSync(relative('build', file).replace(/\.js$/, '.ts'))) rmSync(file);
    }
  }
  // The sources find these relative to their own path.
  for (const name of ['dist', 'package.json']) {
    if (!existsSync(join('build', name))) symlinkSync(join('..', name), join('build', name));
  }
}

/** @param {string} file */
async function compileFile(file) {
  const target = compiledPath(file);
  const options = {
    loader: 'ts',
    sourcemap: 'external',
    sourcesContent: false,
    sourcefile: relative(dirname(target), file),
  };
  const { code, map } = await transform(readFileSync(file, 'utf8'), {
    ...options,
    platform: 'node',
    target: 'node20',
    define: isSource(file) ? {} : placeOf(file),
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(`${target}.map`, map);
  writeFileSync(target, `${code}//# sourceMappingURL=${basename(target)}.map\n`);
}

/** Replaces `import.meta`, so that compiled tests find their fixtures relative to their source. */
function placeOf(/** @type {string} */ file) {
  const path = resolve(file);
  const values = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`import.meta.${name}`, JSON.stringify(value)]),
  );
}

const isSource = (/** @type {string} */ file) => file.startsWith('src/');

/** @param {string} file */
function isStale(file) {
  const compiled = statSync(compiledPath(file), { throwIfNoEntry: false });
  if (compiled === undefined) return true;
  return [file, 'scripts/compile.js'].some((source) => statSync(source).mtimeMs >= compiled.mtimeMs);
}

/** @param {string} folder @param {string} ending */
function filesIn(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => name.endsWith(ending) && !name.endsWith('.d.ts') && !name.includes('assembly/'));
}
