/** The options of every search that say what may be found, and how closeness is measured. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Filters } from '../../ranking/film-selection.js';
import { type Metric, metrics } from '../../ranking/metric.js';
import { questionDefaults } from '../../search/question.js';
import { cosineNumber, decimalNumber, distanceNumber, isCosine, wholeNumber } from './options.js';

export interface FilterFlags {
  readonly top: number;
  readonly excludeNear: number | 'shot';
  readonly perFilm?: number;
  readonly perShot?: number;
  readonly shotThreshold?: number;
  readonly minScore?: number;
  readonly maxDistance?: number;
  readonly metric: Metric;
}

/** `-k` and the filters; `excludeNear` undefined where there is no frame to be near to. */
export function addFilterOptions(
  command: Command,
  defaults: { readonly k: number; readonly excludeNear: number | 'shot' | undefined },
): Command {
  command
    .optionsGroup('What to find:')
    .option('-k, --top <n>', 'how many results', wholeNumber(1), defaults.k)
    .option('--per-film <n>', 'at most n results from any one film', wholeNumber(1))
    .option('--per-shot <n>', 'at most n results from any one shot', wholeNumber(1));
  if (defaults.excludeNear !== undefined) {
    command.addOption(excludeNearOption('a frame asked about').default(defaults.excludeNear));
  }
  return command
    .addOption(
      new Option('--min-score <x>', 'nothing below this score')
        .argParser(decimalNumber)
        .conflicts('maxDistance'),
    )
    .option('--max-distance <x>', 'nothing farther than this (with --metric euclidean)', distanceNumber)
    .addOption(shotThresholdOption());
}

export function excludeNearOption(what: string): Option {
  return new Option(
    '--exclude-near <n|shot>',
    `leave out frames within n rows of ${what} in its film, or its whole shot`,
  ).argParser((text) => {
    if (text === 'shot') return text;
    try {
      return wholeNumber(0)(text);
    } catch {
      throw new InvalidArgumentError('Expected a whole number from 0, or shot.');
    }
  });
}

export function shotThresholdOption(): Option {
  const description = 'a cut is where consecutive frames have a cosine below this (default: each film’s own)';
  return new Option('--shot-threshold <x>', description).argParser(cosineNumber);
}

export function metricOption(): Option {
  return new Option('--metric <name>', 'what closeness is').choices(metrics).default(questionDefaults.metric);
}

/** The filters in the words of the search; `--min-score` under a distance and the like end as `usage`. */
export function filtersOf(command: Command, flags: FilterFlags): Filters {
  const { metric, minScore, maxDistance, top, perFilm, perShot, excludeNear, shotThreshold } = flags;
  if (metric === 'euclidean' && minScore !== undefined) {
    command.error("error: option '--min-score' does not go with '--metric euclidean'\n(use --max-distance)");
  }
  if (metric === 'cosine' && minScore !== undefined && !isCosine(minScore)) {
    command.error(
      `error: option '--min-score <x>' argument '${minScore}' is invalid. Expected a cosine, from -1 to 1.`,
    );
  }
  if (metric !== 'euclidean' && maxDistance !== undefined) {
    command.error(`error: option '--max-distance' does not go with '--metric ${metric}'\n(use --min-score)`);
  }
  return {
    metric,
    k: top,
    perFilm,
    perShot,
    cutoff: minScore ?? maxDistance,
    excludeNear: excludeNear ?? 0,
    shotThreshold,
  };
}
