/**
 * The vectors of `giallo search --vector`: .npy, .npz, raw bytes or JSON (one array of numbers, an array of such
 * arrays, or one a line), from a file or stdin.
 */
import { stat } from 'node:fs/promises';
import { openVectors, type VectorOptions } from '../../collection/film.js';
import { fileError, GialloError } from '../../errors.js';
import { inputStream } from '../../files/input-stream.js';
import type { Io } from '../../io.js';
import { type ByteSource, openSettledByteSource, sourceOfBytes } from '../../npz/byte-source.js';
import { otherFormatError, signatureLength } from '../../npz/other-formats.js';
import { isUtf16, notUtf8 } from '../../npz/text-file.js';
import { startOfJson } from '../../word-lists.js';

/**
 * The rows of the input, each [dim], rounded to float32. The first bytes tell the format, except for raw little-endian
 * float32, which an option must name and which is one vector. Errors: `input-malformed`, `usage` for an `.npy` that is
 * named as raw, and those of reading arrays.
 */
export async function readQueryVectors(
  io: Io,
  file: string,
  isRaw: boolean,
  options: VectorOptions = {},
): Promise<Float32Array[]> {
  return vectorsFrom(await openInput(io, file), isRaw, options);
}

/** The same for bytes in memory; `place` names their origin in errors. Errors: as `readQueryVectors`. */
export async function vectorsIn(bytes: Buffer, place: string, isRaw: boolean): Promise<Float32Array[]> {
  return vectorsFrom(sourceOfBytes(bytes, place), isRaw, {});
}

async function vectorsFrom(
  source: ByteSource,
  isRaw: boolean,
  options: VectorOptions,
): Promise<Float32Array[]> {
  const { path: place, size } = source;
  try {
    if (size === 0) throw new GialloError('input-malformed', `${place}: expected a vector, found nothing`);
    const form = formOf(await source.read(0, Math.min(size, signatureLength)), place, isRaw);
    if (form) return await arrayVectors(source, form, options);
    if (!isRaw && size > maxJsonBytes) {
      const message = `${place}: JSON of ${size} bytes; at most ${maxJsonBytes} are read`;
      throw new GialloError('size-absurd', message, { hint: 'save the vectors as an .npy' });
    }
    const bytes = Buffer.from((await source.read(0, size)).buffer);
    await source.requireUnchanged();
    return isRaw ? [rawVector(bytes, place)] : parseJsonVectors(bytes, place);
  } finally {
    await source.close();
  }
}

/**
 * The form of arrays; undefined for JSON and numbers. Errors: `usage` for arrays that are named as raw;
 * `input-malformed` for what holds no vectors, such as a picture.
 */
function formOf(start: Uint8Array, place: string, isRaw: boolean): 'npy' | 'npz' | undefined {
  const head = Buffer.from(start.subarray(0, 6)).toString('latin1');
  const isArchive = head.startsWith(isRaw ? 'PK\x03\x04' : 'PK');
  const form = head === '\x93NUMPY' ? 'npy' : isArchive ? 'npz' : undefined;
  if (form && isRaw) {
    const message = `${place}: an .${form}, not bare float32 numbers`;
    throw new GialloError('usage', message, { hint: 'leave out --raw' });
  }
  const found = `${place}: expected .npy, .npz or JSON, found`;
  const error = otherFormatError('input-malformed', found, start, 'JSON');
  if (!form && !isRaw && error) throw error;
  return form;
}

/** JSON is parsed as one string, and V8's strings cannot be much longer than this. */
const maxJsonBytes = 1 << 28;

/** Opens a file; reads a pipe, such as a shell's `<(encoder)`, into memory. */
async function openInput(io: Io, file: string): Promise<ByteSource> {
  const place = file === '-' ? 'stdin' : file;
  try {
    if (file !== '-' && (await stat(file)).isFile()) return await openSettledByteSource(file);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of await inputStream(io, file)) {
      length += chunk.length;
      if (length > maxStreamBytes) throw endlessVector(place);
      chunks.push(Buffer.from(chunk));
    }
    return sourceOfBytes(Buffer.concat(chunks), place);
  } catch (error) {
    io.signal.throwIfAborted();
    throw fileError('read', place, error);
  }
}

/** The most bytes that are read from a pipe into memory. */
export const maxStreamBytes = 1 << 28;

/** The error for a pipe with more than `maxStreamBytes`. */
export function endlessVector(place: string): GialloError {
  const message = `${place}: a vector of more than ${maxStreamBytes} bytes, or without an end`;
  return new GialloError('size-absurd', message, { hint: 'save many vectors as an .npy, and name the file' });
}

async function arrayVectors(
  source: ByteSource,
  form: 'npy' | 'npz',
  options: VectorOptions,
): Promise<Float32Array[]> {
  const film = await openVectors(source, form, options).catch((error) => {
    throw source.isInMemory ? withoutLine(error) : error;
  });
  if (film.frames === 0)
    throw new GialloError('input-malformed', `${film.path}: expected a vector, found none`);
  const vectors: Float32Array[] = [];
  let tooLarge = 0;
  for await (const { rows, values, becameInfinite } of film.readBlocks()) {
    tooLarge += becameInfinite;
    for (let row = 0; row < rows; row++) vectors.push(values.slice(row * film.dim, (row + 1) * film.dim));
  }
  if (tooLarge > 0) {
    const found = tooLarge === 1 ? '1 that is not' : `${tooLarge} that are not`;
    const message = `${film.path}: expected numbers within the range of float32, found ${found}`;
    throw new GialloError('input-malformed', message);
  }
  return vectors;
}

/** For a pipe: the error without the hint of a Python line, which can mend only a file. */
function withoutLine(error: unknown): unknown {
  if (!(error instanceof GialloError) || !error.hint?.includes(' run: ')) return error;
  const hint = 'save it in a file, and name the file with --vector: giallo then prints a line that mends it';
  return new GialloError(error.code, error.message, { hint, cause: error });
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

/** The vectors in a text, each rounded to float32 once. Errors: `input-malformed`, naming the vector and the number. */
function parseJsonVectors(bytes: Buffer, place: string): Float32Array[] {
  if (isUtf16(bytes)) {
    throw notUtf8('input-malformed', place, bytes, place === 'stdin');
  }
  const values = parseValues(bytes.toString('utf8'), place);
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

const jsonHint = 'a vector in JSON is an array, such as [0.5, -0.25]';

function parseValues(written: string, place: string): unknown[] {
  const text = written.replace(/^\ufeff/, ''); // as PowerShell writes it
  try {
    return [JSON.parse(text)];
  } catch (whole) {
    const lines = text.split(/[\r\n]/).filter((line) => line.trim() !== '');
    try {
      if (lines.length > 1) return lines.map((line) => JSON.parse(line));
    } catch {
      // The first error is about the format that was probably meant.
    }
    throw new GialloError(
      'input-malformed',
      `${place}: expected .npy, .npz or JSON, found neither (${(whole as Error).message})`,
      {
        hint: /^[\t-~]*$/.test(text) ? jsonHint : '--raw reads little-endian float32 bytes',
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
      `${place}: expected an array of numbers, found ${startOfJson(row)}`,
      {
        hint: typeof row === 'number' ? jsonHint : hintOfObject(row),
      },
    );
  }
  return Float32Array.from(row, (value: unknown, i) => {
    const isNumber = typeof value === 'number';
    if (isNumber && Number.isFinite(Math.fround(value))) return value;
    const expected = isNumber ? 'a number within the range of float32' : 'a number';
    const found = isNumber ? value : startOfJson(value);
    const message = `${place}: expected ${expected} at position ${i}, found ${found}`;
    throw new GialloError('input-malformed', message, { hint: hintOfObject(value) });
  });
}

/** The hint for JSON objects: films as `convert` writes them, and answers of embedding servers. */
function hintOfObject(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return "take the vectors out of the objects, as with: jq -c '.. | arrays | select(.[0] | numbers)'";
}
