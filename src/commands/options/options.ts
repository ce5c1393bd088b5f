/** The options that commands share, each defined once, and what they parse to. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Format } from '../../render/formats.js';

/** What every command is given. */
export interface CommonOptions {
  readonly data?: string;
  readonly quiet?: boolean;
  readonly color: boolean;
  readonly jobs?: number;
  readonly strict?: boolean;
  readonly cache?: boolean;
  readonly explain?: boolean;
  readonly embeddingsKey?: string;
  readonly filenamesKey?: string;
  readonly assume?: 'bfloat16';
  readonly null?: boolean;
  readonly json?: boolean;
  readonly ndjson?: boolean;
  readonly csv?: boolean;
  readonly names?: boolean;
}

/** Where the films are and how their files are read. */
export function addCollectionOptions(command: Command): Command {
  command
    .optionsGroup('Collection:')
    .option('-d, --data <dir>', 'folder of .npz films (default: $GIALLO_DATA, else ./data_embeddings)');
  return addArrayOptions(command);
}

/** How files of films are read, for commands that take files. */
export function addReadingOptions(command: Command): Command {
  return addArrayOptions(command.optionsGroup('Reading npz and npy:'));
}

function addArrayOptions(command: Command): Command {
  return command
    .option('--embeddings-key <name>', 'array of the vectors, where it is not called "embeddings"')
    .option('--filenames-key <name>', 'array of the names, where it is not called "filenames"')
    .addOption(
      new Option('--assume <dtype>', 'read arrays of unnamed 2-byte items as this dtype').choices([
        'bfloat16',
      ]),
    );
}

const flags: Readonly<Record<Exclude<Format, 'table'>, string>> = {
  json: 'one JSON object',
  ndjson: 'one JSON object a line',
  csv: 'CSV with a header (RFC 4180)',
  names: 'filenames, one a line (film/filename where there are several films)',
};

/** Formats, one of which may be chosen; a table otherwise. */
export function addFormatOptions(command: Command, formats: readonly Exclude<Format, 'table'>[]): Command {
  command.optionsGroup('Output:');
  for (const format of formats) {
    command.addOption(
      new Option(`--${format}`, flags[format]).conflicts(formats.filter((other) => other !== format)),
    );
  }
  if (formats.includes('names')) {
    command
      .option('-z, --null', 'end each name with NUL (with --names), for xargs -0')
      .hook('preAction', () => {
        const { null: endsWithNul, names } = command.opts<CommonOptions>();
        if (endsWithNul && !names) command.error("error: option '--null' needs '--names'");
      });
  }
  return command
    .option('-q, --quiet', 'no hints and no progress on stderr')
    .option('--no-color', 'no colour (as NO_COLOR does)');
}

/** Options of commands that work through several films. */
export function addManyFilmsOptions(command: Command): Command {
  return command
    .optionsGroup('Work:')
    .option('-j, --jobs <n>', 'films read at the same time (default: all cores)', wholeNumber(1))
    .option('--strict', 'exit 1 when a film had to be skipped');
}

/** Options of searches that the search index may answer. */
export function addIndexOptions(command: Command): Command {
  return addCacheOption(command).option('--explain', 'say on stderr what was read, scanned and scored');
}

/** For batch work, which builds the search index where that is worth it. */
export function addCacheOption(command: Command): Command {
  return command
    .optionsGroup('Work:')
    .option('--no-cache', 'leave the search index alone: read all films from their archives');
}

export function formatOf(options: CommonOptions): Format {
  if (options.json) return 'json';
  if (options.ndjson) return 'ndjson';
  if (options.csv) return 'csv';
  return options.names ? 'names' : 'table';
}

/** A parser of whole numbers from `least` up. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^[0-9]+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least}.`);
  };
}

/** A parser of finite decimal numbers. */
export function decimalNumber(text: string): number {
  if (/^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?$/i.test(text) && Number.isFinite(Number(text)))
    return Number(text);
  throw new InvalidArgumentError('Expected a number.');
}

/** A parser of distances: from 0 up. */
export function distanceNumber(text: string): number {
  const value = decimalNumber(text);
  if (value >= 0) return value;
  throw new InvalidArgumentError('Expected a distance, from 0.');
}

/** A parser of cosines: from -1 to 1. */
export function cosineNumber(text: string): number {
  const value = decimalNumber(text);
  if (isCosine(value)) return value;
  throw new InvalidArgumentError('Expected a cosine, from -1 to 1.');
}

/** Whether a number can be a cosine. */
export function isCosine(value: number): boolean {
  return value >= -1 && value <= 1;
}

/** Collects the values of an option that may be given several times. */
export function repeated(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Real examples at the end of a command's help. */
export function addExamples(
  command: Command,
  examples: readonly (readonly [line: string, does: string])[],
): Command {
  const width = Math.max(...examples.map(([line]) => line.length));
  const isWide = examples.some(([, does]) => 2 + width + 2 + does.length > 80);
  const lines = examples.map(([line, does]) =>
    isWide ? `  ${line}\n      ${does}` : `  ${line.padEnd(width)}  ${does}`,
  );
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`);
}
