/** Errors with a real server: killed pushes, a server that restarts, passwords, tables. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openCollection } from '../../../src/collection/collection.js';
import { openConnection } from '../../../src/engine/connection.js';
import { openEngine } from '../../../src/engine/engine.js';
import { openStore } from '../../../src/engine/engine-store.js';
import { parseEngineUrl } from '../../../src/engine/engine-url.js';
import type { FilmToPush } from '../../../src/engine/push-film.js';
import { randomFrom } from '../../seeded-numbers.js';
import { temporaryFolder } from '../../temporary-folder.js';
import { generateFilms } from './generated-films.js';
import { giallo, initEngine } from './giallo.js';
import { isLeftOut, nodesForSuite } from './nodes-for-suite.js';
import { assertSameAnswers } from './same-answers.js';
import { reader } from './start-nodes.js';

const sample = fileURLToPath(new URL('../../../data_embeddings', import.meta.url));
const noPassword = { password: '' };

/** The number of rows in the table, committed or not. */
async function rowsIn(url: string): Promise<number> {
  const connection = await openConnection(parseEngineUrl(url), noPassword);
  const [{ rows }] = await connection.select<{ rows: number }>({
    sql: 'SELECT toFloat64(count()) AS rows FROM giallo_frames',
    parameters: {},
  });
  return rows;
}

describe('an engine with faults', { skip: isLeftOut }, () => {
  const nodes = nodesForSuite(1);
  const folder = temporaryFolder({ 'films/.keep': '' });
  const films = join(folder, 'films');
  before(() =>
    generateFilms(films, [
      { name: 'Long', frames: 4000, dim: 256 },
      { name: 'Short', frames: 50, dim: 256 },
    ]),
  );

  test('a film is pushed once, and again if its file has changed, which replaces all rows', async () => {
    const url = await initEngine(nodes[0], 'replaced');
    const data = join(folder, 'replaced');
    mkdirSync(data);
    const states = async (...more: string[]) => {
      const { stdout, stderr } = await giallo(['push', '-d', data, '--engine', url, '--json', ...more]);
      return stdout === '' ? stderr : JSON.parse(stdout).films.map((one: { state: string }) => one.state);
    };
    await generateFilms(data, [{ name: 'A', frames: 60, dim: 8 }], 1);
    await generateFilms(data, [{ name: 'B', frames: 20, dim: 8 }], 2);
    assert.deepEqual(await states(), ['pushed', 'pushed']);
    assert.deepEqual(await states(), ['kept', 'kept']);
    assert.deepEqual(await states('--force'), ['pushed', 'pushed']);
    await generateFilms(data, [{ name: 'A', frames: 30, dim: 8 }], 3);
    assert.deepEqual(await states(), ['pushed', 'kept']);
    const engine = await openEngine(url, noPassword);
    await assertSameAnswers(await openCollection(data), engine, { questions: 10, seed: 4 });
    assert.equal(await rowsIn(url), 50, 'what was replaced is removed');
    const timed = JSON.stringify({
      v: 1,
      films: { B: { fps: 2, start: 1.5, rate: '24/1', video: 'b.mp4' } },
    });
    writeFileSync(join(data, 'films.json'), timed);
    assert.deepEqual(await states(), ['kept', 'pushed'], 'of new times');
    assert.deepEqual(await states(), ['kept', 'kept']);
    const at = (film: string) => giallo(['similar', film, '@0:04', '-k', '1', '--json', '--engine', url]);
    const { query } = JSON.parse((await at('B')).stdout);
    assert.deepEqual([query[0].index, query[0].seconds], [5, 4]);
    const untimed = await at('A');
    assert.deepEqual(
      [untimed.status, /A: it was pushed without the times/.test(untimed.stderr)],
      [2, true],
      untimed.stderr,
    );
    const cleaned = await giallo(['engine', 'clean', '--json', '--engine', url]);
    assert.match(cleaned.stderr, /: removed 0 dead rows\n/);
    const { films, frames, shards } = JSON.parse(cleaned.stdout);
    assert.deepEqual([films, frames, shards[0].deadRows], [2, 50, 0]);
  });

  test('nothing of a killed push can be seen, and the next push continues', async () => {
    const url = await initEngine(nodes[0], 'killed');
    const random = randomFrom(7);
    let killed = 0;
    for (let attempt = 0; attempt < 4; attempt++) {
      const program = '../../../build/test/engine/nodes/push-process.js';
      const child = spawn(process.execPath, [fileURLToPath(new URL(program, import.meta.url)), films, url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      // The process prints each block that it sends.
      const blocks = Math.floor(random() * 8);
      let seen = 0;
      for await (const chunk of child.stdout) {
        seen += String(chunk).split('\n').length - 1;
        if (seen > blocks && child.exitCode === null && child.kill('SIGKILL')) killed++;
      }
      const engine = await openEngine(url, noPassword);
      for (const film of engine.collection.films) {
        assert.equal((await engine.filenames(film)).length, engine.stored(film).frames);
      }
    }
    assert.ok(killed > 0);
    const { status, stderr } = await giallo(['push', '-d', films, '--engine', url]);
    assert.equal(status, 0, stderr);
    const engine = await openEngine(url, noPassword);
    await assertSameAnswers(await openCollection(films), engine, { questions: 5, seed: 5 });
  });

  test('a server that is killed and restarted during a push gets the whole film', async () => {
    const url = await initEngine(nodes[0], 'restarted');
    const store = await openStore(url, noPassword);
    const rows = 600;
    let readings = 0;
    const retries: string[] = [];
    const values = Float32Array.from({ length: rows * 2048 }, (_, i) => Math.sin(i));
    const film: FilmToPush = {
      facts: {
        film: 'Interrupted',
        frames: rows,
        dim: 2048,
        zero: 0,
        nonFinite: 0,
        dtype: 'float32',
        compression: 'stored',
        bytes: 1,
        rawBytes: 1,
        embeddingsCrc: 'a',
        filenamesCrc: 'b',
        timesCrc: 0,
      },
      film: 'Interrupted',
      times: '',
      filenames: Array.from({ length: rows }, (_, row) => `${row}`),
      shotOf: new Int32Array(rows),
      squaredNorms: new Float64Array(rows).fill(1),
      async *readBlocks() {
        readings++;
        for (let firstRow = 0; firstRow < rows; firstRow += 100) {
          if (readings === 1 && firstRow === 300) {
            await nodes[0].kill();
            await nodes[0].start();
          }
          yield {
            firstRow,
            rows: 100,
            values: values.subarray(firstRow * 2048, (firstRow + 100) * 2048),
            becameInfinite: 0,
          };
        }
      },
    };
    await store.push(film, { onRetry: ({ message }) => retries.push(message) });
    assert.ok(readings > 1 && retries.length > 0, `${readings} readings, ${retries.length} retries`);
    const [stored] = await store.films();
    assert.equal(stored.frames, rows);
  });

  test('pushed films are there after a restart', async () => {
    const url = await initEngine(nodes[0], 'kept');
    const pushed = await giallo(['push', '-d', sample, '--engine', url]);
    assert.equal(pushed.status, 0, pushed.stderr);
    await nodes[0].kill();
    const gone = await giallo(['films', '--engine', url]);
    assert.equal(gone.status, 1);
    assert.match(gone.stderr, /no ClickHouse server answers/);
    await nodes[0].start();
    await assertSameAnswers(await openCollection(sample), await openEngine(url, noPassword), {
      questions: 3,
      seed: 6,
    });
  });

  test('a damaged archive is skipped, and nothing of it can be found', async () => {
    const url = await initEngine(nodes[0], 'damaged');
    const data = join(folder, 'damaged');
    mkdirSync(data);
    cpSync(join(films, 'Short.npz'), join(data, 'Short.npz'));
    const cut = join(data, 'Cut.npz');
    cpSync(join(films, 'Long.npz'), cut);
    truncateSync(cut, statSync(cut).size - 1000);
    const { status, stdout } = await giallo(['push', '-d', data, '--engine', url, '--json', '--strict']);
    assert.equal(status, 1);
    const report = JSON.parse(stdout);
    assert.deepEqual(
      report.skipped.map(({ film }: { film: string }) => film),
      ['Cut'],
    );
    assert.equal(await rowsIn(url), 50);
  });

  test('passwords that are right, wrong or missing are never printed', async () => {
    const url = nodes[0].url('kept').replace('//', `//${reader.name}@`);
    const env = (password: string) => ({ GIALLO_ENGINE: url, GIALLO_ENGINE_PASSWORD: password });
    for (const args of [['films'], ['engine', 'status'], ['push', '-d', sample]]) {
      const { status, stdout, stderr } = await giallo([...args, '--json'], env(reader.password));
      assert.equal(status, 0, stderr);
      assert.ok(!`${stdout}${stderr}`.includes(reader.password) && !stdout.includes(`${reader.name}@`));
    }
    for (const password of ['', 'another']) {
      const { status, stderr } = await giallo(['films', '--json'], env(password));
      assert.equal(status, 1);
      assert.equal(JSON.parse(stderr).error.code, 'engine-denied');
      assert.ok(password === '' || !stderr.includes(password));
    }
    // A password in the address would be in the list of processes, and in the history of the shell.
    const seen = url.replace('@', `:${reader.password}@`);
    const shown = [
      await giallo(['films', '--engine', seen]),
      await giallo(['push', '-d', sample], { GIALLO_ENGINE: seen }),
    ];
    for (const { status, stdout, stderr } of shown) {
      assert.deepEqual([status, stdout], [2, '']);
      assert.match(stderr, /GIALLO_ENGINE_PASSWORD/);
      assert.ok(!stderr.includes(reader.password));
    }
  });

  test('a missing database, missing or old tables, and an unknown cluster are errors', async () => {
    const code = async (...args: string[]) => {
      const { status, stderr } = await giallo([...args, '--json']);
      return [status, status === 0 ? '' : JSON.parse(stderr.trim().split('\n').at(-1) as string).error.code];
    };
    assert.deepEqual(await code('films', '--engine', nodes[0].url('nowhere')), [
      1,
      'engine-database-missing',
    ]);
    assert.deepEqual(await code('films', '--engine', nodes[0].url('default')), [1, 'engine-schema']);
    const none = nodes[0].url('none', '?cluster=no-such');
    assert.deepEqual(await code('engine', 'init', '--engine', none), [1, 'engine-schema']);

    const url = await initEngine(nodes[0], 'older');
    const connection = await openConnection(parseEngineUrl(url), noPassword);
    const sql = "ALTER TABLE giallo_frames MODIFY COMMENT 'giallo 0'";
    await connection.command({ sql, parameters: {} });
    for (const args of [['films'], ['push', '-d', sample], ['engine', 'init']]) {
      assert.deepEqual(await code(...args, '--engine', url), [1, 'engine-schema'], args.join(' '));
    }
    assert.deepEqual(await code('engine', 'drop', '--yes', '--engine', url), [0, '']);
    assert.deepEqual(await code('engine', 'init', '--engine', url), [0, '']);
  });

  test('options that an engine cannot answer are errors', async () => {
    const says = async (args: string[], message: RegExp) => {
      const { status, stderr } = await giallo(args, { GIALLO_ENGINE: nodes[0].url('kept') });
      assert.deepEqual([status, message.test(stderr)], [2, true], stderr);
    };
    await says(['similar', 'Sintel', '1', '--per-shot', '1', '--shot-threshold', '0.9'], /--shot-threshold/);
    await says(['similar', './Sintel.npz', '1'], /a path/);
    await says(['similar', 'Sintel', '1', '--fps', '2'], /--fps.* cannot be used with --engine/);
    await says(['films', '--embeddings-key', 'x'], /--embeddings-key/);
    await says(
      ['films', '--engine', nodes[0].url('kept'), '-d', sample],
      /--engine cannot be used with --data/,
    );
    await says(['films', '--partial', '-d', sample], /--partial/);
    await says(['engine', 'drop'], /--yes/);
    await says(['engine', 'fly'], /status, init, clean or drop/);
  });
});
