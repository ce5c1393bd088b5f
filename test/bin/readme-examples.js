/**
 * `readme-examples.js`: runs the command lines of the README, except those that set up a checkout, with the `giallo` on
 * the PATH, in the current folder, which has the sample films in `data_embeddings`. Each must succeed, and print its
 * answer if it has one. `.ci/package` runs this with giallo installed from its tarball.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/^```(sh|console)\n(.*?)^```$/gms)];
const lines = blocks.flatMap(([, kind, text]) =>
  kind === 'sh' ? text.trim().split('\n') : Array.from(text.matchAll(/^\$ (.*)$/gm), ([, line]) => line),
);

/** What lines make, by their beginnings. It is removed before, so that the examples can be run again. */
const written = {
  'giallo similar Sintel 76': ['look.html'],
  'giallo topk': ['look-alikes'],
  'giallo convert data_embeddings/Krank': ['film.json'],
  'giallo convert film.json': ['film.npz'],
  'giallo convert data_embeddings/*.npz': ['all.npy', 'all.txt'],
};

let runs = 0;
for (const line of lines.filter((one) => one.startsWith('giallo '))) {
  const files = valueFor(written, line) ?? [];
  for (const file of files) rmSync(file, { force: true, recursive: true });
  const stdout = bash(line);
  if (files.length === 0) assert.notEqual(stdout, '', line);
  for (const file of files) assert.ok(existsSync(file), `${line}: ${file}`);
  runs++;
}
assert.ok(runs >= 10, `${runs} lines`);
process.stdout.write(`${runs} lines of README.md run\n`);

const [, code, shown] = /```js\n(.*?)```\n\n```\n(.*?)```/s.exec(readme);
const program = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
assert.equal(program.stdout + program.stderr, shown);

function valueFor(table, line) {
  return Object.entries(table).find(([start]) => line.startsWith(start))?.[1];
}

function bash(line) {
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', line], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${line}\n${stdout}${stderr}`);
  return stdout;
}
