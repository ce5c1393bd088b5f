/** Options in the words of a line: which words are their values, and which are arguments. */
import type { OptionName } from './option-table.js';
import type { TakenOption } from './taken-options.js';

/** Where the word after some others stands among those of its command. */
export interface Place {
  /** The option whose value it is. */
  readonly awaiting: TakenOption | undefined;
  /** How many arguments stand before it. */
  readonly positionals: number;
  /** Whether a `--` stands before it. */
  readonly isAfterOptions: boolean;
  /** Values of options, by their names. */
  readonly values: ReadonlyMap<OptionName, string>;
  /** Where the first argument stands, if it was looked for. */
  readonly stoppedAt: number | undefined;
}

/**
 * The place of what follows `words`, of which a command takes these options. `stopsAtWord`: of the first word that is no
 * option and no value, which is the command.
 */
export function placeIn(
  options: readonly TakenOption[],
  words: readonly string[],
  { stopsAtWord }: { readonly stopsAtWord: boolean },
): Place {
  const values = new Map<OptionName, string>();
  let awaiting: TakenOption | undefined;
  let positionals = 0;
  let isAfterOptions = false;
  for (const [i, word] of words.entries()) {
    const isArgument = isAfterOptions || !word.startsWith('-') || word === '-';
    if (awaiting) {
      values.set(awaiting.name, word);
      awaiting = undefined;
    } else if (isArgument && stopsAtWord) {
      return { awaiting, positionals, isAfterOptions, values, stoppedAt: i };
    } else if (isArgument) {
      positionals++;
    } else if (word === '--') {
      isAfterOptions = true;
    } else {
      awaiting = takeOption(optionIn(options, word), values);
    }
  }
  return { awaiting, positionals, isAfterOptions, values, stoppedAt: undefined };
}

/** Notes the value that stands with an option; answers the option whose value is the next word. */
function takeOption(
  { option, value }: ReturnType<typeof optionIn>,
  values: Map<OptionName, string>,
): TakenOption | undefined {
  if (!option || value === undefined) return option;
  values.set(option.name, value);
  return undefined;
}

/** The option of a word that takes a value, and the value that stands in the same word: `--data=DIR`, `-dDIR`, `-qdDIR`. */
function optionIn(options: readonly TakenOption[], word: string) {
  if (word.startsWith('--')) {
    const [flag, value] = word.split(/=(.*)/s);
    return {
      option: options.find(({ long, placeholder }) => long === flag && placeholder !== undefined),
      value,
    };
  }
  const letters = [...word.slice(1)];
  const found = letters.map((letter) => options.find(({ short }) => short === `-${letter}`));
  const at = found.findIndex((option) => option?.placeholder !== undefined);
  return { option: found[at], value: letters.slice(at + 1).join('') || undefined };
}
