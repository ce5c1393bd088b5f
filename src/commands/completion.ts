/** `giallo completion`: the script that a shell loads, and what that script asks for while its user types. */
import { defineCommand } from './command.js';

const shells = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof shells)[number];

export const completionCommand = defineCommand({
  name: 'completion',
  description:
    'Prints a script that lets the shell complete giallo’s commands and options, and the names of the collection’s films.',
  arguments: [
    { flags: '<shell>', help: 'which one', choices: shells },
    { flags: '[words...]', help: 'given by the script: the line so far, after --' },
  ],
  options: [],
  examples: [
    ['source <(giallo completion bash)', 'in ~/.bashrc'],
    ['source <(giallo completion zsh)', 'in ~/.zshrc, after compinit'],
    ['giallo completion fish | source', 'in ~/.config/fish/config.fish'],
  ],
  async run({ io, words: [shell, ...typed], commands }) {
    const { scripts, completionLines } = await import('../render/completion.js');
    if (typed.length === 0) {
      await io.stdout.write(scripts[shell as Shell]);
      return undefined;
    }
    const { completionsOf, lineOf } = await import('./completions.js');
    const line = lineOf(shell as Shell, typed);
    await io.stdout.write(completionLines(await completionsOf(commands, line.words, io.env), line));
    return undefined;
  },
});
