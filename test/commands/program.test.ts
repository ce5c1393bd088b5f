/** The command line as people type it. */
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { main } from '../../src/cli.js';
import { buildNpy, buildZip } from '../npz/build-zip.js';
import { recordingIo } from '../recording-io.js';
import { runGiallo as giallo } from '../run-giallo.js';
import { temporaryFolder } from '../temporary-folder.js';

const golden = join(import.meta.dirname, '../fixtures/golden/films');

describe('options shared by commands can be written before the command', () => {
  const lines = [
    ['-d', golden, 'films', '--names-not-taken'],
    ['-d', golden, 'films'],
    [`-d${golden}`, 'films'],
    [`--data=${golden}`, '--json', 'films'],
    ['-qd', golden, 'films', '--csv'],
    ['--no-color', '-j', '2', '--data', golden, 'films'],
    ['-d', '/nowhere', 'films', '-d', golden],
    ['--', 'films', '-d', golden],
  ];
  for (const line of lines) {
    test(line.join(' ').replace(golden, 'DIR'), async () => {
      const { status, stdout } = await giallo(line);
      assert.equal(status, line.includes('--names-not-taken') ? 2 : 0);
      if (status === 0) assert.match(stdout, /Gamma/);
    });
  }
  test('--help and --version can be written before the command', async () => {
    assert.match((await giallo(['-h', 'films'])).stdout, /^Usage: giallo films/);
    assert.match((await giallo(['-d', golden, 'help', 'films'])).stdout, /^Usage: giallo films/);
    assert.match((await giallo(['-q', '--version'])).stdout, /^\d+\.\d+/);
  });
});

test('an error is printed after all earlier warnings', async () => {
  const raw = buildNpy('<f4', [2, 2], Buffer.from(Float32Array.of(1, 0, 0, 1).buffer));
  const film = buildZip([{ name: 'embeddings.npy', raw }]);
  const folder = temporaryFolder({ 'A.npz': film, 'B.npz': film, 'C.npz': film });
  const reel = join(temporaryFolder(), 'reel');
  const { status, stderr } = await giallo(['similar', 'A', '0', '--all', '--reel', reel, '-q', '-d', folder]);
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^giallo: warning: .*\ngiallo: warning: 2 more films: no filenames array.*\ngiallo: \w: the times/,
  );
});

test('several .npy films without names get one warning', async () => {
  const film = buildNpy('<f4', [2, 2], Buffer.from(Float32Array.of(1, 0, 0, 1).buffer));
  const folder = temporaryFolder({ 'A.npy': film, 'B.npy': film, 'C.npy': film });
  const { stderr } = await giallo(['similar', 'A', '0', '--all', '-q', '-d', folder]);
  const missing = 'no .txt or .json of names beside it; using row numbers';
  assert.equal(
    stderr,
    `giallo: warning: ${join(folder, 'A.npy')}: ${missing}\ngiallo: warning: 2 more films: ${missing}\n`,
  );
});

describe('a wrong command line gets a helpful answer', () => {
  const cases: readonly (readonly [line: string[], hint: RegExp])[] = [
    [['Gamma', '3'], /did you mean `giallo similar Gamma 3 -d \S+`\?/],
    [['Gamma:3'], /did you mean `giallo similar Gamma:3 -d \S+`\?/],
    [['Gamma'], /did you mean `giallo info Gamma -d \S+`\?/],
    [['-v'], /`giallo -V` prints the version/],
    [['version'], /did you mean `giallo --version/],
    [['simlar', 'Gamma', '3'], /did you mean `giallo similar Gamma 3/],
    [['paris'], /did you mean `giallo pairs /],
    [['film'], /did you mean `giallo films /],
    [['index', 'bulid'], /did you mean `giallo index build /],
    [['similar', 'Gamma', '3', '--jsno'], /did you mean --json\?/],
    [['similar', 'Gamma', '3', '--all=yes'], /`giallo help similar` shows how/],
    [['similar', 'Gamma', '3', '--exclude', '5'], /did you mean --exclude-near\?/],
    [['sim', 'Gamma', '3'], /did you mean `giallo similar Gamma 3/],
    [['similar', 'Gamma', '3', '--min-score', '0.9', '--max-score', '0.1'], /0\.9 is above --max-score 0\.1/],
    [
      ['pairs', '--min-score', '0.99'],
      /0\.99 is above --max-score 0\.98: .*\n.*--max-score is 0\.98 by default/,
    ],
    [['duplicates', '--max-score', '0.5'], /0\.98 is above --max-score 0\.5/],
    [['similar', 'Gamma', '3', '-json'], /unknown option -json\n.*did you mean --json\?/],
    [['topk', 'Gamma', '-output', 'vectors'], /unknown option -output\n.*did you mean --output\?/],
    [['similar', 'Gamma', '3', '—all'], /unknown option —all\n.*did you mean --all\?/],
    [['similar', 'Gamma', '3', '–k', '2'], /unknown option –k\n.*did you mean -k\?/],
    [['similar', 'Gamma', '3', '–-top=2'], /unknown option –-top=2\n.*did you mean --top\?/],
    [['similar', 'Gamma', '3', '--in', '—all'], /no such film/],
    [['similar', 'Gamma', '3', '-n', '5'], /did you mean --top\?/],
    [['similar', 'Gamma', '3', '--limit=5'], /did you mean --top\?/],
    [['compare', '--limit', '5'], /`giallo help compare` lists its options/],
    [['similar', 'Gamma', '3', '--threshold', '1'], /did you mean --min-score or --shot-threshold\?/],
    [['shots', 'Gamma', '--threshold', '1'], /did you mean --shot-threshold\?/],
    [['similar', 'Gamma', '3', '--k', '5'], /did you mean -k\?/],
    [['similar', 'Gamma', '3', '--format', 'json'], /did you mean --json or --ndjson or --csv\?/],
    [['build', 'index'], /did you mean `giallo index build -d \S+`\?/],
    [['list', 'films'], /did you mean `giallo films -d \S+`\?/],
    [['status'], /did you mean `giallo index status -d /],
    [['dupes'], /did you mean `giallo duplicates/],
    [['similar', 'Gamma', '3', '--othres'], /did you mean --others\?/],
    [
      ['films', '--metric', 'dot'],
      /: similar, search and topk take it; `giallo help films` lists its options/,
    ],
    [['similar', 'Gamma', '3', '--rate', '24'], /: `giallo times` takes it; `giallo help similar`/],
    [['duplicates', '--all'], /: similar, topk and pairs take it; /],
    [['topk', '--json'], /did you mean --ndjson\?/],
    [['vector', 'Gamma', '3', '--names'], /: `giallo help vector` lists its options/],
    [['similar', 'Gamma', '70-66'], /write 66-70/],
  ];
  for (const [line, hint] of cases) {
    test(line.join(' '), async () => {
      const argv = line.length === 1 && line[0].startsWith('-') ? line : [...line, '-d', golden];
      const { status, stderr } = await giallo(argv);
      assert.equal(status, 2);
      assert.match(stderr, hint);
    });
  }
});

test('a folder in place of a film is probably the collection', async () => {
  for (const [line, hint] of [
    [['films', golden], `did you mean \`giallo films --data ${golden}\`?`],
    [['info', 'Gamma', golden], `did you mean \`giallo info Gamma --data ${golden}\`?`],
    [['index', 'status', golden], `did you mean \`giallo index status --data ${golden}\`?`],
    [['films', golden, '-d', golden], '`giallo help films` shows how'],
    [['pairs', golden, '-d', golden], `--data ${golden} takes the films of this folder`],
  ] as const) {
    const { status, stderr } = await giallo(line);
    assert.equal(status, 2);
    assert.equal(stderr.split('\n')[1], `hint: ${hint}`);
  }
});

test('one film by its path has others only in a collection', async () => {
  const film = join(golden, 'Alpha.1968.mkv.npz');
  const before = process.cwd();
  process.chdir(temporaryFolder());
  try {
    for (const line of [
      ['compare', film],
      ['pairs', film, film],
      ['duplicates', '--others', film],
    ])
      assert.match((await giallo(line)).stderr, /^giallo: \.\/data_embeddings: no such folder$/m);
    for (const line of [
      ['duplicates', film],
      ['pairs', '--all', film],
    ])
      assert.equal((await giallo(line)).status, 0);
  } finally {
    process.chdir(before);
  }
});

test('of very many words the first are shown', async () => {
  const films = Array.from({ length: 1000 }, (_, i) => `${i}.npz`);
  const { status, stderr } = await giallo(['info', ...films, '-d', golden]);
  assert.equal(status, 2);
  assert.match(stderr, /info takes <film>, found 0.npz 1.npz 2.npz 3.npz and 996 more$/m);
});

test('a film name that is near to a command name is taken for the film', async () => {
  const folder = temporaryFolder();
  copyFileSync(join(golden, 'Gamma.npz'), join(folder, 'Paris.1984.npz'));
  const { stderr } = await giallo(['paris', '3', '-d', folder]);
  assert.match(stderr, /did you mean `giallo similar paris 3 /);
});

test('array keys apply only to the collection, not to query vectors and convert', async () => {
  const rows = buildNpy('<f4', [2, 2], Buffer.from(Float32Array.of(1, 0, 0, 1).buffer));
  const paths = buildNpy('|S1', [2], Buffer.from('ab'));
  const question = buildNpy('<f4', [2], Buffer.from(Float32Array.of(0, 1).buffer));
  const zipOf = (arrays: Readonly<Record<string, Buffer>>) =>
    buildZip(Object.entries(arrays).map(([name, raw]) => ({ name: `${name}.npy`, raw })));
  const keyed = temporaryFolder({ 'film.npz': zipOf({ image: rows, text: rows, paths, captions: paths }) });
  const questions = temporaryFolder({ 'q.npy': question, 'q.npz': zipOf({ arr_0: question }) });
  const keys = ['--embeddings-key', 'image', '--filenames-key', 'paths'];
  for (const file of ['q.npy', 'q.npz']) {
    const vector = join(questions, file);
    const answer = await giallo(['search', '-d', keyed, ...keys, '--vector', vector, '-k', '1', '--names']);
    assert.deepEqual([answer.status, answer.stdout], [0, 'b\n'], answer.stderr);
    const copy = await giallo(['convert', vector, ...keys, '-o', join(questions, `${file}.csv`)]);
    assert.equal(copy.status, file === 'q.npy' ? 0 : 1, copy.stderr);
  }
});

test('pairs, duplicates and compare take films as arguments; one film is compared with all others', async () => {
  const few = temporaryFolder();
  for (const [from, name] of [
    ['Alpha.1968.mkv', 'Alpha'],
    ['Beta.1971.mp4', 'Beta'],
    ['Alpha.1968.mkv', 'Copy'],
  ])
    copyFileSync(join(golden, `${from}.npz`), join(few, `${name}.npz`));
  for (const command of ['pairs', 'duplicates', 'compare']) {
    const filmsIn = async (...words: readonly string[]) => {
      const more = command === 'pairs' ? ['--max-score', '1'] : [];
      const answer = await giallo([command, ...words, ...more, '-d', few, '--json', '--no-cache']);
      assert.equal(answer.status, 0, answer.stderr);
      return new Set(answer.stdout.match(/(?<="(film|other)":")[A-Z]\w+/g));
    };
    assert.deepEqual(await filmsIn('Alpha', 'Copy'), new Set(['Alpha', 'Copy']));
    const { comparisons = [], pairs = [] } = JSON.parse(
      (await giallo([command, 'Beta', '-d', few, '--json', '--no-cache'])).stdout,
    );
    for (const one of [...comparisons, ...pairs])
      assert.ok([one.film ?? one.a.film, one.other ?? one.b.film].includes('Beta'), JSON.stringify(one));
  }
});

describe('a page', () => {
  test('on stdout has nothing else printed with it', async () => {
    const { status, stdout } = await giallo(['shots', 'Gamma', '-d', golden, '--html', '-']);
    assert.equal(status, 0);
    assert.match(stdout, /^<!doctype html>[\s\S]*<\/html>\n$/);
    assert.ok(!readdirSync('.').includes('-'));
    assert.equal((await giallo(['shots', 'Gamma', '-d', golden, '--html', '-', '--json'])).status, 2);
  });

  test('that cannot be written is reported before films are read', async () => {
    for (const file of [join(golden, 'nowhere/page.html'), '/proc/page.html', golden, '/dev/full']) {
      const { status, stdout, stderr } = await giallo([
        'similar',
        'Gamma',
        '0',
        '-d',
        golden,
        '--html',
        file,
      ]);
      assert.notEqual(status, 0);
      assert.equal(stdout, '');
      assert.ok(stderr.includes(file));
    }
  });
});

for (const options of [[], ['--timeline']]) {
  const words = ['similar', 'Gamma', '0', '-d', golden, ...options];
  test(`the question is printed on stderr only on a terminal ${options}`.trim(), async () => {
    assert.equal((await giallo(words)).stderr, '');
    const recording = recordingIo({});
    const stderr = { ...recording.io.stderr, isTerminal: true };
    const io = {
      ...recording.io,
      stderr,
      get stdout() {
        return recording.io.stdout;
      },
    };
    assert.equal(await main(words, io), 0);
    assert.match(recording.stderr(), /Gamma {2}frame 0/);
  });
}

test('src/README.md says where options are declared', () => {
  const map = readFileSync(join(import.meta.dirname, '../../src/README.md'), 'utf8');
  assert.match(map, /\*\*an option\*\*: its row in `commands\/options\/option-table\.ts`/);
});
