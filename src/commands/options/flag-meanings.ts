/** From several flags to one thing that they describe: the filters of a search, the engine that is asked. */
import type { ConnectionOptions } from '../../engine/connection.js';
import { GialloError } from '../../errors.js';
import type { Io } from '../../io.js';
import type { Filters } from '../../ranking/film-selection.js';
import { refusedLimit, type ScoreLimits } from '../../ranking/metric.js';
import type { Environment } from '../../user-folders.js';
import { cosine } from './option-row.js';
import type { AnyFlags } from './option-table.js';
import { takenOption } from './taken-options.js';

type FilterFlags = AnyFlags & {
  readonly [Name in 'top' | 'metric']: NonNullable<AnyFlags[Name]>;
};

/**
 * Errors: `usage` if limits of scores contradict the metric or each other; the hint says which of them is the default,
 * `usual`.
 */
export function checkFilters(flags: AnyFlags, usual: ScoreLimits = {}): void {
  const { metric = 'cosine', minScore, maxScore } = flags;
  const refused = refusedLimit(metric, flags);
  if (!refused) return;
  const { name, why } = refused;
  const { long } = takenOption(name);
  if (why === 'cosine')
    throw new GialloError('usage', `${long}: expected ${cosine.expects}, found ${flags[name]}`);
  if (why === 'range') {
    const message = `--min-score ${minScore} is above --max-score ${maxScore}: nothing can be found`;
    const said =
      maxScore === usual.maxScore
        ? `--max-score is ${maxScore}`
        : minScore === usual.minScore && `--min-score is ${minScore}`;
    throw new GialloError('usage', message, said ? { hint: `${said} by default` } : {});
  }
  if (name === 'maxDistance')
    throw new GialloError('usage', '--max-distance needs --metric euclidean', {
      hint: `use --min-score for --metric ${metric}`,
    });
  const hint = name === 'minScore' ? 'use --max-distance' : undefined;
  throw new GialloError('usage', `${long} cannot be used with --metric ${metric}`, { hint });
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
