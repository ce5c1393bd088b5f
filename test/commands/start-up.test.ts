import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../src/cli.js';
import { recordingIo } from '../recording-io.js';
import { runGiallo } from '../run-giallo.js';
import { temporaryFolder } from '../temporary-folder.js';

const root = join(import.meta.dirname, '../..');
const folder = temporaryFolder({
  'hooks.mjs': `import { writeSync } from 'node:fs';
export async function resolve(specifier, context, next) {
  writeSync(2, 'loads ' + specifier + '\\n');
  return next(specifier, context);
}`,
  'watch.mjs': `import { register } from 'node:module';
register(new URL('hooks.mjs', import.meta.url));`,
  'run.mjs': `import { main } from ${JSON.stringify(join(root, 'dist/cli.js'))};
import { processIo } from ${JSON.stringify(join(root, 'dist/io.js'))};
process.exitCode = await main(process.argv.slice(2), processIo(process, new AbortController().signal));`,
});

const heavy =
  /sharp|@clickhouse|\.\/engine\/|^open$|supports-|ansi-escapes|image-dimensions|render\/html|\/pictures\/|picture-sheet|cli-table3/;

test('an answer that is only printed loads no modules for pages or pictures', () => {
  assert.deepEqual(
    loaded('similar', 'Sintel', '60').filter((name) => heavy.test(name)),
    [],
  );
  assert.deepEqual(
    loaded('completion', 'fish', '--', 'similar', 'S').filter((name) => heavy.test(name)),
    [],
  );
});

test('a page loads those modules, which shows that the test above works', () => {
  const names = loaded('similar', 'Sintel', '60', '--html', join(folder, 'page.html'));
  assert.ok(names.includes('sharp'));
  assert.ok(hasModule(names, 'render/html/answer-pages'));
});

test('a JSON answer from the search index loads no modules for tables, colours or zip', async () => {
  const data = temporaryFolder();
  copyFileSync(join(root, 'test/fixtures/golden/films/Gamma.npz'), join(data, 'Gamma.npz'));
  const env = { GIALLO_CACHE: join(data, 'cache') };
  const run = (...args: readonly string[]) => loadedIn(env, ...args, '-d', data);
  assert.ok(!hasModule(run('similar', 'Gamma', '0', '--json'), 'open-index'));
  await runGiallo(['index', 'build', '-d', data], { env });
  const indexed = run('similar', 'Gamma', '0', '--all', '--json');
  assert.ok(hasModule(indexed, 'search-by-index'));
  assert.deepEqual(packages(indexed), ['commander', 'fastest-levenshtein']);
  // The same question to the archive loads the zip modules, so the test would notice them.
  assert.ok(packages(run('similar', 'Gamma', '0', '--all', '--json', '--no-cache')).includes('fflate'));
});

test('a quick JSON answer does not open stderr', async ({ mock }) => {
  // On a busy machine it may take long enough for a progress bar.
  mock.method(process, 'uptime', () => 1);
  const { io, stdout } = recordingIo();
  const watched = {
    ...io,
    get stderr(): never {
      throw new Error('stderr is opened');
    },
  };
  assert.equal(await main(['similar', 'Sintel', '60', '--json', '-d', 'data_embeddings'], watched), 0);
  assert.match(stdout(), /"results"/);
});

test('help loads no modules that parse arguments', () => {
  assert.ok(!packages(loaded('--help')).includes('commander'));
  assert.ok(packages(loaded('films', '--help')).includes('commander'));
});

test('--version loads only what it needs', () => {
  const names = loaded('--version');
  assert.deepEqual(packages(names), []);
  assert.ok(!hasModule(names, 'program'));
});

/** Some versions of Node report a module by its import name, others by its file. */
function hasModule(names: readonly string[], module: string): boolean {
  return names.some((name) => new RegExp(`(^|/)${module}\\.[jt]s\\b`).test(name));
}

function packages(names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => !/^(\.|\/|[a-z]+:)/.test(name) && !isBuiltin(name)).sort();
}

/** What is imported by a run of giallo whose output is a pipe. */
function loaded(...args: readonly string[]): string[] {
  return loadedIn({}, ...args);
}

function loadedIn(env: Readonly<Record<string, string>>, ...args: readonly string[]): string[] {
  const watch = ['--import', join(folder, 'watch.mjs')];
  const command = `"$@" 2>&1 >/dev/null`;
  const words = [process.execPath, ...watch, join(folder, 'run.mjs'), ...args];
  const text = execFileSync('sh', ['-c', command, 'sh', ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return text.split('\n').flatMap((line) => (line.startsWith('loads ') ? line.slice('loads '.length) : []));
}
