import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { main } from '../../../src/cli.js';
import { recordingIo } from '../../recording-io.js';
import { runGiallo } from '../../run-giallo.js';
import { temporaryFolder } from '../../temporary-folder.js';

const data = join(import.meta.dirname, '../../../data_embeddings');
const shots = join(data, 'screenshots');
const picture = join(shots, 'Sintel.Trailer.2010.mp4/Sintel.Trailer.2010.mp4_000062.jpg');
const out = temporaryFolder();

describe('--paths', () => {
  test('adds the path of each picture to JSON, also of the query', async () => {
    const { query, results } = JSON.parse(
      await answer('similar', 'Sintel', '60', '-k', '1', '--json', '--paths'),
    );
    assert.equal(query[0].picture, picture.replace('062', '061'));
    const keys = ['rank', 'film', 'index', 'filename', 'picture', 'score', 'seconds'];
    assert.deepEqual(Object.keys(results[0]), keys);
    assert.equal(results[0].picture, picture);
  });

  test('adds null if there is no picture', async () => {
    const empty = temporaryFolder();
    const json = await answer(
      'similar',
      'Sintel',
      '60',
      '-k',
      '1',
      '--json',
      '--paths',
      '--screenshots',
      empty,
    );
    assert.equal(JSON.parse(json).results[0].picture, null);
    const none = await giallo('similar', 'Sintel', '60', '--names', '--paths', '--screenshots', empty);
    assert.deepEqual([none.status, none.stdout], [0, '']);
    assert.match(
      none.stderr,
      /5 of 5 frames have no picture in .*; --screenshots <dir> names another folder/,
    );
  });

  test('is needed for pictures to be looked for', async () => {
    const json = await answer('similar', 'Sintel', '60', '-k', '1', '--json');
    assert.equal('picture' in JSON.parse(json).results[0], false);
  });

  test('makes --names print only paths, and adds a column to CSV', async () => {
    assert.equal(await answer('similar', 'Sintel', '60', '-k', '1', '--names', '--paths'), `${picture}\n`);
    const [header, first] = (await answer('similar', 'Sintel', '60', '-k', '1', '--csv', '--paths')).split(
      '\n',
    );
    assert.equal(header, 'rank,film,index,filename,score,picture');
    assert.ok(first.endsWith(`,${picture}`));
  });

  test('adds columns to tables of pairs, runs, shots and witnesses', async () => {
    const firstRow = async (...words: string[]) => {
      const [header = '', row = ''] = (await answer(...words, '--csv', '--paths')).split('\n');
      const cells = row.split(',');
      return header.split(',').flatMap((key, i) => (key.endsWith('picture') ? [[key, cells[i]]] : []));
    };
    const picturesOf = async (...words: string[]) =>
      (await firstRow(...words)).map(([key, path = '']) => {
        assert.ok(existsSync(path), `${words}: ${path}`);
        return key;
      });
    assert.deepEqual(await picturesOf('pairs', '-k', '1'), ['picture', 'other_picture']);
    assert.deepEqual(await picturesOf('compare', 'Sintel', 'Bunny'), ['picture', 'other_picture']);
    assert.deepEqual(await picturesOf('duplicates'), ['picture']);
    assert.deepEqual(await picturesOf('shots', 'Sintel'), ['picture']);
  });

  test('leaves compare its matrix on a terminal', async () => {
    const matrix = (...more: string[]) => runGiallo(['compare', '-d', data, ...more], { columns: 90 });
    assert.equal((await matrix('--paths')).stdout, (await matrix()).stdout);
  });

  test('adds pictures in pairs, runs, shots and witnesses', async () => {
    const first = async (command: string, ...more: string[]) =>
      JSON.parse((await answer(command, ...more, '--ndjson', '--paths')).split('\n')[0]);
    const pair = await first('pairs', '-k', '1');
    assert.ok(existsSync(pair.a.picture) && existsSync(pair.b.picture));
    assert.ok(existsSync((await first('duplicates')).runs[0].picture));
    assert.ok(existsSync((await first('shots', 'Sintel')).picture));
    const [witness] = (await first('compare')).witnesses;
    assert.ok(existsSync(witness.picture) && existsSync(witness.otherPicture));
  });
});

describe('--html', () => {
  test('writes a page beside the usual answer', async () => {
    const file = join(out, 'page.html');
    const { stdout, stderr } = await giallo('similar', 'Sintel', '60', '--html', file);
    assert.match(stdout, /^rank\tfilm/);
    assert.match(stderr, /page\.html: written, \d+(\.\d)? kB\n/);
    assert.match(readFileSync(file, 'utf8'), /^<!doctype html>/);
    assert.deepEqual(readdirSync(out), ['page.html'], 'no temporary file is left');
  });

  test('replaces a page of giallo, but refuses another file before any work', async () => {
    const file = join(out, 'page.html');
    assert.equal((await giallo('shots', 'Sintel', '--html', file)).status, 0);
    assert.match(readFileSync(file, 'utf8'), /<h1>The shots of/);
    const notes = join(temporaryFolder({ 'notes.html': '<p>mine</p>' }), 'notes.html');
    const { status, stdout, stderr } = await giallo('similar', 'Sintel', '60', '--html', notes);
    assert.deepEqual([status, stdout], [2, '']);
    assert.match(stderr, /already exists, and is not a page of giallo's/);
    assert.equal(readFileSync(notes, 'utf8'), '<p>mine</p>');
    assert.equal((await giallo('similar', 'Sintel', '60', '--html', '/dev/null')).status, 2);
  });

  test('reports a missing folder as status 1, and leaves no incomplete file', async () => {
    const { status, stderr } = await giallo('similar', 'Sintel', '60', '--html', join(out, 'no/page.html'));
    assert.equal(status, 1);
    assert.match(stderr, /no such file or folder/);
  });

  test('says before any work that a link leads into a missing folder', async () => {
    const link = join(temporaryFolder(), 'page.html');
    symlinkSync(join(out, 'no', 'page.html'), link);
    const { status, stdout, stderr } = await giallo('similar', 'Sintel', '60', '--html', link);
    assert.deepEqual([status, stdout], [1, '']);
    assert.match(stderr, /page\.html: cannot write: no such file or folder/);
  });

  test('says that pictures are missing, and shows names instead', async () => {
    const file = join(out, 'bare.html');
    const folder = temporaryFolder();
    const { stderr } = await giallo('similar', 'Sintel', '60', '--html', file, '--screenshots', folder);
    assert.ok(stderr.includes(`looked for pictures in ${folder}; --screenshots <dir> names another`));
    const page = readFileSync(file, 'utf8');
    assert.match(page, /No pictures were found: frames are shown by name\./);
    assert.match(page, /<body class="bare">/);
    assert.match(page, /<strong>No picture<\/strong> <bdi>…_<wbr>000061.<wbr>jpg<\/bdi>/);
    assert.doesNotMatch(page, /<img/);
  });

  test('shows that a picture cannot be read', async () => {
    const broken = temporaryFolder({ 'Sintel.Trailer.2010.mp4_000061.jpg': 'no picture' });
    const file = join(out, 'broken.html');
    await giallo('similar', 'Sintel', '60', '-k', '1', '--html', file, '--screenshots', broken);
    const page = readFileSync(file, 'utf8');
    assert.match(page, /<strong>Unreadable picture<\/strong>/);
    assert.match(page, /1 of 2 pictures could not be read\./);
  });

  test('writes the same bytes for the same question', async () => {
    const file = join(out, 'again.html');
    const made = async () => {
      await giallo('compare', '--html', file);
      return readFileSync(file);
    };
    assert.ok((await made()).equals(await made()));
  });
});

test('a folder given by --screenshots must exist', async () => {
  assert.equal((await giallo('similar', 'Sintel', '60', '--screenshots', '/nowhere')).status, 2);
  const recording = recordingIo({ env: { GIALLO_SCREENSHOTS: '/nowhere' } });
  assert.equal(await main(['similar', '-d', data, 'Sintel', '60'], recording.io), 2);
  assert.match(recording.stderr(), /\/nowhere: no such folder\nhint: \$GIALLO_SCREENSHOTS names it/);
});

describe('drawing', () => {
  test('--pictures in a pipe prints the table and says why', async () => {
    const { stdout, stderr } = await giallo('similar', 'Sintel', '60', '--pictures');
    assert.match(stdout, /^rank\tfilm/);
    assert.match(stderr, /--pictures: stdout is not a terminal; --html <file> writes a page/);
  });

  test('prints no escape sequences on a dumb terminal, in tmux without colours and in CI logs', async () => {
    const cases: [env: Record<string, string>, more: string[], why: RegExp][] = [
      [{ TERM: 'dumb' }, [], /TERM=dumb/],
      [{ TERM: 'screen', TMUX: '1' }, ['--no-color'], /cannot draw without colours \(--no-color\)/],
      [{ TERM: 'screen', TMUX: '1', NO_COLOR: '1' }, [], /NO_COLOR is set/],
      [{ TERM: 'xterm-256color', FORCE_COLOR: '0' }, [], /FORCE_COLOR=0/],
      [{ TERM: 'xterm-256color', CI: '1', NO_COLOR: '1' }, [], /CI is set/],
    ];
    for (const [env, more, why] of cases) {
      const recording = recordingIo({ columns: 100, env });
      assert.equal(
        await main(['similar', '-d', data, 'Sintel', '60', '--pictures', ...more], recording.io),
        0,
      );
      assert.doesNotMatch(recording.stdout(), /[▀▄]/);
      assert.match(recording.stderr(), why);
    }
  });

  test('puts pictures with captions side by side on a terminal of 256 colours', async () => {
    const recording = recordingIo({ columns: 80, env: { TERM: 'tmux-256color', TMUX: '1' } });
    await main(['similar', '-d', data, 'Sintel', '60', '-k', '3', '--pictures'], recording.io);
    const lines = recording.stdout().split('\n');
    assert.ok(lines[0].startsWith('\u001b[38;5;'));
    const captions = stripVTControlCharacters(recording.stdout());
    assert.match(captions, /asked about: frame 60 .*#1 {2}0\.9801 {2}frame 61/);
    assert.equal(lines.at(-2), '3 nearest by cosine among 131 frames of 1 film');
  });

  test('--timeline draws a line for each film, also in a pipe', async () => {
    const { stdout, stderr } = await giallo('similar', 'Sintel', '60', '--all', '-k', '30', '--timeline');
    assert.match(
      stdout,
      /^Sintel\.Trailer\.2010\.mp4 {2}[·▁-█◆]+ {2}28 hits, best 0\.9801\nBig.Buck.Bunny.2008.mp4 {2}[·▁-█]+ {3}2 hits, best 0\.8831\n$/,
    );
    assert.equal(stderr, '');
  });

  test('--timeline names each question above its lines if there are several', async () => {
    const numbers = (frame: number) => answer('vector', 'Krank', String(frame));
    const vectors = `[${await numbers(3)}, ${await numbers(8)}]`;
    const words = ['search', '--vector', '-', '-k', '1', '--in', 'Krank', '--timeline', '-d', data];
    const { stdout } = await runGiallo(words, { stdin: vectors });
    assert.match(stdout, /^vector 0\nKrank.Red.Sea .*1 hit.*\nvector 1\nKrank.Red.Sea .*1 hit.*\n$/);
  });

  test('cannot be used with another format', async () => {
    assert.equal((await giallo('similar', 'Sintel', '60', '--timeline', '--json')).status, 2);
    assert.equal((await giallo('pairs', '--pictures', '--csv')).status, 2);
  });
});

describe('links', () => {
  const linked = (path: string, text: string) =>
    `\u001b]8;;file://${hostname()}${path}\u0007${text}\u001b]8;;\u0007`;

  test('make filenames lead to their pictures on terminals that support links', async () => {
    assert.ok(
      (await onTerminal({ FORCE_HYPERLINK: '1' })).includes(
        linked(picture, 'Sintel.Trailer.2010.mp4_000062.jpg'),
      ),
    );
  });

  test('are not printed on other terminals', async () => {
    assert.equal((await onTerminal({ FORCE_HYPERLINK: '0' })).includes('\u001b]8'), false);
  });

  /** The library reads the environment of the real process. */
  async function onTerminal(env: Readonly<Record<string, string>>): Promise<string> {
    const before = { ...process.env };
    Object.assign(process.env, env);
    try {
      const recording = recordingIo({ columns: 120, env: { NO_COLOR: '1' } });
      await main(['similar', '-d', data, 'Sintel', '60', '-k', '1'], recording.io);
      return recording.stdout();
    } finally {
      process.env = before;
    }
  }
});

async function answer(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await giallo(...args);
  assert.equal(status, 0, stderr);
  return stdout;
}

function giallo(...args: readonly string[]) {
  return runGiallo([args[0], '-d', data, ...args.slice(1)]);
}
