/** The declaration of an option, and the kinds of values that options take. */
import { mostSeconds, parseMoment } from '../../times/moments.js';
import { parseRate, rateText } from '../../times/rates.js';

/** Headings of the help, in its order. */
export const groups = {
  scope: 'Where to look',
  find: 'What to find',
  compare: 'How to compare',
  times: 'Times',
  clips: 'Clips',
  target: 'Target',
  numbers: 'Numbers and names',
  collection: 'Collection',
  engine: 'Engine',
  output: 'Output',
  pictures: 'Pictures',
  work: 'Work',
  help: 'Help',
} as const;

export interface OptionRow {
  /** As commander reads it. `<film>`, `<film:frame>`, `<dir>` and `<file>` are completed. */
  readonly flags: string;
  readonly group: keyof typeof groups;
  readonly help: string;
  /** How its value is checked and parsed; by default any text is taken as it is. */
  readonly kind?: ValueKind<unknown>;
  readonly choices?: readonly string[];
  /** Each further value is added to those before it. */
  readonly isRepeatable?: boolean;
  /** Options that it cannot be used with. */
  readonly conflicts?: readonly string[];
  /** An option that it cannot be used without. */
  readonly needs?: string;
  /**
   * When the command lines that giallo prints repeat the option, if it was given: `always`, for options that say where
   * and how films are read; in lines that do the same `work` again; or in lines that ask the same `question`.
   */
  readonly carried?: 'always' | 'work' | 'question';
}

/** The rows of a group, each with its literal types. */
export function rowsOf<const Rows extends Readonly<Record<string, Omit<OptionRow, 'group'>>>>(
  group: OptionRow['group'],
  rows: Rows,
): { readonly [Name in keyof Rows]: Rows[Name] & Pick<OptionRow, 'group'> } {
  const entries = Object.entries(rows).map(([name, row]) => [name, { ...row, group }]);
  return Object.fromEntries(entries);
}

export interface ValueKind<Value> {
  /** For messages: `a whole number from 1`. */
  readonly expects: string;
  /** Words among its values, which are completed. */
  readonly words?: readonly string[];
  /** The value that a text means; undefined if it means none. */
  parse(text: string): Value | undefined;
}

/** Whole numbers from `least` up. */
export function wholeFrom(least: number): ValueKind<number> {
  return {
    expects: `a whole number from ${least}`,
    parse(text) {
      const value = Number(text);
      return /^[0-9]+$/.test(text) && value >= least && Number.isSafeInteger(value) ? value : undefined;
    },
  };
}

export const decimal: ValueKind<number> = {
  expects: 'a number',
  parse(text) {
    const isNumber = /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(text);
    return isNumber && Number.isFinite(Number(text)) ? Number(text) : undefined;
  },
};

export const distance: ValueKind<number> = {
  expects: 'a distance, from 0',
  parse: (text) => within(text, 0, Number.POSITIVE_INFINITY),
};

export const cosine: ValueKind<number> = {
  expects: 'a cosine, from -1 to 1',
  parse: (text) => within(text, -1, 1),
};

function within(text: string, least: number, most: number): number | undefined {
  const value = decimal.parse(text);
  return value !== undefined && value >= least && value <= most ? value : undefined;
}

export const nearness: ValueKind<number | 'shot'> = {
  expects: 'a whole number from 0, or shot',
  words: ['shot'],
  parse: (text) => (text === 'shot' ? text : wholeFrom(0).parse(text)),
};

/** Screenshots a second; a fraction too. */
export const perSecond: ValueKind<number> = {
  expects: 'a number above 0, such as 2.5 or 24000/1001',
  parse(text) {
    const [, numerator, denominator] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
    const value = denominator === undefined ? decimal.parse(text) : Number(numerator) / Number(denominator);
    return value !== undefined && value >= 1 / mostSeconds && Number.isFinite(value) ? value : undefined;
  },
};

export const interval: ValueKind<number> = {
  expects: 'seconds, above 0',
  parse(text) {
    const value = decimal.parse(text);
    return value !== undefined && value > 0 && value <= mostSeconds ? value : undefined;
  },
};

export const moment: ValueKind<number> = {
  expects: 'a moment, such as 12.5 or 0:01:12.5',
  parse: parseMoment,
};

/** As a fraction, the form that films.json has. */
export const frameRate: ValueKind<string> = {
  expects: 'a frame rate, such as 25, 24/1 or 30000/1001',
  parse(text) {
    const rate = parseRate(text);
    return rate && rateText(rate);
  },
};
