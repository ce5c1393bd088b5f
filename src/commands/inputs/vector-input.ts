/**
 * The vectors of `giallo search --vector`: .npy, .npz, raw bytes or JSON (one array of numbers, an array of such arrays,
 * or one a line), from a file or stdin.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { openVectors, type VectorOptions } from '../../collection/film.js';
import { readAllRows } from '../../collection/held-rows.js';
import { fileError, GialloError } from '../../errors.js';
import type { Io } from '../../io.js';

/**
 * The rows of the input, each [dim], rounded to float32. What it is shows in its first bytes; raw little-endian float32
 * has to be said, and is one vector. Errors: `input-malformed`, and those of reading arrays.
 */
export async function readVectors(
  io: Io,
  file: string,
  isRaw: boolean,
  options: VectorOptions = {},
): Promise<Float32Array[]> {
  return vectorsIn(await readBytes(io, file), file === '-' ? 'stdin' : file, isRaw, options);
}

/** The same for bytes that came from `place`. Errors: as `readVectors`. */
export async function vectorsIn(
  bytes: Buffer,
  place: string,
  isRaw: boolean,
  options: VectorOptions = {},
): Promise<Float32Array[]> {
  if (bytes.length === 0)
    throw new GialloError('input-malformed', `${place}: expected a vector, found nothing`);
  if (isRaw) return [rawVector(bytes, place)];
  if (startsWith(bytes, '\x93NUMPY')) return arrayVectors(bytes, 'npy', place, options);
  if (startsWith(bytes, 'PK')) return arrayVectors(bytes, 'npz', place, options);
  if (bytes.length > maxJsonBytes) {
    const message = `${place}: JSON of ${bytes.length} bytes; at most ${maxJsonBytes} are read`;
    throw new GialloError('size-absurd', message, { hint: 'save the vectors as an .npy' });
  }
  return parseJsonVectors(bytes.toString('utf8'), place);
}

/** JSON is parsed as one string, which cannot be much longer. */
const maxJsonBytes = 1 << 28;

async function readBytes(io: Io, file: string): Promise<Buffer> {
  try {
    if (file !== '-') return await readFile(file);
    const chunks: Buffer[] = [];
    for await (const chunk of addAbortSignal(io.signal, io.stdin)) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  } catch (error) {
    io.signal.throwIfAborted();
    throw fileError('read', file === '-' ? 'stdin' : file, error);
  }
}

function startsWith(bytes: Buffer, magic: string): boolean {
  return bytes.subarray(0, magic.length).equals(Buffer.from(magic, 'latin1'));
}

function rawVector(bytes: Buffer, place: string): Float32Array {
  if (bytes.length % 4 !== 0) {
    throw new GialloError(
      'input-malformed',
      `${place}: expected float32 numbers of 4 bytes, found ${bytes.length} bytes`,
    );
  }
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
}

/** The reader takes files: what came through a pipe becomes one for a moment. */
async function arrayVectors(
  bytes: Buffer,
  ending: 'npy' | 'npz',
  place: string,
  options: VectorOptions = {},
): Promise<Float32Array[]> {
  const folder = await mkdtemp(join(tmpdir(), 'giallo-query-'));
  const path = join(folder, `query.${ending}`);
  try {
    await writeFile(path, bytes);
    const film = await openVectors({ name: place, path }, options);
    try {
      if (film.frames === 0)
        throw new GialloError('input-malformed', `${place}: expected a vector, found none`);
      const values = await readAllRows(film);
      return Array.from({ length: film.frames }, (_, row) =>
        values.slice(row * film.dim, (row + 1) * film.dim),
      );
    } finally {
      await film.close();
    }
  } catch (error) {
    if (!(error instanceof GialloError)) throw error;
    throw new GialloError(error.code, error.message.replaceAll(path, place), {
      hint: error.hint,
      cause: error,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The vectors in `text`, each rounded to float32 once. Errors: `input-malformed`, naming the vector and the number. */
function parseJsonVectors(text: string, place: string): Float32Array[] {
  const values = parseValues(text, place);
  const rows = values.length === 1 && isArrayOfArrays(values[0]) ? values[0] : values;
  const vectors = rows.map((row, i) => vectorOf(row, rows.length === 1 ? place : `${place}: vector ${i}`));
  const dim = vectors[0]?.length;
  const odd = vectors.findIndex((vector) => vector.length !== dim);
  if (odd < 0) return vectors;
  const found = `vector ${odd} has ${vectors[odd].length}`;
  throw new GialloError(
    'input-malformed',
    `${place}: expected vectors of ${dim} numbers like the first, ${found}`,
  );
}

function parseValues(written: string, place: string): unknown[] {
  const text = written.replace(/^\ufeff/, ''); // as PowerShell writes it
  try {
    return [JSON.parse(text)];
  } catch (whole) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line) => JSON.parse(line));
    } catch {
      // The first reading's complaint is about the input as it was meant.
    }
    throw new GialloError(
      'input-malformed',
      `${place}: expected .npy, .npz or JSON, found neither (${(whole as Error).message})`,
      {
        hint: '--raw reads little-endian float32 bytes',
      },
    );
  }
}

function isArrayOfArrays(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.length > 0 && value.every(Array.isArray);
}

function vectorOf(row: unknown, place: string): Float32Array {
  if (!Array.isArray(row) || row.length === 0) {
    throw new GialloError(
      'input-malformed',
      `${place}: expected an array of numbers, found ${JSON.stringify(row)?.slice(0, 40)}`,
    );
  }
  return Float32Array.from(row, (value: unknown, i) => {
    if (typeof value === 'number') return value;
    throw new GialloError(
      'input-malformed',
      `${place}: expected a number at position ${i}, found ${JSON.stringify(value)}`,
    );
  });
}
