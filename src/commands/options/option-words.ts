/** Tells apart the options, the values of options and the arguments on a command line. */
import type { OptionName } from './option-table.js';
import type { TakenOption } from './taken-options.js';

/** The role of the word that follows some others on a command line. */
export interface Place {
  /** The option whose value the word is, if it is one. */
  readonly awaiting: TakenOption | undefined;
  /** How many arguments come before the word. */
  readonly positionals: number;
  /** Whether `--` comes before the word. */
  readonly isAfterOptions: boolean;
  /** The values of the options before the word. */
  readonly values: ReadonlyMap<OptionName, string>;
  /** The index of the first argument among the words, if `stopsAtWord` asked for it. */
  readonly stoppedAt: number | undefined;
}

/**
 * The place of the word that follows `words`, for a command that takes these options. With `stopsAtWord` it is the
 * place of the first word that is neither an option nor a value: the command.
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

/** Notes the option of a word, and its value if the word holds it. Returns the option if the next word is its value. */
function takeOption(
  { option, value }: ReturnType<typeof optionIn>,
  values: Map<OptionName, string>,
): TakenOption | undefined {
  if (!option || value === undefined) return option;
  values.set(option.name, value);
  return undefined;
}

/**
 * The option of a word, if it takes a value, and the value if it is in the same word: `--data=DIR`, `-dDIR`, `-qdDIR`.
 */
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

/** The name by which an option stands in a line: `-k`, or `--top`. */
export function flagAsTyped(
  { short, long }: Pick<TakenOption, 'short' | 'long'>,
  argv: readonly string[],
): string {
  const isLong = argv.some((word) => word === long || word.startsWith(`${long}=`));
  return short === undefined || isLong ? long : short;
}
