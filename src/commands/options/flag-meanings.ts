/** What the flags of a command mean together: filters for the search, and the engine that is asked. */
import type { ConnectionOptions } from '../../engine/connection.js';
import { GialloError } from '../../errors.js';
import type { Io } from '../../io.js';
import type { Filters } from '../../ranking/film-selection.js';
import type { Environment } from '../../user-folders.js';
import { cosine } from './option-row.js';
import type { AnyFlags } from './option-table.js';
import { takenOption } from './taken-options.js';

type FilterFlags = AnyFlags & {
  readonly [Name in 'top' | 'metric']: NonNullable<AnyFlags[Name]>;
};

/** Contradictions between filters and the metric. Errors: `usage`. */
export function checkFilters({ metric, minScore, maxScore, maxDistance }: AnyFlags): void {
  if (metric === 'euclidean' && minScore !== undefined)
    throw new GialloError('usage', '--min-score cannot be used with --metric euclidean', {
      hint: 'use --max-distance',
    });
  if (metric === 'euclidean' && maxScore !== undefined)
    throw new GialloError('usage', '--max-score cannot be used with --metric euclidean');
  if (metric === 'cosine' && minScore !== undefined && cosine.parse(String(minScore)) === undefined)
    throw new GialloError('usage', `--min-score: expected ${cosine.expects}, found ${minScore}`);
  checkScoreRange({ minScore, maxScore });
  if (metric !== 'euclidean' && maxDistance !== undefined)
    throw new GialloError('usage', `--max-distance cannot be used with --metric ${metric}`, {
      hint: 'use --min-score',
    });
}

/** Errors: `usage` where no score is within both, with a hint where one of them is `usual`, the default. */
export function checkScoreRange(
  { minScore, maxScore }: Pick<AnyFlags, 'minScore' | 'maxScore'>,
  usual: Pick<AnyFlags, 'minScore' | 'maxScore'> = {},
): void {
  if (minScore === undefined || maxScore === undefined || minScore <= maxScore) return;
  const message = `--min-score ${minScore} is above --max-score ${maxScore}: nothing can be found`;
  const said =
    maxScore === usual.maxScore
      ? `--max-score is ${maxScore}`
      : minScore === usual.minScore && `--min-score is ${minScore}`;
  throw new GialloError('usage', message, said ? { hint: `${said} by default` } : {});
}

/** The filters in the words of the search. */
export function filtersOf(flags: FilterFlags): Filters {
  const { metric, minScore, maxScore, maxDistance, top: k } = flags;
  const { perFilm, perShot, excludeNear, shotThreshold } = flags;
  return {
    metric,
    k,
    perFilm,
    perShot,
    cutoff: minScore ?? maxDistance,
    ceiling: maxScore,
    excludeNear: excludeNear ?? 0,
    shotThreshold,
  };
}

/** The address that `--engine` names or, where no folder is named, the environment. */
export function engineNamed(
  env: Environment,
  { engine, data }: Pick<AnyFlags, 'engine' | 'data'>,
): string | undefined {
  return engine ?? (data === undefined ? env.GIALLO_ENGINE || undefined : undefined);
}

/**
 * The address that the options or the environment name; undefined where the folder is asked. Errors: `usage` where
 * options speak of files.
 */
export function engineUrlOf({ env }: Io, flags: AnyFlags): string | undefined {
  const url = engineNamed(env, flags);
  if (url === undefined) {
    if (!flags.partial) return undefined;
    throw new GialloError('usage', '--partial needs --engine');
  }
  if (flags.data !== undefined) throw new GialloError('usage', '--engine cannot be used with --data');
  for (const name of ['embeddingsKey', 'filenamesKey', 'assume'] as const) {
    if (flags[name] === undefined) continue;
    const message = `${takenOption(name).long} applies to files; it cannot be used with --engine`;
    throw new GialloError('usage', message, { hint: 'give it to `giallo push`' });
  }
  if (flags.shotThreshold !== undefined) {
    const message = '--shot-threshold cannot be used with --engine: shots are found when films are pushed';
    throw new GialloError('usage', message, { hint: 'search the folder instead, with --data' });
  }
  return url;
}

/** The address for commands that work on nothing else. Errors: `usage`. */
export function requireEngineUrl({ env }: Io, { engine }: AnyFlags): string {
  const url = engineNamed(env, { engine });
  if (url !== undefined) return url;
  throw new GialloError('usage', 'the address of an engine is missing', {
    hint: 'name it with --engine clickhouse://user@host:8123/database or in $GIALLO_ENGINE',
  });
}

/** What is not in the address. Passwords come from the environment alone, which only the user and the process see. */
export function connectionOptionsOf({ env, signal }: Io): ConnectionOptions {
  return { password: env.GIALLO_ENGINE_PASSWORD ?? '', signal };
}
