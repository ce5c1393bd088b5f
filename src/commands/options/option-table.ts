/**
 * Every option of giallo, declared once. Parsing, help, completion and conflicts follow from its row here, and so does
 * whether printed commands repeat it. To add an option, add its row, and name it in the commands that take it.
 */
import { metrics } from '../../ranking/metric.js';
import { combinations } from '../../search/question.js';
import { cosine, decimal, distance, nearness, rowsOf, type ValueKind, wholeFrom } from './option-row.js';
import { outputOptions } from './output-options.js';
import { timeOptions } from './time-options.js';

/** The rows. The key of a row is the name of the option's value in a command's `flags`. */
export const optionTable = {
  ...rowsOf('scope', {
    all: { flags: '--all', help: 'every film', conflicts: ['in', 'others'], carried: 'question' },
    in: { flags: '--in <film>', help: 'this film; repeat for more', isRepeatable: true, carried: 'question' },
    others: {
      flags: '--others',
      help: 'every film but the one asked about',
      conflicts: ['in'],
      carried: 'question',
    },
  }),
  ...rowsOf('find', {
    top: { flags: '-k, --top <n>', help: 'how many results', kind: wholeFrom(1), carried: 'question' },
    perFilm: {
      flags: '--per-film <n>',
      help: 'at most n results from any one film',
      kind: wholeFrom(1),
      carried: 'question',
    },
    perShot: {
      flags: '--per-shot <n>',
      help: 'at most n results from any one shot',
      kind: wholeFrom(1),
      carried: 'question',
    },
    excludeNear: {
      flags: '--exclude-near <n|shot>',
      help: 'leave out frames within n rows of a frame asked about, or in its shot',
      kind: nearness,
      carried: 'question',
    },
    minScore: {
      flags: '--min-score <x>',
      help: 'leave out results below this score',
      kind: decimal,
      conflicts: ['maxDistance'],
      carried: 'question',
    },
    maxScore: {
      flags: '--max-score <x>',
      help: 'leave out results above this score',
      kind: decimal,
      carried: 'question',
    },
    without: {
      flags: '--without <film:frame>',
      help: 'leave out frames that show the same picture as this one, or as one of a range (cosine 0.98 or more), such as black or a logo; repeat for more',
      isRepeatable: true,
      // Who leaves out black frames wants none in the next answer either.
      carried: 'work',
    },
    maxDistance: {
      flags: '--max-distance <x>',
      help: 'leave out results farther than this (with --metric euclidean)',
      kind: distance,
      carried: 'question',
    },
    shotThreshold: {
      flags: '--shot-threshold <x>',
      help: 'a cut is where consecutive frames have a cosine below this (default: each film’s own)',
      kind: cosine,
      carried: 'work',
    },
  }),
  ...rowsOf('compare', {
    vector: {
      flags: '--vector <file>',
      help: '.npy, .npz, JSON or NDJSON with one vector or several; - for stdin',
    },
    raw: { flags: '--raw', help: 'the vector is little-endian float32 bytes, from --vector or the encoder' },
    vectorKey: {
      flags: '--vector-key <name>',
      help: 'the array that is the vector, if an .npz has several',
      needs: 'vector',
    },
    metric: {
      flags: '--metric <name>',
      help: 'how closeness is measured',
      choices: metrics,
      carried: 'question',
    },
    and: {
      flags: '--and <film:frame>',
      help: 'one more frame to ask with, of any film; repeat for more',
      isRepeatable: true,
    },
    combine: {
      flags: '--combine <how>',
      help: 'how several frames make one question: by their mean direction, or by the best score over them',
      choices: combinations,
      carried: 'question',
    },
    queries: {
      flags: '--queries <file>',
      help: 'many questions, one per line: film<TAB>frame or film:frame; - for stdin; answers as NDJSON',
      conflicts: [
        'and',
        'json',
        'csv',
        'names',
        'html',
        'open',
        'pictures',
        'timeline',
        'edl',
        'otio',
        'reel',
        'play',
      ],
    },
  }),
  ...rowsOf('target', {
    to: {
      flags: '--to <form>',
      help: 'the format to write',
      choices: ['npz', 'npy', 'json', 'csv', 'parquet'],
    },
    output: {
      flags: '-o, --output <path>',
      help: 'the file to write, - for stdout, or a folder for several (default: beside the input)',
    },
    merge: { flags: '--merge', help: 'join all films into one file; filenames become film:filename' },
    force: { flags: '--force', help: 'write over existing files' },
    install: {
      flags: '--install',
      help: 'write the script where your shell looks for it',
      conflicts: ['uninstall'],
    },
    uninstall: { flags: '--uninstall', help: 'remove what --install wrote' },
  }),
  ...rowsOf('numbers', {
    dtype: {
      flags: '--dtype <dtype>',
      help: 'the type of the vectors in npz and npy',
      choices: ['float32', 'float16'],
    },
    stored: {
      flags: '--stored',
      help: 'write an npz without compression, so that programs can read single rows',
    },
    nan: {
      flags: '--nan <how>',
      help: 'write NaN to JSON as null, and read null and NaN as NaN',
      choices: ['null'],
    },
    onDuplicate: {
      flags: '--on-duplicate <how>',
      help: 'a filename that appears again gets a suffix',
      choices: ['suffix'],
    },
  }),
  ...rowsOf('collection', {
    data: {
      flags: '-d, --data <dir>',
      help: 'folder of .npz films (default: $GIALLO_DATA, else ./data_embeddings)',
      carried: 'always',
    },
    embeddingsKey: {
      flags: '--embeddings-key <name>',
      help: 'array that holds the vectors (default: embeddings)',
      carried: 'always',
    },
    filenamesKey: {
      flags: '--filenames-key <name>',
      help: 'array that holds the filenames (default: filenames)',
      carried: 'always',
    },
    assume: {
      flags: '--assume <dtype>',
      help: 'read 2-byte numbers of an unnamed type as this dtype',
      choices: ['bfloat16'],
      carried: 'always',
    },
    everywhere: { flags: '--everywhere', help: 'with clear: delete the indexes of all collections' },
  }),
  ...rowsOf('engine', {
    engine: {
      flags: '--engine <url>',
      help: 'ask a ClickHouse server: clickhouse://user@host:8123/database (default: $GIALLO_ENGINE, unless -d is given)',
      carried: 'always',
    },
    partial: {
      flags: '--partial',
      help: 'if servers of the cluster are down, answer from the films of the others',
      carried: 'always',
    },
    yes: { flags: '--yes', help: 'with drop: remove all films without asking' },
  }),
  ...rowsOf('work', {
    jobs: {
      flags: '-j, --jobs <n>',
      help: 'how many films to read at the same time, and how many threads (default: as many as keep all cores busy)',
      kind: wholeFrom(1),
      carried: 'work',
    },
    strict: { flags: '--strict', help: 'exit with 1 if a film had to be skipped', carried: 'work' },
    cache: {
      flags: '--no-cache',
      help: 'do not use the search index: read all films from their archives',
      carried: 'work',
    },
    explain: { flags: '--explain', help: 'say on stderr what was read, scanned and scored' },
  }),
  ...rowsOf('help', {
    help: { flags: '-h, --help', help: 'print help' },
  }),
  ...outputOptions,
  ...timeOptions,
};

export type OptionName = keyof typeof optionTable;

/** The type of an option's value, from its row. */
type ValueOf<Row> = Row extends { readonly isRepeatable: true }
  ? readonly SingleValueOf<Row>[]
  : SingleValueOf<Row>;

type SingleValueOf<Row> = Row extends { readonly kind: ValueKind<infer Value> }
  ? Value
  : Row extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : Row extends { readonly flags: `${string}<${string}` }
      ? string
      : boolean;

/** The values of all options. A value is undefined if the option was not given, or the command does not take it. */
export type AnyFlags = { readonly [Name in OptionName]?: ValueOf<(typeof optionTable)[Name]> | undefined };
