/** Times of frames on the command line: where they are shown, how they name frames, and how they are written. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openCollection, similar } from '../../src/giallo.js';
import { runGiallo as run } from '../run-giallo.js';
import { temporaryFolder } from '../temporary-folder.js';
import { answered, folderOfFilms } from './timed-films.js';

const golden = join(import.meta.dirname, '../fixtures/golden/films');
const folder = folderOfFilms();
const inFolder = ['-d', folder];

describe('times', () => {
  test('are in JSON for every frame of films that have times, and for no other', async () => {
    const text = await answered(['similar', 'Alpha', '3', '--all', '-k', '40', '--json', ...inFolder]);
    const { query, results } = JSON.parse(text);
    assert.equal(query[0].seconds, 1.5);
    for (const { film, index, seconds } of results)
      assert.equal(seconds, film === 'Alpha.1968.mkv' ? index / 2 : undefined);
    assert.ok(results.some(({ film }: { film: string }) => film !== 'Alpha.1968.mkv'));
  });

  test('change nothing in answers about films without times', async () => {
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

  test('are shown of the frames asked about', async () => {
    const [first, second] = (
      await answered(['similar', 'Alpha', '3', '@1000', ...inFolder], { columns: 100 })
    ).split('\n');
    assert.match(first ?? '', /frame 3 {2}0:00:01\.5 {2}Alpha\.1968\.mkv_000004\.jpg/);
    assert.match(second ?? '', /frame 16 {2}0:00:08\.0 {2}/);
  });

  test('have the same column names in a pipe as in CSV', async () => {
    for (const command of ['pairs', 'compare', 'duplicates']) {
      const [csv, piped] = await Promise.all(
        [['--csv'], []].map((format) => answered([command, '--times', ...format, ...inFolder])),
      );
      assert.equal(piped?.split('\n')[0]?.replaceAll('\t', ','), csv?.split('\n')[0]);
    }
  });

  test('select the nearest frame', async () => {
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

  test('come from options first, then from the archive, then from films.json', async () => {
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

  test('of --fps apply to the query’s films', async () => {
    const asked = ['similar', 'Beta', '3', '--all', '-k', '40', '--json', '--fps', '1', ...inFolder];
    for (const { film, index, seconds } of JSON.parse(await answered(asked)).results)
      assert.equal(seconds, film === 'Alpha.1968.mkv' ? index / 2 : index);
  });

  test('are in dumps of topk, which are made again when times change', async () => {
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
    assert.match((await dumped()).stderr, /2 of 2 files are complete, 2 /);
    writeFileSync(join(data, 'films.json'), JSON.stringify({ v: 1, default: { fps: 4 } }));
    assert.match((await dumped()).stderr, /made before .* changed; removed/);
    assert.match(linesOf('Alpha.1968.mkv'), /"seconds":0\.75/);
    assert.match(linesOf('Beta.1971.mp4'), /"seconds":0\.75/);
  });

  test('are in the library, which also accepts them as frames', async () => {
    const collection = await openCollection(folder);
    const { query, results } = await similar(collection, [{ film: 'Alpha', frame: '@1.6' }], {
      index: false,
    });
    assert.deepEqual([query[0]?.index, query[0]?.seconds], [3, 1.5]);
    assert.equal(results[0]?.seconds, 6);
  });

  test('that are unknown give an error that says what to add', async () => {
    const { status, stderr } = await run(['similar', 'Beta', '@1', ...inFolder]);
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^giallo: Beta.1971.mp4: the times of its frames are not known\nhint: `giallo times Beta.1971.mp4 --fps 2.5 --data /,
    );
  });

  test('given for one film are not in the hint about another', async () => {
    const { status, stderr } = await run([
      ...'similar Beta 1 --without Alpha:@3 --fps 2 -d'.split(' '),
      folderOfFilms({}),
    ]);
    assert.equal(status, 2);
    assert.match(
      stderr,
      /^giallo: Alpha.1968.mkv: the times of its frames are not known\nhint: `giallo times Alpha/,
    );
    assert.match(stderr, /; --fps and --interval are only for the films asked about; /);
  });

  test('of an entry with another spelling of the name are not used, with a message', async () => {
    const meant = folderOfFilms({
      'beta.1971': { fps: 2 },
      Alpha: { fps: 2 },
      'Alpha.1968.mkv': { rate: '25' },
    });
    const hintOf = async (film: string) => (await run(['similar', film, '@1', '-d', meant])).stderr;
    assert.match(
      await hintOf('Beta'),
      /hint: the entry "beta.1971" in films.json is not exactly this film’s name; `giallo times/,
    );
    assert.match(await hintOf('Alpha'), /hint: `giallo times/);
  });

  test('of "default" are used with a warning if an entry misspells the film’s name', async () => {
    const entries = { 'beta.1971.mkv': { fps: 2 }, 'Alpha.1968': { fps: 4 }, Alph: { fps: 4 } };
    const meant = folderOfFilms();
    writeFileSync(join(meant, 'films.json'), JSON.stringify({ v: 1, films: entries, default: { fps: 1 } }));
    copyFileSync(join(golden, 'One.npz'), join(meant, 'Alpha.1968.npz'));
    mkdirSync(join(meant, 'beta.1971.mkv'));
    for (const asked of [
      ['times', 'Beta'],
      ['similar', 'Beta', '3'],
      ['similar', 'Beta', '@3'],
    ]) {
      const { status, stderr } = await run([...asked, '--json', '-d', meant]);
      assert.equal(status, 0);
      assert.match(
        stderr,
        /^giallo: warning: .*films\.json: the entry "beta\.1971\.mkv" is not exactly the name of Beta\.1971\.mp4, which gets the times of "default"\n$/,
      );
    }
    assert.equal((await run(['times', 'Alpha.1968.mkv', '-d', meant])).stderr, '');
  });

  test('that --times asks for but no film has give a hint', async () => {
    const asked = ['--csv', '--times', ...inFolder];
    const said =
      /giallo: --times: no times of these films are known; docs\/times\.md says where they come from\n$/;
    assert.match((await run(['similar', 'Beta', '3', ...asked])).stderr, said);
    assert.match((await run(['topk', 'Beta', '--in', 'Beta', ...asked])).stderr, said);
    assert.equal((await run(['similar', 'Alpha', '3', ...asked])).stderr, '');
    // `giallo times` does not write into such a file.
    const damaged = folderOfFilms({});
    writeFileSync(join(damaged, 'films.json'), '{');
    const { stderr } = await run(['similar', 'Beta', '3', '--csv', '--times', '-d', damaged]);
    assert.match(stderr, /^giallo: warning: .*films\.json: not JSON/);
    assert.match(stderr, said);
  });

  test('of a film outside the collection are written to films.json in its own folder', async () => {
    const elsewhere = folderOfFilms({});
    const film = join(elsewhere, 'Alpha.1968.mkv.npz');
    const { frames } = JSON.parse(await answered(['times', film, '--fps', '4', '--json', ...inFolder]));
    assert.equal(frames[2].seconds, 0.5);
    const { films } = JSON.parse(readFileSync(join(elsewhere, 'films.json'), 'utf8'));
    assert.deepEqual(films, { 'Alpha.1968.mkv': { fps: 4 } });
  });

  test('of a broken films.json give a warning, or an error if times are needed', async () => {
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

  test('of a missing --times-key array give a warning, or an error if times are needed', async () => {
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
    const timeless = folderOfFilms({});
    const rate = await run(['times', 'Beta', '--rate', '29.97', '-d', timeless]);
    assert.deepEqual([rate.status, rate.stdout], [0, '']);
    assert.match(rate.stderr, /Beta.*: written to films\.json; its times are not known without --fps/);
    const { films } = JSON.parse(readFileSync(join(timeless, 'films.json'), 'utf8'));
    assert.deepEqual(films, { 'Beta.1971.mp4': { rate: '30000/1001' } });
  });
});
