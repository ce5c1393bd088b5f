/** The file of a basis: its vectors, and an id that the sketches made with it refer to. */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { paddedDim } from '../kernel/scalar.js';
import type { Basis } from './basis.js';
import { damaged, openSectionFile, type SectionFile } from './section-file.js';
import { createSectionFile } from './section-writer.js';

/** What a basis file says of its vectors, beside the vectors themselves; as in `Basis`. */
export interface BasisMeta {
  readonly dim: number;
  readonly width: number;
  readonly delta: number;
  readonly leftover: number;
}

const kind = 'basis';

/** Writes a basis into the folder of an index and returns its id. Errors: `file-unwritable`. */
export function writeBasis(folder: string, { dim, vectors, delta, leftover }: Basis): string {
  const { values, rows } = vectors;
  const id = idOf({ dim, width: rows }, crc32(values));
  const writer = createSectionFile<BasisMeta>(basisPath(folder, id), kind);
  try {
    writer.append('vectors', values);
    writer.finish({ dim, width: rows, delta, leftover });
  } finally {
    writer.abandon();
  }
  return id;
}

function idOf({ dim, width }: Pick<BasisMeta, 'dim' | 'width'>, vectorsCrc32: number | undefined): string {
  return `${dim}-${width}-${vectorsCrc32?.toString(16).padStart(8, '0')}`;
}

/** The basis of an id; undefined if it is not there. Errors: `index-damaged`, `file-unreadable`. */
export function readBasis(folder: string, id: string): Basis | undefined {
  const file = openBasis(folder, id);
  if (!file) return undefined;
  try {
    const { dim, width, delta, leftover } = file.meta;
    const values = new Float32Array(file.read('vectors').buffer);
    return { dim, delta, leftover, vectors: { rows: width, columns: paddedDim(dim), values } };
  } finally {
    file.close();
  }
}

/** What is known of a basis without its vectors, which are megabytes. Errors and undefined: as `readBasis`. */
export function readBasisMeta(folder: string, id: string): BasisMeta | undefined {
  const file = openBasis(folder, id);
  file?.close();
  return file?.meta;
}

/** A whole file of another basis under this name counts as damaged: sketches mean nothing with it. */
function openBasis(folder: string, id: string): SectionFile<BasisMeta> | undefined {
  const path = basisPath(folder, id);
  const file = openSectionFile<BasisMeta>(path, kind);
  if (!file || idOf(file.meta, file.storedCrc32('vectors')) === id) return file;
  file.close();
  throw damaged(path, 'it is another basis');
}

/** Where a basis lies. */
export function basisPath(folder: string, id: string): string {
  return join(folder, `${id}.basis`);
}
