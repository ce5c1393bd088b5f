/** `giallo completion`: the script that a shell loads, and what that script asks for while its user types. */
import { Argument, Command } from 'commander';
import type { Io } from '../io.js';
import { addExamples } from './options/options.js';

const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function completionCommand(io: Io): Command {
  const command = new Command('completion')
    .summary('completion for bash, zsh and fish')
    .description(
      'Prints a script that makes the shell complete giallo’s commands and options, and the names of the collection’s films.',
    )
    .addArgument(new Argument('<shell>', 'which one').choices(shells))
    .addArgument(new Argument('[words...]', 'given by the script: the line so far, after --'));
  addExamples(command, [
    ['source <(giallo completion bash)', 'in ~/.bashrc'],
    ['source <(giallo completion zsh)', 'in ~/.zshrc, after compinit'],
    ['giallo completion fish | source', 'in ~/.config/fish/config.fish'],
  ]);
  return command.action(async (shell: Shell, words: readonly string[]) => {
    if (words.length === 0) {
      const { scripts } = await import('../render/completion-scripts.js');
      return io.stdout.write(scripts[shell]);
    }
    const [{ lineOf }, { completionsOf }, { completionLines }] = await Promise.all([
      import('./completing/typed-line.js'),
      import('./completing/completions.js'),
      import('../render/completion-lines.js'),
    ]);
    const line = lineOf(shell, words);
    const found = await completionsOf(command.parent as Command, line.words, io.env);
    return io.stdout.write(completionLines(found, line));
  });
}
