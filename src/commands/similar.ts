/** `giallo similar`: from what was typed to what is asked. */
import { Command, Option } from 'commander';
import { GialloError } from '../errors.js';
import type { Io } from '../io.js';
import { type Metric, metrics } from '../ranking/metric.js';
import type { SimilarOptions } from '../reports/similar.js';
import type { FrameName } from '../search/query-frames.js';
import { type Combination, combinations, questionDefaults } from '../search/question.js';
import { parseFrameName } from './frame-name.js';
import {
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  addManyFilmsOptions,
  type CommonOptions,
  decimalNumber,
  repeated,
  wholeNumber,
} from './options.js';
import { startSession } from './session.js';

interface SimilarFlags extends CommonOptions {
  readonly top: number;
  readonly all?: boolean;
  readonly in?: readonly string[];
  readonly others?: boolean;
  readonly excludeNear: number;
  readonly perFilm?: number;
  readonly minScore?: number;
  readonly maxDistance?: number;
  readonly metric: Metric;
  readonly combine: Combination;
  readonly and?: readonly FrameName[];
  readonly queries?: string;
}

export function similarCommand(io: Io): Command {
  const command = new Command('similar')
    .summary('the frames that look most like a frame')
    .description(
      'Finds the frames most similar to one frame or several, closest first. A frame is an index (negative: from the end) or a filename; name:41 asks for a filename that looks like an index.',
    )
    .argument('[film]', 'a name, a part of one, or a path')
    .argument('[frame...]', 'index or filename; several are asked about together');
  addSearchOptions(command);
  addCollectionOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv', 'names']);
  addManyFilmsOptions(command);
  addExamples(command, [
    ['giallo similar Sintel 40', 'the 5 nearest frames of the same film'],
    ['giallo similar Sintel 40 --others -k 10 --per-film 2', 'in the other films, two of each at most'],
    [
      'giallo similar Sintel 40 41 42 --all --exclude-near 12',
      'like three frames together, anywhere but close by',
    ],
    ['giallo similar Sintel 40 --and Bunny:12 --all', 'like frames of two films'],
    ['giallo similar Sintel 40 --all --json | jq -r .results[0].filename', 'for scripts'],
    [
      "printf 'Sintel\\t40\\nBunny\\t12\\n' | giallo similar --queries - --all",
      'many questions, an answer a line',
    ],
  ]);
  return command.action(async (film: string | undefined, frames: readonly string[], flags: SimilarFlags) => {
    const options = searchOptions(command, flags);
    const session = startSession(io, flags);
    if (flags.queries !== undefined) {
      requireNoFrames(command, film, flags);
      const { answerQueries } = await import('./queries.js');
      return answerQueries(session, flags.queries, options);
    }
    const asked = framesAsked(command, film, frames, flags.and ?? []);
    const isSearched = options.scope === 'all' || options.scope === 'others';
    const collection = await session.open({ films: asked.map((one) => one.film), isSearched });
    const [{ similar }, { similarView }] = await Promise.all([
      import('../reports/similar.js'),
      import('../render/similar.js'),
    ]);
    const report = await similar(collection, asked, options, session.context);
    await session.print(similarView(report));
    await session.reportSkipped(report.skipped);
  });
}

function addSearchOptions(command: Command): void {
  const scopes = ['all', 'in', 'others'];
  const scope = (flag: string, name: string, description: string) =>
    new Option(flag, description).conflicts(scopes.filter((other) => other !== name));
  command
    .optionsGroup('Where to look (default: the film asked about):')
    .addOption(scope('--all', 'all', 'every film'))
    .addOption(scope('--in <film>', 'in', 'this film; repeat for more').argParser(repeated))
    .addOption(scope('--others', 'others', 'every film but the one asked about'))
    .optionsGroup('What to find:')
    .option('-k, --top <n>', 'how many results', wholeNumber(1), questionDefaults.k)
    .option('--per-film <n>', 'at most n results from any one film', wholeNumber(1))
    .option(
      '--exclude-near <n>',
      'leave out frames within n rows of a frame asked about, in its film',
      wholeNumber(0),
      questionDefaults.excludeNear,
    )
    .addOption(
      new Option('--min-score <x>', 'nothing below this score')
        .argParser(decimalNumber)
        .conflicts('maxDistance'),
    )
    .option('--max-distance <x>', 'nothing farther than this (with --metric euclidean)', decimalNumber)
    .optionsGroup('How to compare:')
    .addOption(
      new Option('--metric <name>', 'what closeness is').choices(metrics).default(questionDefaults.metric),
    )
    .option(
      '--and <film:frame>',
      'one more frame to ask with, of any film; repeat for more',
      (text, before: readonly FrameName[] = []) => [...before, parseFrameName(text)],
    )
    .addOption(
      new Option(
        '--combine <how>',
        'several frames as one: their mean direction, or the best score over them',
      )
        .choices(combinations)
        .default(questionDefaults.combine),
    )
    .option('--queries <file>', 'many questions: lines of film<TAB>frame, - for stdin; answers as NDJSON');
}

/** The options in the words of the search; contradictions end as `usage`. */
function searchOptions(command: Command, flags: SimilarFlags): SimilarOptions {
  const { metric, minScore, maxDistance, top, perFilm, excludeNear, combine } = flags;
  if (metric === 'euclidean' && minScore !== undefined) {
    command.error("error: option '--min-score' does not go with '--metric euclidean'\n(use --max-distance)");
  }
  if (metric !== 'euclidean' && maxDistance !== undefined) {
    command.error(`error: option '--max-distance' does not go with '--metric ${metric}'\n(use --min-score)`);
  }
  const scope = flags.in ? { in: flags.in } : flags.all ? 'all' : flags.others ? 'others' : 'own';
  return { metric, k: top, perFilm, cutoff: minScore ?? maxDistance, excludeNear, combine, scope };
}

function framesAsked(
  command: Command,
  film: string | undefined,
  frames: readonly string[],
  more: readonly FrameName[],
): FrameName[] {
  if (film === undefined) command.error("error: missing required argument 'film'");
  if (frames.length === 0) {
    command.error(
      "error: missing required argument 'frame'\n(an index or a filename, as in: giallo similar Sintel 40)",
    );
  }
  return [...frames.map((frame) => ({ film: film as string, frame })), ...more];
}

function requireNoFrames(
  command: Command,
  film: string | undefined,
  { and, csv, names, json }: SimilarFlags,
): void {
  if (film !== undefined || and) command.error("error: with '--queries' the frames come from the file alone");
  if (csv || names || json)
    throw new GialloError('usage', '--queries: answers are NDJSON, one a question; no other format');
}
