/**
 * `npm run bench:engine [-- --servers 1 --films 20 --frames 1500]`: asks a ClickHouse engine on this machine, the
 * search index and the archives the same questions. Ends with status 1 if answers differ.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { openCollection } from '../../src/collection/collection.js';
import { openEngine } from '../../src/engine/engine.js';
import { engineState, initEngine, openStore } from '../../src/engine/engine-store.js';
import { push } from '../../src/reports/push.js';
import { buildSearchIndex } from '../../src/reports/search-index.js';
import { clusterOf, nodesBelow } from '../../test/engine/nodes/start-nodes.js';
import { makeCollection } from '../collection.js';
import { findPython } from '../python.js';
import { makeScratch } from '../scratch.js';
import { table } from '../table.js';
import { askAll, quantile, type Respondent, seededQuestions } from './ask-all.js';
import { processorMs } from './processor-time.js';

const dim = 3072;
const questionCount = 100;
/** For each question all archives are read, so a few questions are enough to time them. */
const archiveQuestions = 10;

const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '1' },
    films: { type: 'string', default: '20' },
    frames: { type: 'string', default: '1500' },
  },
});
const [servers, films, frames] = [Number(values.servers), Number(values.films), Number(values.frames)];
const { folder } = await makeCollection({ films, frames, dim }, findPython());
const scratch = await makeScratch();
const nodes = await nodesBelow(scratch, servers);
try {
  await Promise.all(nodes.map((node) => node.start()));
  process.stdout.write(
    `${films * frames} frames of ${dim} numbers in ${films} films; ${servers} ClickHouse servers on this machine\n` +
      `${availableParallelism()} cores, ${cpus()[0]?.model}, node ${process.versions.node}\n\n`,
  );
  process.exitCode = (await run()) ? 0 : 1;
} finally {
  await Promise.all(nodes.map((node) => node.kill()));
}

/** Returns whether all answers were the same. */
async function run(): Promise<boolean> {
  const options = { password: '' };
  const cluster = servers > 1 ? `?cluster=${clusterOf(servers)}` : '';
  for (const node of nodes) await initEngine(node.url('bench', cluster), options);
  const url = nodes[0].url('bench');
  const collection = await openCollection(folder);

  const [startedMs, usedMs] = [performance.now(), processorMs(nodes)];
  const { totals } = await push(collection.films, await openStore(url, options));
  const [seconds, processorSeconds] = [
    (performance.now() - startedMs) / 1000,
    (processorMs(nodes) - usedMs) / 1000,
  ];
  const rawBytes = totals.frames * dim * 4;
  const { shards } = await engineState(url, options);
  const bytesStored = shards.reduce((sum, { bytes }) => sum + bytes, 0);
  const perSecond = `${Math.round(totals.frames / seconds)} frames/s, ${Math.round(rawBytes / 1e6 / seconds)} MB/s`;
  process.stdout.write(
    `push: ${seconds.toFixed(1)} s, ${perSecond}; ${processorSeconds.toFixed(1)} s of processors; ` +
      `on disk ${(bytesStored / rawBytes).toFixed(3)} of the vectors' bytes\n`,
  );

  const place = { dataFolder: folder, cacheRoot: `${scratch}/index` };
  await buildSearchIndex(collection, place.cacheRoot);
  const engine = await openEngine(url, options);
  const respondents: readonly Respondent[] = [
    { name: 'engine', collection: engine.collection, context: { engine } },
    { name: 'search index', collection, context: { index: place } },
    { name: 'archives', collection, context: {}, most: archiveQuestions },
  ];
  const questions = seededQuestions(collection, frames, questionCount);
  const { timings, isSame, compared } = await askAll(respondents, questions, () => processorMs(nodes));
  const rows = timings.map(({ name, elapsedMs, processorMs }) => {
    const times = [quantile(elapsedMs, 0.5), quantile(elapsedMs, 0.9), processorMs];
    return [name, `${elapsedMs.length}`, ...times.map((ms) => `${ms.toFixed(0)} ms`)];
  });
  process.stdout.write(
    `\n${table([['10 nearest', 'questions', 'median', '90 %', 'processor'], ...rows])}` +
      `  ${compared} answers compared: ${isSame ? 'the same to the bit' : 'THEY DIFFER'}\n`,
  );
  return isSame;
}
