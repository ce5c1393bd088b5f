/**
 * Kills `giallo explore` with SIGKILL at ten moments drawn from a seed (`kill-explore.ts [seed]`), runs it again, and
 * compares the site byte for byte with one that was not killed.
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { filesIn } from '../files-in.js';
import { writeFilm } from '../oracle/made-films.js';
import { ended, filesLeft, madeFilm, setUp, start } from './processes.js';

const moments = 10;
const films = 6;
const frames = 60;
const dim = 256;

const { seed, random, folder } = await setUp();
await main();

async function main(): Promise<void> {
  const data = join(folder, 'films');
  await mkdir(data);
  for (let film = 0; film < films; film++) await writeFilm(data, madeFilm(film, frames, dim, random));

  const startedMs = performance.now();
  await finish(data, join(folder, 'undisturbed'));
  const wholeMs = performance.now() - startedMs;
  const expected = await filesIn(join(folder, 'undisturbed'));
  process.stdout.write(`seed ${seed}, ${films} films, ${expected.size} files of a site\n`);

  for (let moment = 1; moment <= moments; moment++) {
    const place = join(folder, `killed-${moment}`);
    const build = startBuild(data, place);
    // The whole time is divided into equal parts, and one moment is drawn from each.
    const waitMs = Math.round(((moment - random()) / moments) * wholeMs);
    await Promise.race([setTimeout(waitMs), ended(build)]);
    build.kill('SIGKILL');
    await ended(build);
    const left = (await filesLeft(place)).size;
    await finish(data, place);
    assert.deepEqual(await filesIn(place), expected);
    process.stdout.write(`killed after ${waitMs} ms, ${left} files there: as undisturbed\n`);
  }
}

function startBuild(data: string, place: string): ChildProcess {
  return start(['explore', '-d', data, '-o', place], {});
}

async function finish(data: string, place: string): Promise<void> {
  assert.equal(await ended(startBuild(data, place)), 0);
}
