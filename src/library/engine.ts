/** Films in a ClickHouse server or cluster. */
import type { Collection } from '../collection/collection.js';
import { filmsNamed } from '../collection/named-films.js';
import type { EngineState } from '../engine/engine-state.js';
import { type PushReport, push as pushFilms } from '../reports/push.js';
import { checkCollection, checkedOptions, checkFilms, checkUrl, engines, prepare } from './arguments.js';
import type { EngineOptions, PushOptions } from './options.js';

/**
 * Opens the films in a ClickHouse server or cluster as a collection. It can be given to `films`, `similar`,
 * `similarBatch` and `search`. Errors: those of the engine.
 *
 * ```js
 * const archive = await openEngine('clickhouse://archive@node1:8123/films');
 * const { results } = await similar(archive, [{ film: 'Sintel', frame: 66 }], { scope: 'all' });
 * console.log(results.length);
 * ```
 */
export async function openEngine(url: string, options?: EngineOptions): Promise<Collection> {
  const connection = connectionTo('openEngine', url, options);
  const engine = await (await import('../engine/engine.js')).openEngine(url, connection);
  engines.set(engine.collection, engine);
  return engine.collection;
}

/**
 * Makes the tables of an engine, and its database if that is missing. Errors: those of the engine.
 *
 * ```js
 * await initEngine('clickhouse://archive@node1:8123/films');
 * ```
 */
export async function initEngine(url: string, options?: EngineOptions): Promise<void> {
  const connection = connectionTo('initEngine', url, options);
  await (await import('../engine/engine-store.js')).initEngine(url, connection);
}

/**
 * Says how many films and frames an engine holds, and which of its servers answer. Errors: those of the engine.
 *
 * ```js
 * const { films: count, frames: rows } = await engineState('clickhouse://archive@node1:8123/films');
 * console.log(count, rows);
 * ```
 */
export async function engineState(url: string, options?: EngineOptions): Promise<EngineState> {
  const connection = connectionTo('engineState', url, options);
  return (await import('../engine/engine-store.js')).engineState(url, connection);
}

/**
 * Removes the tables of an engine, and with them all its films. Errors: those of the engine.
 *
 * ```js
 * await dropEngine('clickhouse://archive@node1:8123/films');
 * ```
 */
export async function dropEngine(url: string, options?: EngineOptions): Promise<void> {
  const connection = connectionTo('dropEngine', url, options);
  await (await import('../engine/engine-store.js')).dropEngine(url, connection);
}

function connectionTo(
  caller: 'openEngine' | 'initEngine' | 'engineState' | 'dropEngine',
  url: unknown,
  options: EngineOptions | undefined,
) {
  checkUrl(caller, url);
  const given = checkedOptions(caller, options);
  return { password: passwordOf(given), signal: given.signal, isPartial: given.partial };
}

function passwordOf({ password }: Pick<EngineOptions, 'password'>): string {
  return password ?? process.env.GIALLO_ENGINE_PASSWORD ?? '';
}

/**
 * Copies the named films into the engine at `url`; without names, all films. Errors: those of naming films and of the
 * engine.
 *
 * ```js
 * const { totals } = await push(collection, [], 'clickhouse://archive@node1:8123/films');
 * console.log(totals.pushed, totals.kept);
 * ```
 */
export async function push(
  collection: Collection,
  films: readonly string[],
  url: string,
  options?: PushOptions,
): Promise<PushReport> {
  checkCollection('push', collection);
  const named = checkFilms('push', films);
  checkUrl('push', url);
  const { given, context } = prepare('push', collection, options);
  const { signal, force, onRetry } = given;
  const connection = { password: passwordOf(given), signal };
  const store = await (await import('../engine/engine-store.js')).openStore(url, connection);
  return pushFilms(filmsNamed(collection, named), store, { force, onRetry }, context);
}
