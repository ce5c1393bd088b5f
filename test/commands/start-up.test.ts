import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
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
  'run.mjs': `import { main } from ${JSON.stringify(join(root, 'src/cli.ts'))};
import { processIo } from ${JSON.stringify(join(root, 'src/io.ts'))};
process.exitCode = await main(process.argv.slice(2), processIo(process, new AbortController().signal));`,
});

const heavy =
  /sharp|@clickhouse|\.\/engine\/|^open$|supports-|ansi-escapes|image-dimensions|render\/html|\/pictures\/|picture-sheet|cli-table3/;

test('an answer that is only printed loads nothing of what pages and pictures need', () => {
  assert.deepEqual(
    loaded('similar', 'Sintel', '60').filter((name) => heavy.test(name)),
    [],
  );
  assert.deepEqual(
    loaded('completion', 'fish', '--', 'similar', 'S').filter((name) => heavy.test(name)),
    [],
  );
});

test('and one that is seen does, so that the test above sees it', () => {
  const names = loaded('similar', 'Sintel', '60', '--html', join(folder, 'page.html'));
  assert.ok(names.includes('sharp'));
  assert.ok(names.some((name) => name.endsWith('render/html/similar-page.js')));
});

/** What is imported by a run of giallo whose output is a pipe. */
function loaded(...args: readonly string[]): string[] {
  const watch = ['--import', import.meta.resolve('tsx'), '--import', join(folder, 'watch.mjs')];
  const command = `"$@" 2>&1 >/dev/null`;
  const words = [process.execPath, ...watch, join(folder, 'run.mjs'), ...args];
  const text = execFileSync('sh', ['-c', command, 'sh', ...words], { cwd: root, encoding: 'utf8' });
  return text.split('\n').flatMap((line) => (line.startsWith('loads ') ? line.slice('loads '.length) : []));
}
