/** The manual page: it is complete, and programs that read such pages give no warnings. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandList } from '../src/commands/command-list.js';
import { optionTable } from '../src/commands/options/option-table.js';
import { takenOption } from '../src/commands/options/taken-options.js';

const root = join(import.meta.dirname, '..');
const { man, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const page = join(root, man[0]);
const source = readFileSync(page, 'utf8');
const plain = source.replaceAll('\\-', '-').replace(/\\f[BR]/g, '');

test('the manual page names every command and option, and the version', () => {
  assert.match(source, /^\.TH GIALLO 1 \d{4}-\d\d-\d\d /);
  assert.ok(source.includes(`"giallo ${version}"`));
  for (const { name } of commandList) assert.ok(plain.includes(`\n.SS giallo ${name}`), name);
  const names = Object.keys(optionTable) as (keyof typeof optionTable)[];
  for (const name of names.filter((one) => one !== 'help')) {
    assert.ok(plain.includes(`.B ${takenOption(name).flags}\n`), name);
  }
});

test('the manual page names every environment variable that giallo reads', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const texts = files.flatMap((file) =>
    /\.tsx?$/.test(file) ? [readFileSync(join(root, 'src', file), 'utf8')] : [],
  );
  const names = new Set(texts.flatMap((text) => text.match(/\bGIALLO_[A-Z_]+\b/g) ?? []));
  assert.ok(names.size >= 8);
  for (const name of names) assert.ok(plain.includes(`.B ${name}\n`), name);
});

for (const [program, ...args] of [
  ['man', '--warnings', '-l', page],
  ['groff', '-ww', '-man', '-Tutf8', page],
  ['mandoc', '-Tlint', '-Wstyle', page],
]) {
  const isMissing = spawnSync(program, ['--version']).error !== undefined;
  test(`${program} reads the manual page without warnings`, {
    skip: isMissing && `${program} is not installed`,
  }, () => {
    const env = { ...process.env, MANPAGER: 'cat', LC_ALL: 'C.UTF-8' };
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.equal(stdout.includes('find the frames of films'), program !== 'mandoc');
  });
}
