/** Results as clips: cutting lists, playlists, players, and links into the video. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runGiallo as run } from '../../run-giallo.js';
import { temporaryFolder } from '../../temporary-folder.js';
import { answered, folderOfFilms } from '../timed-films.js';

const folder = folderOfFilms();
const inFolder = ['-d', folder];

describe('clips', () => {
  test('are written in every format, and replace only lists that giallo wrote', async () => {
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

  test('are the shot of each result, or the seconds around it with --handles', async () => {
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

  test('are an error if something that a list needs is unknown; then nothing is written', async () => {
    const own = temporaryFolder();
    const file = join(own, 'a.edl');
    for (const [options, message] of [
      [['--edl', file], /Beta.1971.mp4: the times of its frames are not known/],
      [['--fps', '2', '--edl', file], /the frame rate of the video, which is not known/],
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

  test('give a player only the path of a file, whatever films.json says', async () => {
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

  test('are links into the video on a page', async () => {
    const own = temporaryFolder();
    await answered(['similar', 'Alpha', '3', '-k', '1', '-q', '--html', join(own, 'p.html'), ...inFolder]);
    const link = /<a class="moment" href="([^":]*\/alpha\.mp4#t=6)">.*<time>0:00:06\.0<\/time><\/a>/;
    const [, href = ''] = link.exec(readFileSync(join(own, 'p.html'), 'utf8')) ?? [];
    const video = new URL(href, pathToFileURL(join(own, 'p.html')));
    assert.equal(fileURLToPath(video), join(folder, 'alpha.mp4'));
  });
});
