/** The films that are in the engine: those whose push was committed. */
import { compareCodePoints } from '../collection/names.js';
import { type FilmTimes, timesOfText } from '../times/film-times.js';
import type { Connection, StatementOptions } from './connection.js';

/** A film as the engine knows it. */
export interface StoredFilm {
  readonly film: string;
  /** The number of the push that brought its rows: a decimal of up to 20 digits. */
  readonly push: string;
  readonly frames: number;
  readonly dim: number;
  /** All-zero rows. */
  readonly zero: number;
  /** Rows with NaN or Inf. */
  readonly nonFinite: number;
  readonly dtype: string;
  readonly compression: string;
  /** Bytes of the archive that it came from, and of its vectors as stored there. */
  readonly bytes: number;
  readonly rawBytes: number;
  /** CRC-32 of the archive's arrays, '' if there is none. */
  readonly embeddingsCrc: string;
  readonly filenamesCrc: string;
  /** The sum of `blockChecksum` over all rows: a decimal. */
  readonly checksum: string;
  /** CRC-32 of the text of its times; 0 if it has none. */
  readonly timesCrc: number;
}

/** All films, in code point order of their names. */
export async function listFilms(
  connection: Connection,
  options: StatementOptions = {},
): Promise<StoredFilm[]> {
  return inOrder(await connection.select<StoredFilm>({ sql: selectFilms(''), parameters: {} }, options));
}

/** The film of exactly this name. */
export async function findFilm(connection: Connection, film: string): Promise<StoredFilm | undefined> {
  const statement = { sql: selectFilms('WHERE film = {film:String}'), parameters: { film } };
  return (await connection.select<StoredFilm>(statement))[0];
}

/** With FINAL, since only the last of several pushes of a film counts. */
function selectFilms(where: string): string {
  return `SELECT film, toString(push) AS push, frames, dim, zero, non_finite AS nonFinite, dtype, compression,
      toFloat64(bytes) AS bytes, toFloat64(raw_bytes) AS rawBytes, embeddings_crc AS embeddingsCrc,
      filenames_crc AS filenamesCrc, toString(checksum) AS checksum, CRC32(times) AS timesCrc
    FROM giallo_films FINAL ${where}`;
}

function inOrder(films: StoredFilm[]): StoredFilm[] {
  return films.sort((a, b) => compareCodePoints(a.film, b.film));
}

/** One a frame, in order. */
export async function readFilenames(connection: Connection, film: StoredFilm): Promise<string[]> {
  const rows = await readColumn<{ filename: string }>(connection, film, 'filename');
  return rows.map(({ filename }) => filename);
}

/** The shot of each frame. */
export async function readShots(connection: Connection, film: StoredFilm): Promise<Int32Array> {
  return Int32Array.from(await readColumn<{ shot: number }>(connection, film, 'shot'), ({ shot }) => shot);
}

/** The times of the frames; undefined if the film was pushed without times. */
export async function readTimes(
  connection: Connection,
  { film, timesCrc }: StoredFilm,
): Promise<FilmTimes | undefined> {
  if (timesCrc === 0) return undefined;
  const sql = 'SELECT times FROM giallo_films FINAL WHERE film = {film:String}';
  const [row] = await connection.select<{ times: string }>({ sql, parameters: { film } });
  return row?.times ? timesOfText(row.times) : undefined;
}

function readColumn<Row>(connection: Connection, { push }: StoredFilm, column: 'filename' | 'shot') {
  return connection.select<Row>({
    sql: `SELECT ${column} FROM giallo_frames WHERE push = {push:UInt64} ORDER BY frame`,
    parameters: { push },
  });
}
