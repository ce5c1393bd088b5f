/**
 * Kills `giallo index build` with SIGKILL at ten moments drawn from a seed (`kill-build.ts [seed]`). After each kill it
 * asks a question, builds again, and compares the index byte for byte with that of a build that was not killed. Then it
 * starts several builds at once.
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { indexFolder } from '../../src/search-index/index-folder.js';
import { filesIn } from '../files-in.js';
import { writeFilm } from '../oracle/made-films.js';
import { ended, filesLeft, madeFilm, setUp, start, untilFiles } from './processes.js';

const moments = 10;
const atOnce = 3;
const films = 6;
const frames = 80;
const dim = 96;
/** The files that a film has in a complete index. */
const whole = /\.(rows|sketches)$/;

const { seed, random, folder } = await setUp();
const data = join(folder, 'films');
await main();

/** The files of an index except its stamps, which leave out films changed less than two seconds before. */
async function indexFilesIn(place: string): Promise<Map<string, string>> {
  return new Map([...(await filesIn(place))].filter(([name]) => !name.endsWith('.stamps')));
}

async function main(): Promise<void> {
  await writeFilms();
  const answer = await ask(join(folder, 'none'));
  await finish(join(folder, 'undisturbed'));
  const expected = await indexFilesIn(indexFolder(join(folder, 'undisturbed'), data));
  assert.equal(expected.size, 2 * films + 2);
  process.stdout.write(`seed ${seed}, ${films} films\n`);

  for (let moment = 1; moment <= moments; moment++) {
    const cache = join(folder, `killed-${moment}`);
    const place = indexFolder(cache, data);
    const build = startBuild(cache);
    const waited = await untilMoment(build, place);
    build.kill('SIGKILL');
    await ended(build);
    const left = [...(await filesLeft(place))].filter(([name]) => whole.test(name));
    for (const [name, content] of left) {
      assert.equal(content, expected.get(name), `${name} is whole or not there`);
    }
    assert.equal(await ask(cache), answer);
    await finish(cache);
    const after = [...(await indexFilesIn(place))].filter(([name]) => !name.endsWith('.tmp'));
    assert.deepEqual(new Map(after), expected);
    process.stdout.write(`killed ${waited}, ${left.length} of ${2 * films} files there: as undisturbed\n`);
  }

  const cache = join(folder, 'at-once');
  const builds = Array.from({ length: atOnce }, () => startBuild(cache));
  assert.deepEqual(
    await Promise.all(builds.map(ended)),
    builds.map(() => 0),
  );
  assert.deepEqual(await indexFilesIn(indexFolder(cache, data)), expected);
  assert.equal(await ask(cache), answer);
  process.stdout.write(`${atOnce} builds at once: as one\n`);
}

async function writeFilms(): Promise<void> {
  await mkdir(data);
  for (let film = 0; film < films; film++) await writeFilm(data, madeFilm(film, frames, dim, random));
}

/** Waits for a random number of files and some random milliseconds more; returns a description of both. */
async function untilMoment(build: ChildProcess, place: string): Promise<string> {
  const files = Math.floor(random() * (2 * films + 1));
  const moreMs = Math.floor(random() * 15);
  await untilFiles(build, place, whole, files);
  await setTimeout(moreMs);
  return `${moreMs} ms after ${files} files were seen`;
}

async function ask(cache: string): Promise<string> {
  const question = start(
    ['similar', 'Film.1', '3', '--all', '-k', '9', '--json', '-d', data],
    at(cache),
    'read',
  );
  const answer = await text(question.stdout as NodeJS.ReadableStream);
  assert.equal(await ended(question), 0);
  return answer;
}

async function finish(cache: string): Promise<void> {
  assert.equal(await ended(startBuild(cache)), 0);
}

function startBuild(cache: string): ChildProcess {
  return start(['index', 'build', '-d', data], at(cache));
}

function at(cache: string): NodeJS.ProcessEnv {
  return { GIALLO_CACHE: cache };
}
