/**
 * Rewrites a film in place at random moments of a process that reads it (`rewrite-film.ts [seed] [moments]`): each
 * command answers about the old film, about the new film, or with an error, and never about a mixture. The index of the
 * old film is never used for the new one. The moments are drawn from the time that a process takes without a rewrite.
 */
import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { buildNpy } from '../npz/build-zip.js';
import { ended, setUp, start } from './processes.js';

const moments = Number(process.argv[3] ?? 5);
const [frames, dim] = [1500, 512];
const { seed, random, folder } = await setUp();
const data = join(folder, 'films');
const path = join(data, 'Film.npy');

/** A film whose numbers are all the same, so that the dot product of two frames shows from which film each is. */
function film(value: number): Buffer {
  return buildNpy('<f4', [frames, dim], Buffer.from(new Float32Array(frames * dim).fill(value).buffer));
}
const was = film(1);
const is = film(2);

function rewrite(bytes: Buffer): void {
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, bytes);
  closeSync(descriptor);
}

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(args: readonly string[], meanwhile?: () => Promise<void>): Promise<Run> {
  const env = { GIALLO_CACHE: join(folder, 'cache'), GIALLO_DATA: data };
  const child = start(args, env, 'read');
  const output = Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
  ]);
  await meanwhile?.();
  const status = await ended(child);
  const [stdout, stderr] = await output;
  return { status, stdout, stderr };
}

/** The numbers that a run has found in frames, each once. */
type Seen = (run: Run) => Promise<readonly number[]>;

const dots: Seen = async ({ stdout }) => {
  const scores = [...stdout.matchAll(/"score":([\d.]+)/g)].map(([, score]) => Math.sqrt(Number(score) / dim));
  return [...new Set(scores)];
};

const commands: readonly (readonly [what: string, args: readonly string[], seen: Seen])[] = [
  [
    'similar',
    ['similar', 'Film', '0', '--metric', 'dot', '-k', '2000', '--json', '--no-cache', '--strict'],
    dots,
  ],
  ['topk', ['topk', 'Film', '--metric', 'dot', '-k', '20', '--ndjson', '--no-cache', '--strict'], dots],
  [
    'convert',
    ['convert', path, '-o', join(folder, 'out.csv'), '--force'],
    async () => {
      const [, ...lines] = (await readFile(join(folder, 'out.csv'), 'utf8')).trimEnd().split('\n');
      return [...new Set(lines.flatMap((line) => line.split(',').slice(1).map(Number)))];
    },
  ],
  [
    'index build',
    ['index', 'build', '--json'],
    async () => {
      const ask = (...more: readonly string[]) =>
        run(['similar', 'Film', '0', '--metric', 'dot', '-k', '9', '--json', ...more]);
      const [byIndex, fromArchive] = [await ask(), await ask('--no-cache')];
      assert.equal(byIndex.stdout, fromArchive.stdout);
      return dots(byIndex);
    },
  ],
];

await mkdir(data);
await writeFile(path, was);
process.stdout.write(`seed ${seed}, ${moments} moments each\n`);
for (const [what, args, seen] of commands) {
  const started = performance.now();
  assert.equal((await run(args)).status, 0);
  const took = performance.now() - started;
  const outcomes = { 'as it was': 0, 'as it is': 0, 'an error': 0 };
  for (let moment = 0; moment < moments; moment++) {
    rewrite(was);
    const waited = Math.floor(random() * took);
    const ran = await run(args, async () => {
      await setTimeout(waited);
      rewrite(is);
    });
    if (ran.status !== 0) {
      assert.match(ran.stderr, /changed while it was being read|have changed since/, what);
      outcomes['an error']++;
      continue;
    }
    const numbers = await seen(ran);
    assert.ok(numbers.length === 1, `${what}, after ${waited} ms: a mixture of ${numbers.join(' and ')}`);
    outcomes[numbers[0] === 1 ? 'as it was' : 'as it is']++;
  }
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  process.stdout.write(`${what}: ${counts.join(', ')}\n`);
}
