/** Compares the table of commands and formats in docs/output.md with what the commands print. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runGiallo } from './run-giallo.js';

const page = readFileSync(join(import.meta.dirname, '../docs/output.md'), 'utf8');
const folder = ['-d', join(import.meta.dirname, 'fixtures/golden/films')];
const words: Readonly<Record<string, readonly string[]>> = {
  films: [],
  info: ['Alpha'],
  'info --frames': ['Alpha'],
  similar: ['Alpha', '0', '--all'],
  search: ['--vector', '-'],
  pairs: [],
  duplicates: ['--min-score', '0.5'],
  compare: [],
  shots: ['Alpha'],
  topk: ['One'],
  verify: [],
  index: [],
  'index clear': [],
  doctor: [],
};

const rows = [...page.matchAll(/^\| `([a-z -]+)` \| (.*?) \| `([a-zA-Z0-9_,]+)`.*? \| (.*)\|$/gm)];

test('every command of the table is tested, except those that need an engine, and times, which writes a file', () => {
  const untried = rows.map(([, command]) => command).filter((command) => !(command in words));
  assert.deepEqual(untried, ['times', 'push', 'engine']);
  assert.equal(rows.length, Object.keys(words).length + untried.length);
});

const otherKeys = new Map(
  [...page.matchAll(/^\| `([a-z -]+)` \| ([^|]*) \|$/gm)].map(([, command = '', keys = '']) => [
    command,
    [...keys.matchAll(/`(.*?)`/g)].map(([, key]) => key),
  ]),
);

for (const [, command = '', list = '', columns = '', names = ''] of rows) {
  if (!(command in words)) continue;
  const asked = [...command.split(' '), ...(words[command] ?? []), ...folder];
  const stdin = JSON.stringify(Array.from({ length: 20 }, (_, i) => i + 1));
  const answer = (format: string) => runGiallo([...asked, format], { stdin });

  test(`${command} has the columns, the list and the lines of the table`, async () => {
    assert.equal((await answer('--csv')).stdout.split('\n')[0], columns);
    const lines = (await answer('--ndjson')).stdout.trimEnd().split('\n');
    const { status, stdout } = await answer('--json');
    assert.equal(status === 2, list.startsWith('none'));
    assert.equal((await answer('--names')).status === 2, !names.startsWith('yes'));
    if (status === 2) return;
    const [first, ...inner] = [...list.matchAll(/`(.*?)`/g)].map(([, key = '']) => key);
    if (first === undefined) return;
    const { v, [first]: items, ...others } = JSON.parse(stdout);
    assert.equal(v, 1);
    assert.deepEqual(Object.keys(others), otherKeys.get(command));
    for (const key of inner) assert.ok(key in items[0], key);
    if (command !== 'search')
      assert.deepEqual(
        lines.map((line) => JSON.parse(line)),
        items,
      );
    else assert.deepEqual(JSON.parse(lines[0] ?? ''), { query: 0, ...items[0].results[0] });
  });
}
