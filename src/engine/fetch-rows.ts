/** Rows by their place, with their vectors as they were pushed, to the bit. */
import { GialloError } from '../errors.js';
import type { Connection } from './connection.js';

/** A row's place in the engine. */
interface RowPlace {
  readonly push: string;
  readonly index: number;
}

/** Bytes of vectors in one answer, and rows whose places fit an address line. */
const batchBytes = 32 * 2 ** 20;
const batchRows = 1000;
/** `push` and `frame` of an answer's row. */
const rowHeadBytes = 12;

/**
 * The vectors of `places`, each [dim] in new memory, once and in any order. Errors: those of the connection;
 * `engine-mismatch` if rows are missing, as after the film was pushed again.
 */
export async function* fetchVectors<Place extends RowPlace>(
  connection: Connection,
  places: readonly Place[],
  dim: number,
): AsyncGenerator<{ readonly place: Place; readonly vector: Float32Array }> {
  const perBatch = Math.max(1, Math.min(batchRows, Math.floor(batchBytes / (dim * 4))));
  for (let start = 0; start < places.length; start += perBatch) {
    const batch = places.slice(start, start + perBatch);
    const byKey = new Map(batch.map((place) => [keyOf(place), place]));
    const bytes = await connection.selectBytes({
      sql: `SELECT push, frame, vector FROM giallo_frames
          WHERE (push, frame) IN {places:Array(Tuple(UInt64, UInt32))} FORMAT RowBinary`,
      parameters: { places: placeList(batch) },
    });
    for (const { key, vector } of decode(bytes)) {
      const place = byKey.get(key);
      if (!place || vector.length !== dim) continue;
      byKey.delete(key);
      yield { place, vector };
    }
    if (byKey.size > 0) throw rowsGoneError(connection, byKey.size);
  }
}

/** The filenames of `places`, in their order. Errors: as `fetchVectors`. */
export async function fetchFilenames(connection: Connection, places: readonly RowPlace[]): Promise<string[]> {
  const names = new Map<string, string>();
  for (let start = 0; start < places.length; start += batchRows) {
    const rows = await connection.select<{ id: string; frame: number; filename: string }>({
      sql: `SELECT toString(push) AS id, frame, filename FROM giallo_frames
          WHERE (push, frame) IN {places:Array(Tuple(UInt64, UInt32))}`,
      parameters: { places: placeList(places.slice(start, start + batchRows)) },
    });
    for (const { id, frame, filename } of rows) names.set(keyOf({ push: id, index: frame }), filename);
  }
  return places.map((place) => {
    const name = names.get(keyOf(place));
    if (name === undefined) throw rowsGoneError(connection, 1);
    return name;
  });
}

function keyOf({ push, index }: RowPlace): string {
  return `${push}:${index}`;
}

function placeList(places: readonly RowPlace[]): string {
  return `[${places.map(({ push, index }) => `(${push},${index})`).join(',')}]`;
}

function rowsGoneError({ address }: Connection, rows: number): GialloError {
  return new GialloError(
    'engine-mismatch',
    `${address.label}: ${rows} rows were removed while the question was being answered`,
    { hint: 'a film was pushed again meanwhile; ask again' },
  );
}

/** `push` u64, `frame` u32, the vector as a LEB128 length and float32; one row after the other. */
function* decode(answer: Uint8Array): Generator<{ key: string; vector: Float32Array }> {
  const bytes = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
  for (let at = 0; at + rowHeadBytes <= bytes.length; ) {
    const key = keyOf({ push: String(bytes.readBigUInt64LE(at)), index: bytes.readUInt32LE(at + 8) });
    at += rowHeadBytes;
    let dim = 0;
    for (let shift = 0; at < bytes.length; shift += 7) {
      const digit = bytes[at++];
      dim |= (digit & 0x7f) << shift;
      if (digit < 0x80) break;
    }
    const end = at + dim * Float32Array.BYTES_PER_ELEMENT;
    // If an answer ends within a row, the caller finds the row missing.
    if (end > bytes.length) return;
    const vector = new Float32Array(dim);
    Buffer.from(vector.buffer).set(bytes.subarray(at, end));
    at = end;
    yield { key, vector };
  }
}
