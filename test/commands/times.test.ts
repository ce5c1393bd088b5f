/** Times of frames on the command line: where they show, what they name, and what is written of them. */
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { main } from '../../src/cli.js';
import { openCollection, similar } from '../../src/giallo.js';
import { recordingIo, type Surroundings } from '../recording-io.js';
import { temporaryFolder } from '../temporary-folder.js';

const golden = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));

/** Two films whose filenames are numbered from 1: Alpha 3 a second, with a video; Beta without times. */
function folderOfFilms(
  films: object = { 'Alpha.1968.mkv': { fps: 2, video: 'alpha.mp4', rate: '25' } },
): string {
  const folder = temporaryFolder({ 'films.json': JSON.stringify({ v: 1, films }), 'alpha.mp4': '' });
  for (const name of ['Alpha.1968.mkv.npz', 'Beta.1971.mp4.npz'])
    copyFileSync(join(golden, name), join(folder, name));
  return folder;
}

async function run(argv: readonly string[], surroundings: Surroundings = {}) {
  const { io, stdout, stderr } = recordingIo(surroundings);
  const status = await main(argv, io);
  return { status, stdout: stdout(), stderr: stderr() };
}

async function answered(argv: readonly string[], surroundings?: Surroundings): Promise<string> {
  const { status, stdout, stderr } = await run(argv, surroundings);
  assert.equal(status, 0, stderr);
  return stdout;
}

const folder = folderOfFilms();
const inFolder = ['-d', folder];

describe('times', () => {
  test('are beside every frame of a film that has them in JSON, and beside no other', async () => {
    const text = await answered(['similar', 'Alpha', '3', '--all', '-k', '40', '--json', ...inFolder]);
    const { query, results } = JSON.parse(text);
    assert.equal(query[0].seconds, 1.5);
    for (const { film, index, seconds } of results)
      assert.equal(seconds, film === 'Alpha.1968.mkv' ? index / 2 : undefined);
    assert.ok(results.some(({ film }: { film: string }) => film !== 'Alpha.1968.mkv'));
  });

  test('change no byte of an answer about films that have none', async () => {
    const plain = folderOfFilms({});
    for (const format of [['--json'], ['--ndjson'], ['--csv'], ['--csv', '--times'], []]) {
      const asked = ['similar', 'Beta', '3', ...format, '-d'];
      assert.equal(await answered([...asked, folder]), await answered([...asked, plain]));
    }
  });

  test('are a column on a terminal, and with --times in CSV and pipes', async () => {
    const asked = ['similar', 'Alpha', '3', '-k', '1', ...inFolder];
    assert.equal((await answered([...asked, '--csv'])).split('\n')[0], 'rank,film,index,filename,score');
    assert.equal(
      await answered([...asked, '--csv', '--times']),
      'rank,film,index,time,filename,score\n1,Alpha.1968.mkv,12,0:00:06.0,Alpha.1968.mkv_000013.jpg,1\n',
    );
    assert.match(await answered([...asked, '--times']), /^rank\tfilm\tindex\ttime\tfilename\tscore\n/);
    assert.match(await answered(asked, { columns: 100 }), /time[\s\S]*0:00:06\.0/);
  });

  test('name frames: the nearest one', async () => {
    for (const words of [['Alpha', '@1.6'], ['Alpha:@0:01.6'], ['Alpha', '@0:00:01.6']]) {
      const { query } = JSON.parse(await answered(['similar', ...words, '--json', ...inFolder]));
      assert.equal(query[0].index, 3);
    }
    const stdin = 'Alpha\t@1.6\nAlpha:@99\n';
    const lines = await answered(['similar', '--queries', '-', ...inFolder], { stdin });
    const indices = lines
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).query[0].index);
    assert.deepEqual(indices, [3, 16]);
    const vector = await answered(['vector', 'Alpha', '@1.6', ...inFolder]);
    assert.equal(vector, await answered(['vector', 'Alpha', '3', ...inFolder]));
  });

  test('come from the options before the archive, and from the archive before films.json', async () => {
    const two = temporaryFolder({ 'films.json': '{"v": 1, "films": {}, "default": {"fps": 10}}' });
    const { query } = JSON.parse(
      await answered(['similar', join(golden, 'Beta.1971.mp4.npz'), '3', '--json', '--interval', '7']),
    );
    assert.equal(query[0].seconds, 21);
    copyFileSync(join(golden, 'Alpha.1968.mkv.npz'), join(two, 'A.npz'));
    const seconds = async (...options: string[]) =>
      JSON.parse(await answered(['similar', 'A', '3', '--json', '-d', two, ...options])).query[0].seconds;
    assert.equal(await seconds(), 0.3);
    assert.equal(await seconds('--fps', '4'), 0.75);
    assert.equal(await seconds('--fps', '24000/1001'), 0.125125);
  });

  test('of --fps are for the films asked about', async () => {
    const asked = ['similar', 'Beta', '3', '--all', '-k', '40', '--json', '--fps', '1', ...inFolder];
    for (const { film, index, seconds } of JSON.parse(await answered(asked)).results)
      assert.equal(seconds, film === 'Alpha.1968.mkv' ? index / 2 : index);
  });

  test('are in the lines of topk, which are made again where they change', async () => {
    const data = folderOfFilms();
    const asked = ['topk', '-k', '3', '-d', data];
    for (const line of (await answered(asked)).trimEnd().split('\n')) {
      const { film, index, seconds, neighbors } = JSON.parse(line);
      for (const one of [{ film, index, seconds }, ...neighbors])
        assert.equal(one.seconds, one.film === 'Alpha.1968.mkv' ? one.index / 2 : undefined);
    }
    const csv = await answered([...asked, 'Alpha', '--csv', '--times']);
    assert.match(
      csv,
      /^film,index,time,filename,rank,neighbor_film,neighbor_index,neighbor_time,neighbor_filename,score\n/,
    );
    assert.match(csv, /\nAlpha\.1968\.mkv,3,0:00:01\.5,.*,1,Alpha\.1968\.mkv,12,0:00:06\.0,/);
    assert.match(csv, /,Beta\.1971\.mp4,\d+,,/);
    assert.doesNotMatch(await answered([...asked, '--csv']), /time/);
    assert.equal((await run([...asked, '--npz', '--times', '-o', 'x'])).status, 2);

    const dumped = () => run([...asked, '-o', join(data, 'dump')]);
    const linesOf = (film: string) => readFileSync(join(data, 'dump', `${film}.ndjson`), 'utf8');
    assert.equal((await dumped()).status, 0);
    assert.match(linesOf('Alpha.1968.mkv'), /"seconds":1\.5/);
    assert.match((await dumped()).stderr, /2 of 2 files are whole, 2 /);
    writeFileSync(join(data, 'films.json'), JSON.stringify({ v: 1, default: { fps: 4 } }));
    assert.match((await dumped()).stderr, /made before .* changed; removed/);
    assert.match(linesOf('Alpha.1968.mkv'), /"seconds":0\.75/);
    assert.match(linesOf('Beta.1971.mp4'), /"seconds":0\.75/);
  });

  test('are in the library, where frames may be named by them', async () => {
    const collection = await openCollection(folder);
    const { query, results } = await similar(collection, [{ film: 'Alpha', frame: '@1.6' }], {
      index: false,
    });
    assert.deepEqual([query[0]?.index, query[0]?.seconds], [3, 1.5]);
    assert.equal(results[0]?.seconds, 6);
  });

  test('that are not known say what to add', async () => {
    const { status, stderr } = await run(['similar', 'Beta', '@1', ...inFolder]);
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^giallo: Beta.1971.mp4: the times of its frames are not known\nhint: `giallo times Beta.1971.mp4 --fps 2.5 --data /,
    );
  });

  test('of a films.json that is wrong are told on stderr, and are an error where they are needed', async () => {
    const wrong = folderOfFilms({ 'Alpha.1968.mkv': { fps: -1 } });
    const asked = ['similar', 'Alpha', '3', '--json', '-d', wrong];
    const { status, stdout, stderr } = await run(asked);
    assert.equal(status, 0);
    assert.match(
      stderr,
      /warning: .*films\.json: films: Alpha.1968.mkv: fps takes screenshots a second, above 0; found -1/,
    );
    assert.ok(!stdout.includes('seconds'));
    assert.equal((await run(['similar', 'Alpha', '@1', '-d', wrong])).status, 1);
  });

  test('of an array that --times-key names and the film has not: a warning, or an error where they are needed', async () => {
    const timed = folderOfFilms({ 'Alpha.1968.mkv': { fps: 2 } });
    const { status, stderr } = await run([
      'similar',
      'Alpha',
      '@1',
      '-d',
      timed,
      '--times-key',
      'at',
      '--json',
    ]);
    assert.equal(status, 0);
    assert.match(stderr, /warning: .*Alpha\.1968\.mkv\.npz: no array named at/);
    const none = await run(['similar', 'Alpha', '@1', '-d', folderOfFilms({}), '--times-key', 'at']);
    assert.equal(none.status, 1);
    assert.match(none.stderr, /^giallo: .*Alpha\.1968\.mkv\.npz: no array named at$/m);
  });

  test('are shown and written by giallo times', async () => {
    const own = folderOfFilms();
    const text = await answered([
      'times',
      'Beta',
      '--interval',
      '0.4',
      '--start',
      '0:10',
      '--json',
      '-d',
      own,
    ]);
    const { source, counted, frames } = JSON.parse(text);
    assert.deepEqual([source, counted], ['films.json', 'filenames']);
    assert.deepEqual(frames[2].seconds, 10.8);
    const json = JSON.parse(readFileSync(join(own, 'films.json'), 'utf8'));
    assert.deepEqual(json.films['Alpha.1968.mkv'], { fps: 2, video: 'alpha.mp4', rate: '25' });
    assert.deepEqual(json.films['Beta.1971.mp4'], { interval: 0.4, start: 10 });
    const missing = await run(['times', 'Beta', '--video', join(own, 'none.mp4'), '-d', own]);
    assert.match(missing.stderr, /--video: .*none\.mp4: no such file/);
  });
});

describe('clips', () => {
  test('are written in every form, and over lists of giallo’s own alone', async () => {
    const own = temporaryFolder({ 'other.edl': 'TITLE: mine\n' });
    const files = ['a.edl', 'a.otio', 'a.reel', 'b.ffconcat'].map((name) => join(own, name));
    const [edl, otio, reel, concat] = files as [string, string, string, string];
    const asked = ['shots', 'Alpha', '-q', ...inFolder];
    for (const _ of [1, 2]) {
      await answered([...asked, '--edl', edl, '--otio', otio, '--reel', reel]);
      await answered([...asked, '--reel', concat]);
    }
    const starts = [
      'TITLE: giallo shots',
      '{\n  "OTIO_SCHEMA": "Timeline.1"',
      '# mpv EDL v0\n',
      'ffconcat version 1.0\n',
    ];
    for (const [i, file] of files.entries())
      assert.ok(readFileSync(file, 'utf8').startsWith(starts[i] as string));
    const { status } = await run([...asked, '--edl', join(own, 'other.edl')]);
    assert.equal(status, 2);
    assert.equal(readFileSync(join(own, 'other.edl'), 'utf8'), 'TITLE: mine\n');
  });

  test('are the shot of each result, or so many seconds around it', async () => {
    const own = temporaryFolder();
    const list = async (...options: string[]) => {
      await answered([
        'similar',
        'Alpha',
        '3',
        '-k',
        '2',
        '-q',
        '--reel',
        join(own, 'a.reel'),
        ...options,
        ...inFolder,
      ]);
      const lines = readFileSync(join(own, 'a.reel'), 'utf8').trim().split('\n').slice(2);
      return lines.map((line) => line.split(',').slice(1, 3).map(Number));
    };
    assert.deepEqual((await list('--handles', '1'))[0], [5, 2]);
    const shots = JSON.parse(await answered(['shots', 'Alpha', '--json', ...inFolder])).shots;
    const shot = shots.find(({ first, last }: { first: number; last: number }) => first <= 12 && 12 <= last);
    assert.deepEqual(
      (await list())[0],
      [shot.first / 2, shot.frames / 2].map((x) => Math.round(x * 25) / 25),
    );
  });

  test('without what a list needs are an error, and nothing is printed or written', async () => {
    const own = temporaryFolder();
    const file = join(own, 'a.edl');
    for (const [options, message] of [
      [['--edl', file], /Beta.1971.mp4: the times of its frames are not known/],
      [['--fps', '2', '--edl', file], /frames of the video, and its frame rate is not known/],
      [['--fps', '2', '--reel', file], /the video of this film is not known/],
      [['--handles', '2'], /--handles needs --edl, --otio or --reel/],
      [['--edl', '-'], /cutting lists go into files/],
      [['--edl', '/dev/full'], /hint: name a file$/m],
      [['--edl', file, '--otio', join(own, '../', basename(own), 'a.edl')], /two outputs cannot be one file/],
      [['--html', file, '--reel', file], /two outputs cannot be one file/],
      [['--edl', '/nowhere/a.edl'], /cannot write/],
    ] as const) {
      const { status, stdout, stderr } = await run(['similar', 'Beta', '3', ...options, ...inFolder]);
      assert.ok(status === 1 || status === 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
    }
    assert.ok(!existsSync(file));
  });

  test('are played by the program that $GIALLO_PLAYER names', async () => {
    const own = temporaryFolder({ player: '#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/played"\n' });
    chmodSync(join(own, 'player'), 0o755);
    const env = { GIALLO_PLAYER: `'${join(own, 'player')}' --quiet "two words"` };
    const asked = ['similar', 'Alpha', '3', '-k', '1', '--play', '--handles', '1', ...inFolder];
    await answered([...asked, '--reel', join(own, 'r')], { env });
    assert.equal(readFileSync(join(own, 'played'), 'utf8'), `--quiet\ntwo words\n${join(own, 'r')}\n`);
    await answered(['similar', 'Alpha', '3', '-k', '1', '--play', ...inFolder], { env });
    assert.equal(
      readFileSync(join(own, 'played'), 'utf8'),
      `--quiet\ntwo words\n${join(folder, 'alpha.mp4')}\n`,
    );
    for (const [player, message] of [
      ['/no/player', /no player was found; looked for \/no\/player/],
      ["''", /no player was found; looked for ""/],
      [own, /--play: .*EACCES/],
    ] as const) {
      const asked = ['similar', 'Alpha', '3', '--play', ...inFolder];
      const { status, stderr } = await run(asked, { env: { GIALLO_PLAYER: player } });
      assert.equal(status, 2);
      assert.match(stderr, message);
    }
  });

  test('give a player the path of a file, whatever films.json says', async () => {
    const own = temporaryFolder({ player: '#!/bin/sh\nprintf "%s\\n" "$@" > "$(dirname "$0")/played"\n' });
    chmodSync(join(own, 'player'), 0o755);
    for (const [video, place] of [
      ['--script=evil.lua', '--script=evil.lua'],
      ['https://example.org/a.mp4', 'https:/example.org/a.mp4'],
      ['$(touch pwned)', '$(touch pwned)'],
    ]) {
      const films = folderOfFilms({ 'Alpha.1968.mkv': { fps: 2, video } });
      const env = { GIALLO_PLAYER: join(own, 'player') };
      await answered(['similar', 'Alpha', '3', '-k', '1', '--play', '-d', films], { env });
      assert.equal(readFileSync(join(own, 'played'), 'utf8'), `${join(films, place)}\n`);
    }
  });

  test('on a page: each frame leads into its video', async () => {
    const own = temporaryFolder();
    await answered(['similar', 'Alpha', '3', '-k', '1', '-q', '--html', join(own, 'p.html'), ...inFolder]);
    const link = /<a class="moment" href="([^":]*\/alpha\.mp4#t=6)">.*<time>0:00:06\.0<\/time><\/a>/;
    const [, href = ''] = link.exec(readFileSync(join(own, 'p.html'), 'utf8')) ?? [];
    const video = new URL(href, pathToFileURL(join(own, 'p.html')));
    assert.equal(fileURLToPath(video), join(folder, 'alpha.mp4'));
  });
});

describe('an array of times in the archive', () => {
  test('is read in all its digits, under its own name too', async () => {
    const own = temporaryFolder();
    const { spawnSync } = await import('node:child_process');
    const script = `
import numpy as np
v = np.arange(6, dtype=np.float32).reshape(3, 2) + 1
n = np.array(["a", "b", "c"])
np.savez("${own}/t.npz", embeddings=v, filenames=n, times=np.array([0.1, 5000.123456789, 7]))
np.savez("${own}/o.npz", embeddings=v, filenames=n, at=np.array([[1], [2], [3]], dtype=">i4"))
np.savez("${own}/w.npz", embeddings=v, filenames=n, times=np.array([0.1, 0.2]))
`;
    const made = spawnSync('/usr/bin/python3', ['-c', script], { encoding: 'utf8' });
    if (made.status !== 0) return; // without numpy this is tested in .ci alone
    const seconds = async (film: string, ...options: string[]) =>
      JSON.parse(await answered(['info', film, '--frames', '--json', '-d', own, ...options])).frames.map(
        (frame: { seconds: number }) => frame.seconds,
      );
    assert.deepEqual(await seconds('t'), [0.1, 5000.123456789, 7]);
    assert.deepEqual(await seconds('o', '--times-key', 'at'), [1, 2, 3]);
    assert.deepEqual(await seconds('t', '--interval', '2'), [0, 2, 4]);
    const { stderr } = await run(['info', 'w', '--frames', '-d', own]);
    assert.match(stderr, /warning: .*times.*expected one number for each of 3 frames, found \(2,\)/);
  });
});
