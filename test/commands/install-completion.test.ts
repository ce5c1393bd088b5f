/** `giallo completion --install` and `--uninstall`, in separate home folders, and completion in real shells. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { runGiallo } from '../run-giallo.js';
import { emptyFiles, temporaryFolder } from '../temporary-folder.js';

const scripts = {
  bash: '.local/share/bash-completion/completions/giallo',
  zsh: '.local/share/zsh/site-functions/_giallo',
  fish: '.config/fish/completions/giallo.fish',
} as const;
type Shell = keyof typeof scripts;
const shells = Object.keys(scripts) as Shell[];

interface Outcome {
  readonly status: number;
  readonly said: readonly string[];
  readonly stderr: string;
}

async function giallo(
  home: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const { status, stdout, stderr } = await runGiallo(['completion', ...args], {
    env: { HOME: home, ...env },
  });
  const said = stdout.trimEnd().split('\n');
  return { status, said: said.map((line) => line.replace(`${home}/`, '~/')), stderr };
}

/** All files and folders of a home folder, with their contents. */
function treeOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length), entry.isFile() ? readFileSync(path, 'latin1') : 'no file'];
    }),
  );
}

describe('completion', () => {
  for (const shell of shells) {
    test(`of ${shell} is installed once, names each file, and is removed to the last byte`, async () => {
      const home = temporaryFolder();
      const installed = await giallo(home, [shell, '--install']);
      assert.equal(installed.status, 0, installed.stderr);
      const startUp = shell === 'zsh' ? ['~/.zshrc: written'] : [];
      assert.deepEqual(installed.said, [`~/${scripts[shell]}: written`, ...startUp]);
      const there = treeOf(home);
      const again = await giallo(home, [shell, '--install']);
      assert.deepEqual(
        again.said,
        installed.said.map((line) => line.replace('written', 'is up to date')),
      );
      assert.deepEqual(treeOf(home), there);
      const removed = await giallo(home, [shell, '--uninstall']);
      assert.deepEqual(
        removed.said,
        installed.said.map((line) => line.replace('written', 'removed')),
      );
      assert.deepEqual(treeOf(home), {});
      assert.deepEqual((await giallo(home, [shell, '--uninstall'])).said, [`~/${scripts[shell]}: not there`]);
    });

    test(`of ${shell} never replaces or removes a file that giallo did not write`, async () => {
      const home = temporaryFolder({ [scripts[shell]]: 'mine\n' });
      const before = treeOf(home);
      const { status, stderr } = await giallo(home, [shell, '--install']);
      assert.equal(status, 2);
      assert.match(stderr, /giallo did not write\nhint: move it away/);
      const removed = await giallo(home, [shell, '--uninstall']);
      assert.deepEqual(removed.said, [`~/${scripts[shell]}: left: giallo did not write it`]);
      assert.deepEqual(treeOf(home), before);
    });

    test(`of ${shell} renews a file of an earlier giallo`, async () => {
      const home = temporaryFolder();
      await giallo(home, [shell, '--install']);
      const there = treeOf(home);
      const path = join(home, scripts[shell]);
      writeFileSync(path, `${readFileSync(path, 'utf8')}# old\n`);
      assert.equal((await giallo(home, [shell, '--install'])).said[0], `~/${scripts[shell]}: changed`);
      assert.deepEqual(treeOf(home), there);
    });
  }

  test('is for $SHELL by default, and an error if that is no known shell', async () => {
    const home = temporaryFolder();
    const { said } = await giallo(home, ['--install'], { SHELL: '/usr/local/bin/fish' });
    assert.deepEqual(said, [`~/${scripts.fish}: written`]);
    for (const [env, found] of [
      [{}, 'not set'],
      [{ SHELL: '/bin/dash' }, '/bin/dash'],
    ] as const) {
      const { status, stderr } = await giallo(home, ['--install'], env);
      assert.equal(status, 2);
      assert.equal(stderr, `giallo: completion: $SHELL is ${found}\nhint: name bash, zsh or fish\n`);
    }
  });

  test('is written to the folders that the environment names', async () => {
    const home = temporaryFolder();
    const env = {
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CONFIG_HOME: join(home, 'config'),
      ZDOTDIR: join(home, 'z'),
    };
    for (const shell of shells) await giallo(home, [shell, '--install'], env);
    assert.deepEqual(
      Object.entries(treeOf(home))
        .flatMap(([path, text]) => (text === 'no file' ? [] : [path]))
        .sort(),
      [
        '/config/fish/completions/giallo.fish',
        '/data/bash-completion/completions/giallo',
        '/data/zsh/site-functions/_giallo',
        '/z/.zshrc',
      ],
    );
    for (const shell of shells) await giallo(home, [shell, '--uninstall'], env);
    assert.deepEqual(treeOf(home), {});
  });
});

describe('.zshrc', () => {
  for (const text of ['', '\n', 'alias a=b', 'alias a=b\n', 'alias a=b\n\n', 'caf\xe9 \xff\n']) {
    test(`${JSON.stringify(text)} is as it was after --uninstall`, async () => {
      const home = temporaryFolder();
      writeFileSync(join(home, '.zshrc'), text, 'latin1');
      chmodSync(join(home, '.zshrc'), 0o600);
      const before = treeOf(home);
      assert.equal((await giallo(home, ['zsh', '--install'])).said[1], '~/.zshrc: changed');
      const installed = treeOf(home);
      assert.ok(installed['/.zshrc'].startsWith(text));
      await giallo(home, ['zsh', '--install']);
      assert.deepEqual(treeOf(home), installed);
      assert.equal((await giallo(home, ['zsh', '--uninstall'])).said[1], '~/.zshrc: changed');
      assert.deepEqual(treeOf(home), before);
    });
  }

  test('keeps lines added after giallo’s, and stays a symbolic link', async () => {
    const home = temporaryFolder({ 'dotfiles/zshrc': 'alias a=b' });
    symlinkSync('dotfiles/zshrc', join(home, '.zshrc'));
    await giallo(home, ['zsh', '--install']);
    const path = join(home, 'dotfiles/zshrc');
    writeFileSync(path, `${readFileSync(path, 'utf8')}alias c=d\n`);
    await giallo(home, ['zsh', '--uninstall']);
    assert.equal(readFileSync(path, 'utf8'), 'alias a=b\nalias c=d\n');
    assert.equal(readFileSync(join(home, '.zshrc'), 'utf8'), 'alias a=b\nalias c=d\n');
  });
});

describe('after installation, films are completed by', () => {
  const cli = join(import.meta.dirname, '../../dist/cli.js');
  const io = join(import.meta.dirname, '../../dist/io.js');

  /** A home with two films in it, and giallo on its `PATH`. */
  async function homeOf(shell: Shell): Promise<{ home: string; env: NodeJS.ProcessEnv }> {
    // bash-completion itself finds no files in a home folder with spaces in its path.
    const home = join(temporaryFolder(), shell === 'bash' ? 'home' : "a 'home'");
    mkdirSync(home);
    const files = {
      ...emptyFiles('data_embeddings/Alpha.npz', 'data_embeddings/Beta.npz'),
      'bin/giallo': `#!/bin/sh\nexec "${process.execPath}" "$(dirname "$0")/run.mjs" "$@"\n`,
      'bin/run.mjs': `import { main } from ${JSON.stringify(cli)};\nimport { processIo } from ${JSON.stringify(io)};\nprocess.exitCode = await main(process.argv.slice(2), processIo(process, new AbortController().signal));\n`,
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(home, name)), { recursive: true });
      writeFileSync(join(home, name), text);
    }
    chmodSync(join(home, 'bin/giallo'), 0o755);
    const { status, stderr } = await giallo(home, [shell, '--install']);
    assert.equal(status, 0, stderr);
    return {
      home,
      env: { PATH: `${join(home, 'bin')}:${process.env.PATH}`, HOME: home, LC_ALL: 'C.UTF-8', TERM: 'dumb' },
    };
  }

  async function run(shell: Shell, args: readonly string[]): Promise<string> {
    const { home, env } = await homeOf(shell);
    const { stdout, stderr } = spawnSync(shell, args, { cwd: home, env, encoding: 'utf8' });
    return `${stdout}${stderr}`;
  }

  const library = '/usr/share/bash-completion/bash_completion';
  test('bash', { skip: existsSync(library) ? false : 'bash-completion is not installed' }, async () => {
    const script = `
      source ${library}
      _completion_loader giallo
      complete -p giallo
      compopt() { :; }
      COMP_LINE='giallo similar A' COMP_POINT=16; _giallo; printf '%s\\n' "\${COMPREPLY[@]}"`;
    assert.equal(await run('bash', ['--norc', '-c', script]), 'complete -F _giallo giallo\nAlpha\n');
  });

  test('zsh', { skip: isMissing('zsh') }, async () => {
    const script = `
      print -r -- $_comps[giallo]
      compadd() { print -rl -- $values; }
      words=(giallo similar A) CURRENT=3 PREFIX=A
      _giallo`;
    assert.equal(await run('zsh', ['-ic', script]), '_giallo\nAlpha\n');
  });

  test('fish', { skip: isMissing('fish') }, async () => {
    assert.equal((await run('fish', ['-c', 'complete -C "giallo similar A"'])).trim(), 'Alpha');
  });
});

function isMissing(shell: string): string | false {
  return spawnSync(shell, ['-c', 'true']).error === undefined ? false : `${shell} is not installed`;
}
