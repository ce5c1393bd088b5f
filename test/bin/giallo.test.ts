/** The program as it is installed: pipes, signals, full disks, and what is in the package. Needs `npm run build`. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../temporary-folder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const golden = fileURLToPath(new URL('../fixtures/golden/films', import.meta.url));
const packageJson = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** A film with so many frames that their list is far larger than the buffer of a pipe. */
const frames = 100_000;
const names = Array.from({ length: frames }, (_, i) => `Big_${String(i + 1).padStart(9, '0')}.jpg`);
const big = temporaryFolder({
  'Big.npy': npyOf(new Float32Array(frames).fill(1)),
  'Big.txt': `${names.join('\n')}\n`,
});
const listing = ['info', 'Big', '--frames', '--names', '-d', big];
const questions = ['similar', '--queries', '-', '-d', golden];

describe('a reader that closes the pipe early', () => {
  test('ends a long list quietly with 0', async () => {
    const child = giallo(listing);
    await once(child.stdout, 'data');
    child.stdout.destroy();
    assert.deepEqual(await ended(child), { status: 0, stderr: '' });
  });

  test('ends many answers quietly with 0', async () => {
    const child = giallo(questions);
    child.stdin.on('error', () => undefined); // it closes its stdin with questions left
    child.stdin.write('Beta\t0\n'.repeat(5000));
    await once(child.stdout, 'data');
    child.stdout.destroy();
    assert.deepEqual(await ended(child), { status: 0, stderr: '' });
  });

  test('ends giallo with 0 in a shell too: | head -1', () => {
    const line = `"$0" "$1" info Big --frames -d "$2" | head -1`;
    const { stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, `${root}/bin/giallo.js`, big]);
    assert.equal(String(stdout), 'index\tfilename\n');
    assert.equal(String(stderr), '');
  });
});

test('a slow reader gets everything', async () => {
  const child = giallo(listing);
  const whole = ended(child);
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    for (let turn = 0; turn < 20; turn++) await setImmediate();
  }
  assert.ok(text === `${names.join('\n')}\n`);
  assert.deepEqual(await whole, { status: 0, stderr: '' });
});

test('a slow reader of a pipe in a shell gets everything', () => {
  const line = `"$0" "$1" info Big --frames --names -d "$2" | (sleep 0.5; cat)`;
  const command = ['-c', line, process.execPath, `${root}/bin/giallo.js`, big];
  const { stdout, stderr } = spawnSync('sh', command, { encoding: 'utf8', maxBuffer: 1 << 24 });
  assert.ok(stdout === `${names.join('\n')}\n`);
  assert.equal(stderr, '');
});

describe('stdout', () => {
  test('that is closed gives one line and status 1, as with cat', {
    skip: process.platform !== 'linux',
  }, () => {
    const line = `"$0" bin/giallo.js films -d "$1" >&-; exit $?`;
    const command = ['-c', line, process.execPath, golden];
    const { status, stderr } = spawnSync('sh', command, { cwd: root, encoding: 'utf8' });
    assert.deepEqual([status, stderr], [1, 'giallo: stdout: cannot write: it is closed\n']);
  });

  test('that is closed is not replaced by the file of -o', { skip: process.platform !== 'linux' }, () => {
    for (const output of ['-', '/dev/stdout', '/proc/self/fd/1']) {
      const line = `"$0" bin/giallo.js convert "$1"/Gamma.npz --to json -o ${output} >&-; exit $?`;
      const command = ['-c', line, process.execPath, golden];
      const { status, stderr } = spawnSync('sh', command, { cwd: root, encoding: 'utf8' });
      assert.deepEqual([status, stderr], [1, 'giallo: stdout: cannot write: it is closed\n'], output);
    }
  });

  test('may be /dev/null, whoever opened it', () => {
    assert.equal(inShell('>/dev/null').status, 0);
    const { status } = spawnSync('bin/giallo.js', ['films', '-d', golden], { cwd: root, stdio: 'ignore' });
    assert.equal(status, 0);
  });

  test('on a full disk gives one line and status 1', { skip: !existsSync('/dev/full') }, () => {
    const message = 'giallo: stdout: cannot write: no space left on the disk\n';
    for (const argv of ['films', '--help', '--version']) {
      const { status, stderr } = inShell('>/dev/full', argv);
      assert.deepEqual([status, stderr], [1, message]);
    }
    const converted = inShell('>/dev/full', 'convert', `${golden}/Gamma.npz`, '--to', 'csv', '-o', '-');
    assert.equal(converted.stderr, message);
  });
});

// The system writes as many bytes as it can before it reports an error, and a stream of Node.js ends there without one.
test('a file that takes only the first bytes gives one line and status 1', {
  skip: process.platform !== 'linux',
}, () => {
  const line = `ulimit -f 1; "$0" bin/giallo.js --help >"$1"`;
  const file = join(temporaryFolder(), 'help.txt');
  const { status, stderr } = spawnSync('sh', ['-c', line, process.execPath, file], {
    cwd: root,
    encoding: 'utf8',
  });
  assert.deepEqual(
    [status, stderr],
    [1, 'giallo: stdout: cannot write: the file would be larger than the disk allows\n'],
  );
  assert.equal(statSync(file).size, 512);
});

test('if stderr is full, the answer and the status stay the same', { skip: !existsSync('/dev/full') }, () => {
  assert.equal(inShell('2>/dev/full', 'similar', 'Alpha', '3').status, 0);
  assert.equal(inShell('2>/dev/full', 'similar', 'Alfa', '3').status, 2);
});

describe('a signal', () => {
  for (const [signal, status] of [
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`${signal} in the middle of a search ends with ${status} and prints nothing`, async () => {
      const child = giallo(questions);
      child.stdin.on('error', () => undefined);
      child.stdin.write('Beta\t0\n');
      await once(child.stdout, 'data');
      let answers = 0;
      child.stdout.setEncoding('utf8').on('data', (text) => {
        answers += text.split('\n').length - 1;
      });
      child.stdin.write('Beta\t0\nAlpha\t3\n'.repeat(20_000));
      await once(child.stdout, 'data');
      child.kill(signal);
      assert.deepEqual(await ended(child), { status, stderr: '' });
      assert.ok(answers < 20_000, `${answers}`);
    });

    test(`${signal} while it waits for a question ends with ${status}`, async () => {
      const child = giallo(questions);
      child.stdin.write('Beta\t0\n');
      await once(child.stdout, 'data');
      child.kill(signal);
      assert.deepEqual(await ended(child), { status, stderr: '' });
    });
  }
});

test('a signal ends giallo while it waits for the reader of a full pipe', {
  skip: process.platform !== 'linux',
  timeout: 20_000,
}, async () => {
  const pipe = join(temporaryFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const idleReader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const stdout = openSync(pipe, constants.O_WRONLY);
  const child = spawn(process.execPath, ['bin/giallo.js', ...listing], {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
  });
  try {
    await setTimeout(1500);
    assert.equal(child.exitCode, null);
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'close'), [130, null]);
  } finally {
    child.kill('SIGKILL');
    closeSync(stdout);
    closeSync(idleReader);
  }
});

test('a user can forbid code that is made from text', () => {
  const env = { ...process.env, NODE_OPTIONS: '--disallow-code-generation-from-strings' };
  const { status, stderr } = spawnSync(process.execPath, ['bin/giallo.js', 'films', '-d', golden], {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  assert.deepEqual([status, stderr], [0, '']);
});

describe('the package', () => {
  test('has the version of package.json', () => {
    const version = execFileSync(process.execPath, [`${root}/bin/giallo.js`, '--version'], {
      encoding: 'utf8',
    });
    assert.equal(version, `${packageJson.version}\n`);
  });

  test('has the program, and no files for development', () => {
    const npm = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const [pack] = JSON.parse(
      execFileSync('npm', npm, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
    assert.deepEqual([pack.name, pack.version], [packageJson.name, packageJson.version]);
    const files: string[] = pack.files.map(({ path }: { path: string }) => path);
    const needed = [
      'package.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'bin/giallo.js',
      'dist/cli.js',
      'dist/giallo.js',
    ];
    for (const file of [...needed, 'dist/giallo.d.ts', 'dist/kernel/kernel.wasm'])
      assert.ok(files.includes(file), file);
    const folders = new Set(files.filter((file) => file.includes('/')).map((file) => file.split('/')[0]));
    assert.deepEqual([...folders].sort(), ['bin', 'dist', 'docs']);
    assert.deepEqual(
      files.filter((file) => /\.(test\.|npz$|tsbuildinfo$)/.test(file)),
      [],
    );
  });
});

/** A process that hangs is killed, and has no status. */
function giallo(argv: readonly string[]): ChildProcessWithoutNullStreams {
  const patience = { timeout: 60_000, killSignal: 'SIGKILL' } as const;
  return spawn(process.execPath, [`${root}/bin/giallo.js`, ...argv], patience);
}

/** The exit status of a process; null if a signal ended it that it did not handle. */
async function ended(
  child: ChildProcessWithoutNullStreams,
): Promise<{ status: number | null; stderr: string }> {
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, stderr };
}

/** giallo on the golden films, with a redirection that only a shell can make. */
function inShell(redirection: string, ...argv: string[]) {
  const words = argv.length > 0 ? argv : ['films'];
  const line = `exec "$@" ${redirection}`;
  const command = [process.execPath, `${root}/bin/giallo.js`, ...words];
  const env = { ...process.env, GIALLO_DATA: golden };
  return spawnSync('sh', ['-c', line, 'sh', ...command], { encoding: 'utf8', env });
}

/** A float32 column as an .npy of shape (rows, 1). */
function npyOf(values: Float32Array): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length}, 1), }`;
  const padded = `${header.padEnd(128 - 10 - 1)}\n`;
  const start = Buffer.from(`\x93NUMPY\x01\0\x76\0${padded}`, 'latin1');
  return Buffer.concat([start, new Uint8Array(values.buffer)]);
}

test('a working folder that was removed is an error in plain words', {
  skip: process.platform === 'win32',
}, () => {
  const folder = temporaryFolder();
  const line = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$1" topk -d "$2" -o out';
  const run = spawnSync('bash', ['--norc', '-c', line, process.execPath, `${root}bin/giallo.js`, golden], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(run.status, 1);
  assert.match(
    run.stderr,
    /^giallo: the folder that giallo was started in no longer exists\nhint: cd to another folder$/m,
  );
});
