/** `--engine`: the collection in a ClickHouse server or cluster in place of a folder. */
import type { Command } from 'commander';
import type { ConnectionOptions } from '../../engine/connection.js';
import { GialloError } from '../../errors.js';
import type { Io } from '../../io.js';
import type { CommonOptions } from './options.js';

export interface EngineFlags {
  readonly engine?: string;
  readonly partial?: boolean;
}

/** For commands that can ask an engine as well as a folder. */
export function addEngineOptions(command: Command): Command {
  return command
    .optionsGroup('Engine:')
    .option(
      '--engine <url>',
      'ask a ClickHouse server: clickhouse://user@host:8123/database (default: $GIALLO_ENGINE, unless -d is given)',
    )
    .option('--partial', 'where servers of its cluster are down, answer with the films of the others');
}

/**
 * The address that the options or the environment name; undefined where the folder is asked. Errors: `usage` where
 * options speak of files.
 */
export function engineUrlOf(
  { env }: Io,
  flags: EngineFlags & CommonOptions & { readonly shotThreshold?: number },
): string | undefined {
  const fromEnvironment = flags.data === undefined ? env.GIALLO_ENGINE || undefined : undefined;
  const url = flags.engine ?? fromEnvironment;
  if (url === undefined) {
    if (flags.partial)
      throw new GialloError('usage', '--partial: only an engine has parts; name it with --engine');
    return undefined;
  }
  if (flags.data !== undefined)
    throw new GialloError('usage', '--engine: expected one place to ask, found --data too');
  const { embeddingsKey, filenamesKey, assume, shotThreshold } = flags;
  for (const [flag, value] of Object.entries({
    '--embeddings-key': embeddingsKey,
    '--filenames-key': filenamesKey,
    '--assume': assume,
  })) {
    if (value !== undefined) {
      throw new GialloError('usage', `${flag}: says how files are read, and an engine is asked`, {
        hint: 'it goes with `giallo push`',
      });
    }
  }
  if (shotThreshold !== undefined) {
    throw new GialloError(
      'usage',
      '--shot-threshold: the engine knows each film’s own shots, and no others',
      {
        hint: 'ask the folder with --data',
      },
    );
  }
  return url;
}

/** The address for commands that work on nothing else. Errors: `usage`. */
export function requireEngineUrl({ env }: Io, { engine }: EngineFlags): string {
  const url = engine ?? (env.GIALLO_ENGINE || undefined);
  if (url !== undefined) return url;
  throw new GialloError('usage', 'expected the address of an engine, found none', {
    hint: 'name it with --engine clickhouse://user@host:8123/database or in $GIALLO_ENGINE',
  });
}

/** What is not in the address. Passwords come from the environment alone, which only the user and the process see. */
export function connectionOptionsOf({ env, signal }: Io): ConnectionOptions {
  return { password: env.GIALLO_ENGINE_PASSWORD ?? '', signal };
}
