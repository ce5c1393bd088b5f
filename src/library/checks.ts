/**
 * Arguments of the library, checked before anything is read. A table gives each option its check; an option that is
 * not in the table, or has a value that it does not take, is a `usage` error that names it.
 */
import { GialloError } from '../errors.js';
import { closestWord } from '../spelling.js';
import { eitherOf } from '../word-lists.js';

/** What an option takes, in words, and whether a value is one of these. It is never called with `undefined`. */
export interface Check {
  readonly takes: string;
  accepts(value: unknown): boolean;
}

export type CheckTable = Readonly<Record<string, Check>>;

/** A `usage` error of the argument or option at `place`, as in `similar: option k`. */
export function usageError(place: string, takes: string, value: unknown, hint?: string): GialloError {
  return new GialloError('usage', `${place} takes ${takes}; found ${shown(value)}`, { hint });
}

/** Checks an argument that must be given. */
export function checkArgument(place: string, { takes, accepts }: Check, value: unknown): void {
  if (!accepts(value)) throw usageError(place, takes, value);
}

/** A copy of plain arrays and objects: what the caller changes during the call does not change the question. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const name in value) copy[name] = copyOf(value[name]);
  return copy as T;
}

/**
 * A copy of the options of `value` that are given, each checked by `table`; those that are undefined count as not given.
 * `otherNames` says what is meant by names that people try.
 */
export function checkOptions(
  caller: string,
  table: CheckTable,
  value: unknown,
  otherNames: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw usageError(`${caller}: the argument for options`, 'an object', value);
  const given: Record<string, unknown> = {};
  for (const name in value) {
    if (!Object.hasOwn(table, name)) throw unknownOption(caller, name, Object.keys(table), otherNames);
    if (value[name] === undefined) continue;
    const { takes, accepts } = table[name];
    if (!accepts(value[name])) throw usageError(`${caller}: option ${name}`, takes, value[name]);
    // A signal must stay the one that is aborted.
    given[name] = table[name] === aSignal ? value[name] : copyOf(value[name]);
  }
  return given;
}

function unknownOption(
  caller: string,
  name: string,
  known: readonly string[],
  otherNames: Readonly<Record<string, string>>,
): GialloError {
  const isNear = (edits: number) => edits <= Math.max(1, name.length / 3);
  const near = closestWord(plain(name), known.map(plain), isNear);
  const meant = Object.hasOwn(otherNames, name) ? otherNames[name] : known.find((one) => plain(one) === near);
  const hint = meant === undefined ? `the options are ${known.join(', ')}` : `did you mean ${meant}?`;
  return new GialloError('usage', `${caller}: there is no option ${shown(name)}`, { hint });
}

/** `--min-score`, `min_score` and `minscore` are all near to `minScore`. */
function plain(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}

/** One of these words. */
export function oneOf(words: readonly string[]): Check {
  return {
    takes: eitherOf(words.map((word) => shown(word))),
    accepts: (value) => words.includes(value as string),
  };
}

/** A whole number from `least` up. */
export function wholeNumber(least: number): Check {
  return {
    takes: `a whole number from ${least}`,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= least,
  };
}

/** A finite number from `least` to `most`. */
export function numberWithin(takes: string, least: number, most: number): Check {
  return {
    takes,
    accepts: (value) => Number.isFinite(value) && (value as number) >= least && (value as number) <= most,
  };
}

export const trueOrFalse: Check = { takes: 'true or false', accepts: (value) => typeof value === 'boolean' };

export const aFunction: Check = { takes: 'a function', accepts: (value) => typeof value === 'function' };

export const aName: Check = {
  takes: 'a string that is not empty',
  accepts: (value) => typeof value === 'string' && value !== '',
};

/** Any AbortSignal, one of another realm or a stand-in for one too. */
export const aSignal: Check = {
  takes: 'an AbortSignal',
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    typeof (value as AbortSignal).aborted === 'boolean' &&
    typeof (value as AbortSignal).throwIfAborted === 'function' &&
    typeof (value as AbortSignal).addEventListener === 'function',
};

/** A value that fits one of several checks. */
export function either(takes: string, ...checks: readonly Check[]): Check {
  return { takes, accepts: (value) => checks.some(({ accepts }) => accepts(value)) };
}

/** An array of at least `least` items, each of which passes the check `item`. */
export function listOf(takes: string, item: Check, least: number): Check {
  return {
    takes,
    accepts: (value) => Array.isArray(value) && value.length >= least && [...value].every(item.accepts),
  };
}

/** An object with some of these keys and no others; `needed` ones must be there. */
export function recordOf(takes: string, table: CheckTable, needed: readonly string[] = []): Check {
  return {
    takes,
    accepts(value) {
      if (!isRecord(value)) return false;
      for (const name in value) {
        if (!Object.hasOwn(table, name)) return false;
        if (value[name] !== undefined && !table[name].accepts(value[name])) return false;
      }
      return needed.every((name) => value[name] !== undefined);
    },
  };
}

/** Whether a value is a plain object: no array, date, map, or promise. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

const longest = 60;

/** A value in few words, on one line. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') {
    const quoted = `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
    return quoted.length <= longest ? quoted : `${quoted.slice(0, longest)}…'`;
  }
  if (typeof value === 'bigint') return `the bigint ${value}n`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array${membersOf(value)}`;
  if (isRecord(value)) return `an object${membersOf(value)}`;
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return (value as { length?: unknown }).length === 0 ? `an empty ${kind}` : `a value of type ${kind}`;
}

/** What is in an array or object of plain values, where that is short. */
function membersOf(value: object): string {
  const members = Object.entries(value);
  if (members.some(([, member]) => typeof member === 'function' || typeof member === 'object')) return '';
  const text = Array.isArray(value)
    ? ` [${members.map(([, member]) => shown(member)).join(', ')}]`
    : ` { ${members.map(([name, member]) => `${name}: ${shown(member)}`).join(', ')} }`;
  return text.length <= longest && members.length > 0 ? text : '';
}
