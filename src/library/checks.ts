/**
 * Checks arguments before anything is read. Options are checked by a table that gives each its check. An option that is
 * not in the table is a `usage` error that names it, and so is a value that an option does not take.
 */
import { GialloError } from '../errors.js';
import { closestWord } from '../spelling.js';
import { eitherOf } from '../word-lists.js';

/** What an option takes: in words, for messages, and as a function, which is never called with `undefined`. */
export interface Check {
  readonly takes: string;
  accepts(value: unknown): boolean;
}

export type CheckTable = Readonly<Record<string, Check>>;

/** Wrong names that people try, and for each the options that they may mean, each with its name at the beginning. */
export type OtherNames = Readonly<Record<string, readonly string[]>>;

/** A `usage` error about an argument or an option. `place` names it, for example `similar: option k`. */
export function usageError(place: string, takes: string, value: unknown, hint?: string): GialloError {
  return new GialloError('usage', `${place} takes ${takes}; found ${shown(value)}`, { hint });
}

/** Checks an argument that must be given. */
export function checkArgument(place: string, { takes, accepts }: Check, value: unknown): void {
  if (!accepts(value)) throw usageError(place, takes, value);
}

/**
 * Copies arrays and plain objects, so that the caller can change them during the call without changing the question.
 */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (!isRecord(value)) return value;
  const copy: Record<string, unknown> = {};
  for (const name in value) copy[name] = copyOf(value[name]);
  return copy as T;
}

/** Checks the options in `value` by `table`, and returns a copy of those that are not undefined. */
export function checkOptions(
  caller: string,
  table: CheckTable,
  value: unknown,
  otherNames: OtherNames,
): Record<string, unknown> {
  if (value === undefined) return {};
  if (!isRecord(value)) throw usageError(`${caller}: the argument for options`, 'an object', value);
  const given: Record<string, unknown> = {};
  for (const name in value) {
    if (!Object.hasOwn(table, name)) throw unknownOption(caller, name, Object.keys(table), otherNames);
    if (value[name] === undefined) continue;
    const { takes, accepts } = table[name];
    if (!accepts(value[name])) throw usageError(`${caller}: option ${name}`, takes, value[name]);
    // A copy of a signal would not be aborted with it.
    given[name] = table[name] === aSignal ? value[name] : copyOf(value[name]);
  }
  return given;
}

function unknownOption(
  caller: string,
  name: string,
  known: readonly string[],
  otherNames: OtherNames,
): GialloError {
  const isNear = (edits: number) => edits <= Math.max(1, name.length / 3);
  const near = closestWord(plain(name), known.map(plain), isNear);
  const others = Object.hasOwn(otherNames, name) ? otherNames[name] : [];
  const takenOthers = others.filter((one) => known.some((option) => new RegExp(`^${option}\\b`).test(one)));
  const meant = takenOthers.length > 0 ? takenOthers : known.filter((one) => plain(one) === near);
  const hint =
    meant.length === 0 ? `the options are ${known.join(', ')}` : `did you mean ${meant.join(' or ')}?`;
  return new GialloError('usage', `${caller}: there is no option ${shown(name)}`, { hint });
}

/** Makes `--min-score`, `min_score` and `minScore` equal. */
function plain(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}

/** Accepts one of these words. */
export function oneOf(words: readonly string[]): Check {
  return {
    takes: eitherOf(words.map((word) => shown(word))),
    accepts: (value) => words.includes(value as string),
  };
}

/** Accepts whole numbers from `least` up. */
export function wholeNumber(least: number): Check {
  return {
    takes: `a whole number from ${least}`,
    accepts: (value) => Number.isSafeInteger(value) && (value as number) >= least,
  };
}

/** Accepts finite numbers from `least` to `most`. */
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

/** Accepts any AbortSignal, also one of another realm, and objects that behave like one. */
export const aSignal: Check = {
  takes: 'an AbortSignal',
  accepts: (value) =>
    typeof value === 'object' &&
    value !== null &&
    typeof (value as AbortSignal).aborted === 'boolean' &&
    typeof (value as AbortSignal).throwIfAborted === 'function' &&
    typeof (value as AbortSignal).addEventListener === 'function',
};

/** Accepts what one of these checks accepts. */
export function either(takes: string, ...checks: readonly Check[]): Check {
  return { takes, accepts: (value) => checks.some(({ accepts }) => accepts(value)) };
}

/** Accepts an array of at least `least` items that `item` accepts. */
export function listOf(takes: string, item: Check, least: number): Check {
  return {
    takes,
    accepts: (value) => Array.isArray(value) && value.length >= least && [...value].every(item.accepts),
  };
}

/** Accepts an object with keys of this table only. The keys in `needed` must be there. */
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

/** Describes a value in few words, on one line. */
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

/** The members of an array or object, if they are plain values and the text is short; else an empty string. */
function membersOf(value: object): string {
  const members = Object.entries(value);
  if (members.some(([, member]) => typeof member === 'function' || typeof member === 'object')) return '';
  const text = Array.isArray(value)
    ? ` [${members.map(([, member]) => shown(member)).join(', ')}]`
    : ` { ${members.map(([name, member]) => `${name}: ${shown(member)}`).join(', ')} }`;
  return text.length <= longest && members.length > 0 ? text : '';
}
