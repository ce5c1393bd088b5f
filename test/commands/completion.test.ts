import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { main } from '../../src/cli.js';
import { recordingIo } from '../recording-io.js';
import { emptyFiles, temporaryFolder } from '../temporary-folder.js';

/** Films with names that a shell would run if it treated them as code. */
const hostile = [
  'My Pero\u0300',
  'My $(touch pwned)',
  'My `touch pwned`',
  'My;touch pwned',
  'My \'quote\' "x"',
];
const cli = join(import.meta.dirname, '../../dist/cli.js');
const io = join(import.meta.dirname, '../../dist/io.js');
const folder = temporaryFolder({
  ...emptyFiles(...hostile.map((film) => `data_embeddings/${film}.npz`)),
  'bin/giallo': `#!/bin/sh\nexec "${process.execPath}" "$(dirname "$0")/run.mjs" "$@"\n`,
  'bin/run.mjs': `import { main } from ${JSON.stringify(cli)};\nimport { processIo } from ${JSON.stringify(io)};\nprocess.exitCode = await main(process.argv.slice(2), processIo(process, new AbortController().signal));\n`,
});
chmodSync(join(folder, 'bin/giallo'), 0o755);
const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, LC_ALL: 'C.UTF-8' };

test('an unknown shell is an error', async () => {
  const recording = recordingIo();
  assert.equal(await main(['completion', 'csh'], recording.io), 2);
  assert.match(recording.stderr(), /bash, zsh or fish/);
});

describe('names never run in the shell that completes them', () => {
  test('bash', () => {
    const lines = bash(`
      source <(giallo completion bash)
      compopt() { :; }
      COMP_LINE='giallo similar M' COMP_POINT=16 COMP_WORDS=(giallo similar M) COMP_CWORD=2
      _giallo giallo M similar
      for word in "\${COMPREPLY[@]}"; do eval "printf '%s\\n' $word"; done
    `);
    assert.deepEqual(lines.sort(), [...hostile].sort());
    requireUntouched();
  });

  test('zsh', { skip: isMissing('zsh') }, () => {
    const lines = run('zsh', [
      '-fc',
      `source <(giallo completion zsh) 2>/dev/null
       compadd() { print -rl -- $values; }
       words=(giallo similar M) CURRENT=3 PREFIX=M
       _giallo`,
    ]);
    assert.deepEqual(lines.sort(), [...hostile].sort());
    requireUntouched();
  });

  test('fish', { skip: isMissing('fish') }, () => {
    const lines = run('fish', [
      '--no-config',
      '-c',
      'giallo completion fish | source; complete -C "giallo similar M"',
    ]);
    assert.deepEqual(lines.map((line) => line.trimEnd()).sort(), [...hostile].sort());
    requireUntouched();
  });
});

function bash(script: string): string[] {
  return run('bash', ['--norc', '-c', script]);
}

function run(shell: string, args: readonly string[]): string[] {
  return execFileSync(shell, args, { cwd: folder, env, encoding: 'utf8' }).trimEnd().split('\n');
}

function isMissing(shell: string): string | false {
  return spawnSync(shell, ['-c', 'true']).error === undefined ? false : `${shell} is not installed`;
}

function requireUntouched(): void {
  assert.equal(existsSync(join(folder, 'pwned')), false, readdirSync(folder).join(' '));
}
