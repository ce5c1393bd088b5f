/**
 * `recipes.js <folder>`: runs the recipes of docs/scripts.md in their order, in one folder, and compares their output
 * with the page. With UPDATE_TRANSCRIPTS=1 it writes the output into the page.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const page = join(root, 'docs/scripts.md');
const work = resolve(process.argv[2]);
const folder = join(work, 'recipes');
const programs = join(work, 'bin');
for (const place of [folder, programs]) mkdirSync(place);
symlinkSync(join(root, 'data_embeddings'), join(folder, 'data_embeddings'));
symlinkSync(join(root, 'bin/giallo.js'), join(programs, 'giallo'));
symlinkSync('/usr/bin/python3', join(programs, 'python3'));
symlinkSync(join(root, 'test/scripts/duckdb.js'), join(programs, 'duckdb'));

const environment = {
  PATH: `${programs}:${process.env.PATH}`,
  HOME: folder,
  LANG: 'C.UTF-8',
  DUCKDB_FOLDER: join(work, 'duckdb'),
};

/** A recipe, and its output if the page shows it. */
const recipe = /^```sh\n(.*?)^```\n(?:\n```\n(.*?)^```\n)?/gms;
const text = readFileSync(page, 'utf8');
let recipes = 0;
const renewed = text.replace(recipe, (block, lines, shown) => {
  recipes++;
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', lines], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${lines}\n${stdout}${stderr}`);
  if (shown === undefined) return block;
  if (process.env.UPDATE_TRANSCRIPTS !== '1') assert.equal(stdout, shown, lines);
  return `\`\`\`sh\n${lines}\`\`\`\n\n\`\`\`\n${stdout}\`\`\`\n`;
});
assert.ok(recipes >= 10, `${recipes} recipes`);
if (process.env.UPDATE_TRANSCRIPTS === '1') writeFileSync(page, renewed);
process.stdout.write(`${recipes} recipes print what docs/scripts.md shows\n`);
