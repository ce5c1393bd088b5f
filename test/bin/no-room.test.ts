/** Whatever writes files, on a full disk and on one that is read-only: the cause in words, exit 1, and no half a file. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { writeFilm } from '../oracle/made-films.js';
import { temporaryFolder } from '../temporary-folder.js';

const program = join(import.meta.dirname, '../../bin/giallo.js');
/** A mount of one's own needs namespaces of users (user_namespaces(7)). */
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
  'convert --merge films/a.npz films/b.npz -o disk/all.npz',
  'similar a 1 -k 50 --no-cache --html disk/a.html',
  'vector a 1 --npy -o disk/a.npy',
];

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
      const lines = commands.map((line) => `"$0" "$1" ${line} 2>&1 >/dev/null; echo "exit $?"`);
      const script = [
        mount,
        make,
        ...lines,
        'find disk -type f -not -path "disk/cache/*/collection.json"',
      ].join('\n');
      const env = { ...process.env, GIALLO_DATA: 'films', GIALLO_CACHE: 'disk/cache' };
      const args = ['-rm', 'sh', '-c', script, process.execPath, program];
      const { stdout } = spawnSync('unshare', args, { cwd: folder, env, encoding: 'utf8' });
      const answers = stdout.split(/exit (\d+)\n/);
      for (const [i, command] of commands.entries()) {
        assert.equal(answers[2 * i + 1], '1', `${command}: ${answers[2 * i]}`);
        assert.match(answers[2 * i], cause, command);
        assert.doesNotMatch(answers[2 * i], /bug|^ +at /m, command);
      }
      assert.equal(answers.at(-1), state === 'full' ? 'disk/filler\n' : '');
    });
  }
});
