/** From several flags to one thing that they describe: the filters of a search, the engine that is asked. */
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

/** Errors: `usage` if the filters and the metric contradict each other. */
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
    throw new GialloError('usage', '--max-distance needs --metric euclidean', {
      hint: `use --min-score for --metric ${metric}`,
    });
}

/** Errors: `usage` if no score is within both limits, with a hint if one of them is the default, `usual`. */
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

/** The flags as filters of the search. */
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

/** The address in `--engine`; else, unless a folder is named, the one in the environment. */
export function engineNamed(
  env: Environment,
  { engine, data }: Pick<AnyFlags, 'engine' | 'data'>,
): string | undefined {
  return engine ?? (data === undefined ? env.GIALLO_ENGINE || undefined : undefined);
}

/**
 * The address that the options or the environment name; undefined if the films are those of a folder. Errors: `usage`
 * if other options are about files.
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

/** The address, for commands that always need an engine. Errors: `usage` if there is none. */
export function requireEngineUrl({ env }: Io, { engine }: AnyFlags): string {
  const url = engineNamed(env, { engine });
  if (url !== undefined) return url;
  throw new GialloError('usage', 'the address of an engine is missing', {
    hint: 'name it with --engine clickhouse://user@host:8123/database or in $GIALLO_ENGINE',
  });
}

/**
 * The settings of a connection that are not in the address. The password comes only from the environment, which other
 * users cannot see.
 */
export function connectionOptionsOf({ env, signal }: Io): ConnectionOptions {
  return { password: env.GIALLO_ENGINE_PASSWORD ?? '', signal };
}
