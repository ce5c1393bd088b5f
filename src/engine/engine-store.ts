/** An engine as the commands see it that create, fill and maintain it. */
import { type Connection, type ConnectionOptions, openConnection } from './connection.js';
import { type EngineState, readState } from './engine-state.js';
import { parseEngineUrl } from './engine-url.js';
import { type FilmToPush, type PushOptions, pushFilm, removeDeadRows } from './push-film.js';
import { createTables, dropTables, requireSchema } from './schema.js';
import { listFilms, type StoredFilm } from './stored-films.js';

/** Errors of all its methods: those of the connection. */
export interface EngineStore {
  readonly label: string;
  /** All films, in code point order. */
  films(): Promise<readonly StoredFilm[]>;
  /** Pushes a film. Searches see nothing of a push that fails. Errors: `engine-mismatch`, those of reading the film. */
  push(film: FilmToPush, progress: Omit<PushOptions, 'signal'>): Promise<StoredFilm>;
  /** Removes the rows of replaced and failed pushes from this server; resolves to their number. */
  removeDeadRows(): Promise<number>;
}

/** Opens an engine that has its tables. Errors: `usage`, those of the connection, `engine-schema`. */
export async function openStore(url: string, options: ConnectionOptions): Promise<EngineStore> {
  const connection = await openConnection(parseEngineUrl(url), options);
  const { cluster } = await requireSchema(connection);
  return {
    label: connection.address.label,
    films: () => listFilms(connection),
    push: (film, progress) => pushFilm(connection, film, { ...progress, signal: options.signal }),
    removeDeadRows: () => removeDeadRows(connection, cluster),
  };
}

/** Creates the database and the tables of this server if they are missing. Errors: as `openStore`. */
export async function initEngine(url: string, options: ConnectionOptions): Promise<void> {
  const address = parseEngineUrl(url);
  // Every server has this database.
  const beforehand = await openConnection(address, options, 'system');
  const connection = await openConnection(address, options);
  await createTables(beforehand, connection);
}

/** Drops the tables of this server. Errors: as `openStore`, without `engine-schema`. */
export async function dropEngine(url: string, options: ConnectionOptions): Promise<string> {
  const connection: Connection = await openConnection(parseEngineUrl(url), options);
  await dropTables(connection);
  return connection.address.label;
}

/** The state of the engine. Errors: as `openStore`, without `engine-schema`. */
export async function engineState(url: string, options: ConnectionOptions): Promise<EngineState> {
  return readState(await openConnection(parseEngineUrl(url), options));
}
