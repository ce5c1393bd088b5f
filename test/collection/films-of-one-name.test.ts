/** Two films elsewhere with one name: the one that is named second goes by its path, and has its own times. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { filmsNamed } from '../../src/collection/named-films.js';
import { openCollection, similar } from '../../src/giallo.js';
import { runGiallo } from '../run-giallo.js';
import { temporaryFolder } from '../temporary-folder.js';

const golden = join(import.meta.dirname, '../fixtures/golden/films/Alpha.1968.mkv.npz');
const timesOf = (interval: number) => JSON.stringify({ v: 1, films: {}, default: { interval } });
const root = temporaryFolder({ 'a/films.json': timesOf(1), 'b/films.json': timesOf(2), 'none/x.txt': '' });
const [one, two] = ['a', 'b'].map((folder) => join(root, folder, 'X.npz')) as [string, string];
for (const path of [one, two]) copyFileSync(golden, path);
const none = join(root, 'none');

interface Row {
  readonly film: string;
  readonly index: number;
  readonly seconds: number;
}

async function json(words: readonly string[], stdin = ''): Promise<string> {
  const { status, stdout, stderr } = await runGiallo([...words, '-d', none, '-q'], { stdin });
  assert.equal(status, 0, stderr);
  return stdout;
}

function check(rows: readonly Row[], films: readonly string[]): void {
  assert.deepEqual([...new Set(rows.map(({ film }) => film))].sort(), [...films].sort());
  for (const { film, index, seconds } of rows) assert.equal(seconds, film === two ? 2 * index : index);
}

test('similar in both', async () => {
  const answer = JSON.parse(await json(['similar', one, '3', '--in', two, '--in', one, '-k', '9', '--json']));
  check(answer.query, ['X']);
  check(answer.results, ['X', two]);
});

test('a question about both', async () => {
  const words = ['similar', `${one}:3`, '--and', `${two}:5`, '--in', two, '-k', '2', '--json'];
  const answer = JSON.parse(await json(words));
  check(answer.query, ['X', two]);
  check(answer.results, [two]);
});

test('many questions', async () => {
  const stdin = `${one}\t3\n${two}\t3\n`;
  const answers = (await json(['similar', '--queries', '-', '-k', '2'], stdin)).trim().split('\n');
  const [first, second] = answers.map((line) => JSON.parse(line));
  check([...first.query, ...first.results], ['X']);
  check([...second.query, ...second.results], [two]);
});

test('many questions, in whatever pieces they arrive', async () => {
  const between = 'nonsense\n'.repeat(300);
  const { stdout } = await runGiallo(['similar', '--queries', '-', '-k', '2', '-d', none, '-q'], {
    stdin: `${one}\t3\n${between}${two}\t3\n${between}${one}\t4\n`,
  });
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const [first, second, third] = answers.filter(({ error }) => !error);
  check([...first.query, ...first.results], ['X']);
  check([...second.query, ...second.results], [two]);
  check([...third.query, ...third.results], ['X']);
});

test('many questions, looked for in one of both', async () => {
  const words = ['similar', '--queries', '-', '-k', '2', '--in', two];
  const { query, results } = JSON.parse(await json(words, `${one}\t3\n`));
  assert.deepEqual([query[0].film, ...results.map(({ film }: Row) => film)], [one, 'X', 'X']);
});

test('topk of one in the other', async () => {
  const [line = ''] = (await json(['topk', one, '--in', two, '-k', '2'])).split('\n');
  const frame = JSON.parse(line);
  check([frame], ['X']);
  check(frame.neighbors, [two]);
});

test('the library', async () => {
  const options = { scope: { in: [two] }, k: 2 };
  const { results } = await similar(await openCollection(none), [{ film: one, frame: 3 }], options);
  check(results as readonly Row[], [two]);
});

test('a film by several paths is one film', async () => {
  mkdirSync(join(root, 'links'));
  symlinkSync(one, join(root, 'links', 'X.npz'));
  symlinkSync(join(root, 'b'), join(root, 'links', 'b'));
  const linked = join(root, 'links', 'X.npz');
  const spellings = [one, `${root}/./a/X.npz`, `${root}/b/../a/X.npz`, linked];
  const inAll = spellings.flatMap((path) => ['--in', path]);
  const answer = JSON.parse(await json(['similar', one, '3', ...inAll, '-k', '99', '--json']));
  assert.deepEqual([answer.searched.films, answer.results.length], [1, answer.searched.frames - 1]);
  const lines = (await json(['topk', ...spellings, ...inAll, '-k', '99'])).trim().split('\n');
  assert.equal(lines.length, answer.searched.frames);
  assert.equal(JSON.parse(lines[0] as string).neighbors.length, answer.searched.frames - 1);
  const compared = JSON.parse(await json(['compare', ...spellings, two, '--json']));
  assert.deepEqual(compared.films, [two, 'X']);
  // The folder after the link is that of `b`: the text alone would say `links/a`.
  const { path } = JSON.parse(await json(['info', `${root}/links/b/../a/X.npz`, '--json']));
  assert.equal(path, `${root}/links/b/../a/X.npz`);
});

test('the lines of --names over films elsewhere name their frames', async () => {
  const printed = await json(['similar', one, '3', '--in', two, '--in', one, '-k', '9', '--names']);
  const lines = printed.trim().split('\n');
  const rows = JSON.parse(
    await json(['similar', one, '3', '--in', two, '--in', one, '-k', '9', '--json']),
  ).results;
  const meant = rows.map(({ film, filename }: { film: string; filename: string }) => [
    film === two ? two : one,
    filename,
  ]);
  assert.deepEqual(
    lines,
    meant.map((parts: string[]) => parts.join('/')),
  );
  const answers = (await json(['similar', '--queries', '-', '-k', '1'], printed)).trim().split('\n');
  assert.deepEqual(
    answers.map((line) => JSON.parse(line).query[0].index),
    rows.map(({ index }: Row) => index),
  );
  const answer = JSON.parse(await json(['similar', lines[1] as string, '-k', '1', '--json']));
  assert.equal(answer.query[0].index, rows[1].index);
  const before = process.cwd();
  process.chdir(none);
  const alone = await runGiallo(['similar', lines[1] as string, '-k', '1', '--json']).finally(() =>
    process.chdir(before),
  );
  assert.equal(JSON.parse(alone.stdout).query[0].index, rows[1].index);
});

test('the system is not asked about the path of each film again for each other film', async (t) => {
  const paths = Array.from({ length: 40 }, (_, i) => join(root, 'many', String(i), 'X.npz'));
  for (const path of paths) {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, '');
  }
  const asked = t.mock.method(realpathSync, 'native');
  const films = await filmsNamed({ folder: none, films: [], shadowed: [] }, paths);
  assert.deepEqual(
    films.map(({ name }) => name),
    ['X', ...paths.slice(1)],
  );
  assert.ok(asked.mock.callCount() <= 4 * paths.length, `${asked.mock.callCount()} times`);
});
