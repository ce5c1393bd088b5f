/**
 * `giallo completion`: prints the script that a shell loads, and the completions that this script asks for as somebody
 * types.
 */
import { basename } from 'node:path';
import { GialloError } from '../errors.js';
import { escapeForTerminal } from '../escape.js';
import type { Shell } from '../render/completion.js';
import { defineCommand } from './command.js';

const shells = ['bash', 'zsh', 'fish'] as const satisfies readonly Shell[];

export const completionCommand = defineCommand({
  name: 'completion',
  description:
    'Lets the shell complete giallo’s commands and options, and the names of the collection’s films. Prints the script for a shell, or with --install puts it where the shell finds it.',
  arguments: [
    { flags: '[shell]', help: 'which one (default: the one of $SHELL)', choices: shells },
    { flags: '[words...]', help: 'given by the script: the line so far, after --' },
  ],
  options: ['install', 'uninstall', ['quiet', { group: 'target' }]],
  examples: [
    ['giallo completion --install', 'for the shell in use, and say which files were written'],
    ['giallo completion zsh --uninstall', 'remove these files and lines again'],
    ['source <(giallo completion bash)', 'instead of --install, in ~/.bashrc'],
    ['source <(giallo completion zsh)', 'in ~/.zshrc, after compinit'],
    ['giallo completion fish | source', 'in ~/.config/fish/config.fish'],
  ],
  async run({ io, session: { notices }, words: [named, ...typed], flags, commands }) {
    const shell = shells.find((one) => one === named) ?? shellInUse(io.env.SHELL);
    if (flags.install || flags.uninstall) {
      const { installCompletion, uninstallCompletion } = await import('./install-completion.js');
      const change = flags.install ? installCompletion : uninstallCompletion;
      const lines = (await change(shell, io.env)).map((line) => `${escapeForTerminal(line)}\n`);
      await io.stdout.write(lines.join(''));
      if (flags.install) await notices.hint(afterwards[shell]);
      return undefined;
    }
    const { scripts, completionLines } = await import('../render/completion.js');
    if (typed.length === 0) {
      await io.stdout.write(scripts[shell]);
      return undefined;
    }
    const { completionsOf, lineOf } = await import('./complete-line.js');
    const line = lineOf(shell, typed);
    await io.stdout.write(completionLines(await completionsOf(commands, line.words, io.env), line));
    return undefined;
  },
});

const afterwards = {
  bash: 'it works in new shells if the package bash-completion is installed',
  zsh: 'it works in new shells',
  fish: 'it works at once',
} as const;

/** The shell that $SHELL names. Errors: `usage` if giallo has no completion for it. */
function shellInUse(path = ''): Shell {
  const shell = shells.find((one) => one === basename(path));
  if (shell) return shell;
  const message = `completion: $SHELL is ${path === '' ? 'not set' : path}`;
  throw new GialloError('usage', message, { hint: 'name bash, zsh or fish' });
}
