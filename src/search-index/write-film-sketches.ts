/** Makes a film's sketch file from its rows file. */
import { squaredNormRange } from '../ranking/rows.js';
import { openFilmRows } from './film-rows.js';
import { checkKey, checkOf, type SketchesMeta, sketchesKind } from './film-sketches.js';
import { damaged } from './section-file.js';
import { createSectionFile } from './section-writer.js';
import { type RowSketcher, sketchBlockRows } from './sketch.js';

/**
 * Writes the sketches of the film whose rows file is at `rowsPath`; a film without frames needs no sketcher. Errors:
 * `index-damaged`, `file-unwritable`.
 */
export function writeFilmSketches(rowsPath: string, path: string, sketcher: RowSketcher | undefined): void {
  const rows = openFilmRows(rowsPath);
  if (!rows) throw damaged(rowsPath, 'found none');
  const { film, fingerprint, frames, dim, zero, nonFinite, warnings } = rows.facts;
  const writer = createSectionFile<SketchesMeta>(path, sketchesKind);
  try {
    const squaredNorms = rows.squaredNorms();
    const key = checkKey(sketcher?.width ?? 0);
    const checks = new Int32Array(frames);
    const remainders = new Float32Array(frames);
    const values = new Float32Array(sketchBlockRows * dim);
    let coding = 0;
    for (let first = 0; sketcher && first < frames; first += sketchBlockRows) {
      const count = Math.min(sketchBlockRows, frames - first);
      rows.readRows(first, values.subarray(0, count * dim));
      const sketches = sketcher.sketch(
        values.subarray(0, count * dim),
        squaredNorms.subarray(first, first + count),
      );
      const { codes } = sketches;
      for (let row = 0; row < count; row++) checks[first + row] = checkOf(codes, row, key);
      remainders.set(sketches.remainders, first);
      coding = Math.max(coding, sketches.coding);
      writer.append('codes', bytesOf(codes), 'unchecked');
    }
    writer.append('remainders', bytesOf(remainders));
    writer.append('checks', bytesOf(checks));
    const facts = { film, fingerprint, frames, dim, zero, nonFinite, warnings };
    const basis = sketcher?.basis ?? null;
    const measures = { squaredNorms: squaredNormRange(squaredNorms), leftover: meanSquare(remainders) };
    writer.finish({ ...facts, ...measures, basis, width: key.length, coding });
  } finally {
    writer.abandon();
    rows.close();
  }
}

/** Over rows that have a direction. */
function meanSquare(remainders: Float32Array): number {
  const used = remainders.filter((remainder) => remainder > 0);
  return used.length === 0
    ? 0
    : used.reduce((sum, remainder) => sum + remainder * remainder, 0) / used.length;
}

function bytesOf({ buffer, byteOffset, byteLength }: Int16Array | Int32Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
