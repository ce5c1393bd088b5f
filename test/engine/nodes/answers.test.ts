/** One server, and clusters of two and three: the same answers as the folder gives. */
import assert from 'node:assert/strict';
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Collection, openCollection } from '../../../src/collection/collection.js';
import { openFilm } from '../../../src/collection/film.js';
import { readRowsAt } from '../../../src/collection/held-rows.js';
import { openConnection } from '../../../src/engine/connection.js';
import { type Engine, openEngine } from '../../../src/engine/engine.js';
import { parseEngineUrl } from '../../../src/engine/engine-url.js';
import { temporaryFolder } from '../../temporary-folder.js';
import { generateFilms } from './generated-films.js';
import { giallo } from './giallo.js';
import { isLeftOut, nodesForSuite } from './nodes-for-suite.js';
import { assertSameAnswers, assertSameForVectors } from './same-answers.js';
import { clusterOf, type Node } from './start-nodes.js';

const dataFolder = fileURLToPath(new URL('../../../data_embeddings', import.meta.url));
const golden = fileURLToPath(new URL('../../fixtures/golden/films', import.meta.url));

describe('an engine', { skip: isLeftOut }, () => {
  const nodes = nodesForSuite(3);
  const generated = temporaryFolder();
  /** The sample films, with the moments of their frames, without pictures. */
  const sample = temporaryFolder();
  before(() => {
    for (const name of readdirSync(dataFolder).filter((name) => /\.npz$|^films\.json$/.test(name)))
      copyFileSync(join(dataFolder, name), join(sample, name));
  });
  before(() =>
    generateFilms(generated, [
      { name: "A 'quoted' film", frames: 120, dim: 24 },
      { name: 'B.1968.mkv', frames: 300, dim: 24 },
      { name: 'C', frames: 80, dim: 24 },
      { name: 'D', frames: 40, dim: 24 },
      { name: 'Another dim', frames: 30, dim: 13 },
    ]),
  );

  /**
   * Makes a database on the first so many servers, pushes the folder into it at the first, and opens it at the last.
   */
  async function filled(folder: string, servers: number, name: string): Promise<[Collection, Engine]> {
    const used = nodes.slice(0, servers);
    const database = `${name}${servers}`;
    const cluster = servers > 1 ? `?cluster=${clusterOf(servers)}` : '';
    for (const node of used) {
      const { status, stderr } = await giallo(['engine', 'init', '--engine', node.url(database, cluster)]);
      assert.equal(status, 0, stderr);
    }
    const pushed = await giallo(['push', '-d', folder, '--engine', used[0].url(database)]);
    assert.equal(pushed.status, 0, pushed.stderr);
    const engine = await openEngine((used.at(-1) as Node).url(database), { password: '' });
    return [await openCollection(folder), engine];
  }

  test('ClickHouse reads Parquet files of giallo as the same bits', async () => {
    const path = join(temporaryFolder(), 'krank.parquet');
    const { status, stderr } = await giallo(['convert', join(sample, 'Krank.Red.Sea.npz'), '-o', path]);
    assert.equal(status, 0, stderr);
    await filled(sample, 1, 'parquet');
    const connection = await openConnection(parseEngineUrl(nodes[0].url('parquet1')), { password: '' });
    const [{ rows, same }] = await connection.select<{ rows: string; same: string }>({
      sql: `SELECT toString(count()) AS rows, toString(countIf(embedding = vector)) AS same
        FROM file({path:String}) AS written JOIN giallo_frames AS pushed USING (filename)`,
      parameters: { path },
    });
    assert.deepEqual([rows, same], ['41', '41']);
  });

  for (const servers of [1, 2, 3]) {
    const questions = servers === 1 ? 100 : 20;
    const place = servers === 1 ? 'one server' : `${servers} servers`;

    test(`${place}: answers as the folder about the sample films`, async () => {
      const [collection, engine] = await filled(sample, servers, 'sample');
      const { refused, results } = await assertSameAnswers(collection, engine, { questions, seed: 1 });
      assert.equal(refused, 0);
      assert.ok(results > questions);
      const film = await openFilm(collection.films[0]);
      const vectors = await readRowsAt(film, [0, 30, 60]);
      await film.close();
      await assertSameForVectors(collection, engine, vectors);
    });

    test(`${place}: answers as the folder about ties, zero rows, non-finite rows and other dims`, async () => {
      const [collection, engine] = await filled(generated, servers, 'generated');
      const { answered, refused } = await assertSameAnswers(collection, engine, { questions, seed: 2 });
      assert.ok(answered > questions / 2 && refused > 0, `${answered} answered, ${refused} refused`);
    });

    test(`${place}: answers as the folder about any Unicode names and a film without frames`, async () => {
      const [collection, engine] = await filled(golden, servers, 'golden');
      await assertSameAnswers(collection, engine, { questions: questions / 4, seed: 3 });
    });

    test(`${place}: prints the same output in every format`, async () => {
      const env = { GIALLO_ENGINE: nodes[0].url(`sample${servers}`) };
      for (const args of [
        ['similar', 'Sintel', '40', '--all'],
        [
          'similar',
          'Sintel',
          '40',
          '--all',
          '--json',
          '-k',
          '20',
          '--exclude-near',
          'shot',
          '--per-shot',
          '1',
        ],
        ['similar', 'Sintel', '40', '--others', '--csv', '--per-film', '1'],
        ['similar', 'bunny', '-1', '--names', '--all'],
        ['similar', 'bunny', 'name:17', '--all'],
        ['similar', 'Sintel', '40', '--all', '--timeline'],
        ['similar', 'Sintel', '@0:12', '--all', '--times'],
        ['similar', 'Sintel', '40', '--others', '--times', '--csv', '--max-score', '0.7'],
        ['similar', 'Sintel', '40', '--all', '--without', 'Sintel:41', '--without', 'bunny:3', '--json'],
      ]) {
        const [found, expected] = [await giallo(args, env), await giallo([...args, '-d', sample])];
        assert.deepEqual([found.status, found.stdout], [expected.status, expected.stdout], args.join(' '));
      }
      const { stderr } = await giallo(['similar', 'Sintel', '40', '--all', '--explain'], env);
      assert.match(stderr, /; 262 rows scanned; \d+ candidates?, \d+ fetched and scored\n/);
      const completed = await giallo(['completion', 'fish', '--', 'similar', 'sint'], env);
      assert.deepEqual([completed.status, completed.stdout], [0, 'words\nSintel.Trailer.2010.mp4\t\n']);

      const [found, expected] = [
        await giallo(['films', '--csv'], env),
        await giallo(['films', '--csv', '-d', sample]),
      ];
      const withoutPath = (csv: string) => csv.replace(/^([^,]*),[^,]*/gm, '$1');
      assert.equal(withoutPath(found.stdout), withoutPath(expected.stdout));
      const { stdout } = await giallo(['engine', '--json'], env);
      const { shards, ...state } = JSON.parse(stdout);
      assert.deepEqual([state.films, state.frames, state.schema, shards.length], [3, 262, 1, servers]);
    });
  }
});
