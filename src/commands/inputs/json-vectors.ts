/** Vectors written as JSON: one array of numbers, an array of such arrays, or one a line. */
import { GialloError } from '../../errors.js';

/** The vectors in `text`, each rounded to float32 once. Errors: `input-malformed`, naming the vector and the number. */
export function parseJsonVectors(text: string, place: string): Float32Array[] {
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
