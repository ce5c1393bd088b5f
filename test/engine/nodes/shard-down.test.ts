/** A cluster of two servers of which one is down. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { giallo, initEngine } from './giallo.js';
import { isLeftOut, nodesForSuite } from './nodes-for-suite.js';
import { clusterOf } from './start-nodes.js';

const sample = fileURLToPath(new URL('../../../data_embeddings', import.meta.url));

describe('a cluster', { skip: isLeftOut }, () => {
  const nodes = nodesForSuite(2);

  test('with a shard down gives an error, or with --partial an answer that says what is missing', async () => {
    for (const node of nodes) await initEngine(node, 'shared', `?cluster=${clusterOf(2)}`);
    const env = { GIALLO_ENGINE: nodes[0].url('shared') };
    const pushed = await giallo(['push', '-d', sample], env);
    assert.equal(pushed.status, 0, pushed.stderr);
    const films = async (...more: string[]) =>
      JSON.parse((await giallo(['films', '--json', ...more], env)).stdout);
    assert.equal((await films()).films.length, 3);

    await nodes[1].kill();
    const whole = await giallo(['films', '--json'], env);
    assert.deepEqual([whole.status, JSON.parse(whole.stderr).error.code], [1, 'engine-shard-down']);

    const rest = await films('--partial');
    assert.ok(rest.films.length > 0 && rest.films.length < 3);
    assert.deepEqual(
      rest.skipped.map(({ film, code }: { film: string; code: string }) => [film, code]),
      [['shard 2', 'engine-shard-down']],
    );
    const asked = ['similar', rest.films[0].film, '5', '--all', '--json'];
    const [refused, partial] = [await giallo(asked, env), await giallo([...asked, '--partial'], env)];
    assert.equal(refused.status, 1);
    assert.equal(partial.status, 0, partial.stderr);
    assert.match(partial.stderr, /shard 2 does not answer/);
    const report = JSON.parse(partial.stdout);
    assert.equal(report.searched.films, rest.films.length);
    assert.equal(report.skipped.length, 1);
    const strict = await giallo([...asked, '--partial', '--strict'], env);
    assert.equal(strict.status, 1);
    const { shards } = JSON.parse((await giallo(['engine', '--json'], env)).stdout);
    assert.deepEqual(
      shards.map(({ state }: { state: string }) => state),
      ['up', 'down'],
    );
    const missing = await giallo(['similar', 'Sintel', '1', '--partial', '--all'], env);
    const isThere = rest.films.some(({ film }: { film: string }) => film.startsWith('Sintel'));
    if (!isThere) assert.match(missing.stderr, /shard 2 of the cluster does not answer/);

    await nodes[1].start();
    assert.equal((await films()).films.length, 3);
  });
});
