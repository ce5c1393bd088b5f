/**
 * Kills `giallo topk -o` with SIGKILL at ten moments drawn from a seed (`kill-dump.ts [seed]`), runs it again, and
 * compares the files byte for byte with a dump that was not killed. Then it interrupts a dump once with SIGINT.
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { filesIn } from '../files-in.js';
import { writeFilm } from '../oracle/made-films.js';
import { ended, filesLeft, madeFilm, setUp, start, untilFiles } from './processes.js';

const moments = 10;
const films = 9;
const frames = 60;
const dim = 512;

const whole = /\.(ndjson|parquet)$/;
/** The formats, which are used in turn. */
const forms = ['--ndjson', '--atlas'];
const { seed, random, folder } = await setUp();
await main();

async function main(): Promise<void> {
  const data = join(folder, 'films');
  await cp(join(import.meta.dirname, 'run.sh'), join(data, 'no-film.txt'));
  for (let film = 0; film < films; film++) await writeFilm(data, madeFilm(film, frames, dim, random));

  const undisturbed: Map<string, string>[] = [];
  for (const form of forms) {
    await finish(data, join(folder, `undisturbed${form}`), form);
    undisturbed.push(await filesIn(join(folder, `undisturbed${form}`)));
  }
  process.stdout.write(`seed ${seed}, ${films} films\n`);

  for (let moment = 1; moment <= moments; moment++) {
    const place = join(folder, `killed-${moment}`);
    const form = forms[moment % forms.length];
    const expected = undisturbed[moment % forms.length];
    const dump = startDump(data, place, form);
    const waited = await untilMoment(dump, place);
    dump.kill('SIGKILL');
    await ended(dump);
    const left = wholeFiles(await filesLeft(place));
    for (const [name, content] of left)
      assert.equal(content, expected.get(name), `${name} is whole or not there`);
    await finish(data, place, form);
    assert.deepEqual(await filesIn(place), expected);
    process.stdout.write(`${form} killed ${waited}, ${left.size} of ${films} files there: as undisturbed\n`);
  }
  const interrupted = await interrupt(data);
  await finish(data, interrupted, forms[0]);
  assert.deepEqual(await filesIn(interrupted), undisturbed[0]);
}

/**
 * Ctrl-C in the middle gives exit 130, a hint, and no incomplete file. If a dump is finished before the signal arrives,
 * as on a busy machine, it is made again in another folder. Returns the folder.
 */
async function interrupt(data: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const place = join(folder, `interrupted-${attempt}`);
    const dump = startDump(data, place, forms[0]);
    const stderr = text(dump.stderr as NodeJS.ReadableStream);
    await untilFiles(dump, place, whole, 1);
    const startedMs = performance.now();
    dump.kill('SIGINT');
    const [status, said] = await Promise.all([ended(dump), stderr]);
    const endedMs = performance.now() - startedMs;
    const names = [...(await filesLeft(place)).keys()];
    process.stdout.write(`interrupted: exit ${status} after ${Math.round(endedMs)} ms, ${said.trim()}\n`);
    if (status === 0 && attempt < 20) continue;
    assert.equal(status, 130);
    assert.match(said, /\d of 9 files are complete; run the same command to continue/);
    assert.deepEqual(
      names.filter((name) => name.startsWith('.')),
      [],
    );
    return place;
  }
}

/** Waits for a random number of files and some random milliseconds more; returns a description of both. */
async function untilMoment(dump: ChildProcess, place: string): Promise<string> {
  const files = Math.floor(random() * films);
  const moreMs = Math.floor(random() * 80);
  await untilFiles(dump, place, whole, files);
  await setTimeout(moreMs);
  return `${moreMs} ms after ${files} files were seen`;
}

function startDump(data: string, place: string, form: string): ChildProcess {
  return start(['topk', '-d', data, form, '-o', place], {});
}

async function finish(data: string, place: string, form: string): Promise<void> {
  assert.equal(await ended(startDump(data, place, form)), 0);
}

/** The files with their final names, without the manifest, which changes with each file. */
function wholeFiles(files: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...files].filter(([name]) => !name.startsWith('.') && name !== 'manifest.json'));
}
