/** What is stored of a film beside its vectors, frame by frame. Errors: those of the connection. */
import type { Connection } from './connection.js';
import type { StoredFilm } from './stored-films.js';

/** One a frame, in order. */
export async function readFilenames(connection: Connection, film: StoredFilm): Promise<string[]> {
  const rows = await readColumn<{ filename: string }>(connection, film, 'filename');
  return rows.map(({ filename }) => filename);
}

/** The shot of each frame. */
export async function readShots(connection: Connection, film: StoredFilm): Promise<Int32Array> {
  return Int32Array.from(await readColumn<{ shot: number }>(connection, film, 'shot'), ({ shot }) => shot);
}

function readColumn<Row>(connection: Connection, { push }: StoredFilm, column: 'filename' | 'shot') {
  return connection.select<Row>({
    sql: `SELECT ${column} FROM giallo_frames WHERE push = {push:UInt64} ORDER BY frame`,
    parameters: { push },
  });
}
