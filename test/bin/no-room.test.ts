/**
 * Commands that write files, on a full disk and on a read-only one: they say why in plain words, exit with 1, and leave
 * no incomplete file. Such a disk is visible only to one process and its children, so one process runs all commands.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { writeFilm } from '../oracle/made-films.js';
import { temporaryFolder } from '../temporary-folder.js';

const dist = join(import.meta.dirname, '../../dist');
/** A private mount needs user namespaces (user_namespaces(7)). */
const mount = 'mount -t tmpfs -o size=64k none disk';
const canMount =
  spawnSync('unshare', ['-rm', 'sh', '-c', `mkdir -p /tmp/disk; cd /tmp && ${mount}`]).status === 0;

const commands = [
  'index build',
  'topk -o disk/topk --no-cache',
  'topk -o disk/npz --npz --no-cache',
  'explore -o disk/pages --no-cache',
  'convert films/a.npz -o disk/a.json',
  'convert films/a.npz -o disk/a.npy',
  'convert films/a.npz films/b.npz --to csv -o disk/many',
  // Files for stdout are first written to the folder for temporary files.
  'convert films/a.npz --to json -o -',
  'convert --merge films/a.npz films/b.npz -o disk/all.npz',
  'similar a 1 -k 50 --no-cache --html disk/a.html',
  'vector a 1 --npy -o disk/a.npy',
];

/** Prints the status and the stderr of each command, as a line of JSON. */
const runAll = `import { Readable } from 'node:stream';
import { main } from ${JSON.stringify(join(dist, 'cli.js'))};
const { env } = process;
const { signal } = new AbortController();
for (const words of ${JSON.stringify(commands.map((line) => line.split(' ')))}) {
  const said = [];
  const output = (write) => ({ isTerminal: false, columns: 80, write });
  const stdout = output(async () => undefined);
  const stderr = output(async (chunk) => void said.push(Buffer.from(chunk)));
  const status = await main(words, { stdin: Readable.from([]), stdout, stderr, env, signal });
  console.log(JSON.stringify([status, Buffer.concat(said).toString()]));
}`;

describe('a disk', { skip: canMount ? false : 'no file system can be mounted' }, () => {
  const folder = temporaryFolder();
  before(async () => {
    const rows = Array.from({ length: 60 }, (_, i) => Array.from({ length: 200 }, (_, j) => (i * j) % 17));
    for (const name of ['a', 'b']) await writeFilm(join(folder), { name, dim: 200, rows });
    spawnSync('sh', ['-c', 'mkdir films disk && mv *.npz films'], { cwd: folder });
  });

  const states = {
    full: ['head -c 65536 /dev/zero >disk/filler', /no space left on the disk|the disk has 0 MB left/],
    'read-only': ['mount -o remount,ro disk', /the disk is read-only/],
  } as const;
  for (const [state, [make, cause]] of Object.entries(states)) {
    test(`that is ${state}`, () => {
      const left = 'find disk -type f -not -path "disk/cache/*/collection.json"';
      const script = [mount, make, `"$0" --input-type=module --eval "$1"`, left].join('\n');
      const env = { ...process.env, GIALLO_DATA: 'films', GIALLO_CACHE: 'disk/cache', TMPDIR: 'disk' };
      const args = ['-rm', 'sh', '-c', script, process.execPath, runAll];
      const { stdout } = spawnSync('unshare', args, { cwd: folder, env, encoding: 'utf8' });
      const answers = stdout.split('\n');
      for (const [i, command] of commands.entries()) {
        const [status, said] = JSON.parse(answers[i]);
        assert.equal(status, 1, `${command}: ${said}`);
        assert.match(said, cause, command);
        assert.doesNotMatch(said, /bug|^ +at |stdout/m, command);
      }
      assert.deepEqual(answers.slice(commands.length), state === 'full' ? ['disk/filler', ''] : ['']);
    });
  }
});
