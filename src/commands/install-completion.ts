/**
 * `giallo completion --install`: the file that a shell loads completions from, in its own place in the user's home, and
 * for zsh the lines of .zshrc that lead to it. A file holds one line that asks giallo for the script, so that it is
 * never older than giallo. What giallo wrote says so; nothing else is changed or removed.
 */
import { readFile, rmdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { fileError, GialloError } from '../errors.js';
import { shellLine } from '../escape.js';
import { writeWhole } from '../files/outputs.js';
import { makeFolder, removeFile } from '../files/temporary-files.js';
import type { Shell } from '../render/completion.js';
import { type Environment, homeFolder } from '../user-folders.js';

/** A comment that marks each file that giallo wrote. */
const mark = '# Written by `giallo completion --install`; `giallo completion --uninstall` removes it.';

const scripts: Readonly<Record<Shell, string>> = {
  bash: `${mark}\neval "$(giallo completion bash 2>/dev/null)"\n`,
  // The script puts a function in the place of this one.
  zsh: `#compdef giallo\n${mark}\nlocal script\nscript=$(giallo completion zsh 2>/dev/null) && eval "$script" && _giallo "$@"\n`,
  fish: `${mark}\ngiallo completion fish 2>/dev/null | source\n`,
};

/**
 * Writes what is missing, and says what was done with each file. Errors: `output-exists` for a file that giallo did not
 * write, `file-unreadable`, `file-unwritable`.
 */
export async function installCompletion(shell: Shell, env: Environment): Promise<string[]> {
  const { script, startUp } = placesOf(shell, env);
  const found = await textOf(script);
  if (found !== undefined && !found.includes(mark)) {
    throw new GialloError('output-exists', `${script}: there is a file that giallo did not write`, {
      hint: 'move it away, and run this again',
    });
  }
  const said = [await rewrite(script, found, scripts[shell])];
  if (startUp === undefined) return said;
  const lines = await textOf(startUp);
  const without = withoutBlock(lines ?? '');
  const isNew = lines === undefined || isOnlyBlock(lines);
  return [...said, await rewrite(startUp, lines, isNew ? block(script) : `${without}\n${block(script)}`)];
}

/** Removes what giallo wrote, and says what was done with each file. Errors: `file-unreadable`, `file-unwritable`. */
export async function uninstallCompletion(shell: Shell, env: Environment): Promise<string[]> {
  const { script, startUp, home } = placesOf(shell, env);
  const found = await textOf(script);
  const said: string[] = [];
  if (found?.includes(mark)) said.push(await remove(script, home));
  else said.push(`${script}: ${found === undefined ? 'not there' : 'left: giallo did not write it'}`);
  const lines = startUp === undefined ? undefined : await textOf(startUp);
  if (startUp === undefined || lines === undefined || lines === withoutBlock(lines)) return said;
  if (isOnlyBlock(lines)) return [...said, await remove(startUp, home)];
  return [...said, await rewrite(startUp, lines, withoutBlock(lines))];
}

interface Places {
  readonly script: string;
  /** The file that the shell reads when it starts, for shells where that file must load the script. */
  readonly startUp: string | undefined;
  /** Empty folders above the script are removed, up to this one, which stays. */
  readonly home: string;
}

function placesOf(shell: Shell, env: Environment): Places {
  const home = env.HOME || homeFolder();
  const folder = (name: string, otherwise: string) => {
    const named = env[name];
    return named && isAbsolute(named) ? named : join(home, otherwise);
  };
  const data = () => folder('XDG_DATA_HOME', '.local/share');
  switch (shell) {
    case 'bash':
      return { script: join(data(), 'bash-completion/completions/giallo'), startUp: undefined, home };
    case 'zsh':
      return {
        script: join(data(), 'zsh/site-functions/_giallo'),
        startUp: join(folder('ZDOTDIR', ''), '.zshrc'),
        home,
      };
    case 'fish': {
      const script = join(folder('XDG_CONFIG_HOME', '.config'), 'fish/completions/giallo.fish');
      return { script, startUp: undefined, home };
    }
  }
}

const blockStart = '# giallo completion: `giallo completion --uninstall zsh` removes these lines.\n';
const blockEnd = '# End of giallo completion.\n';

/** The lines of .zshrc. */
function block(script: string): string {
  const lines = [
    `fpath=(${shellLine([dirname(script)])} $fpath)`,
    'if (( ! $+functions[compdef] )); then autoload -Uz compinit && compinit; fi',
    'autoload -Uz _giallo && compdef _giallo giallo',
  ];
  return toBytes(`${blockStart}${lines.join('\n')}\n${blockEnd}`);
}

/** The text without the block and without the line end that was added before it. */
function withoutBlock(text: string): string {
  const start = text.indexOf(blockStart);
  const end = text.indexOf(blockEnd, start);
  if (start === -1 || end === -1) return text;
  const before = text[start - 1] === '\n' ? text.slice(0, start - 1) : text.slice(0, start);
  const after = text.slice(end + blockEnd.length);
  const isJoined = before !== '' && !before.endsWith('\n') && after !== '';
  return `${before}${isJoined ? '\n' : ''}${after}`;
}

/** Whether giallo made the file. If the file existed before, there is a line end before the block. */
function isOnlyBlock(text: string): boolean {
  return text.startsWith(blockStart) && withoutBlock(text) === '';
}

/** A file as text of one character a byte, so that lines of the user keep their bytes in any encoding. */
function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Undefined if there is no such file. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw fileError('read', path, error);
  }
}

async function rewrite(path: string, before: string | undefined, text: string): Promise<string> {
  if (before === text) return `${path}: is up to date`;
  makeFolder(dirname(path));
  await writeWhole(path, Buffer.from(text, 'latin1'));
  return `${path}: ${before === undefined ? 'written' : 'changed'}`;
}

/** Removes a file, and the folders above it that this leaves empty. */
async function remove(path: string, home: string): Promise<string> {
  removeFile(path);
  for (let folder = dirname(path); folder !== home && folder !== dirname(folder); folder = dirname(folder)) {
    const isRemoved = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!isRemoved) break;
  }
  return `${path}: removed`;
}
