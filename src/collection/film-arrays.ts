/**
 * Which arrays of an archive are the vectors and the names, and what their shapes mean: by key, else the only array
 * that can be meant.
 */
import { GialloError } from '../errors.js';
import { type ArrayFile, readableArrays, type StoredArray, shapeText } from '../npz/array-file.js';
import { isFloating } from '../npz/dtypes.js';
import { elementCount } from '../npz/header.js';

export interface ReadingOptions {
  /** The array that holds the vectors; without it `embeddings`, else the only one that can be meant. */
  readonly embeddingsKey?: string | undefined;
  /** The array that holds the names; without it `filenames`, else the only one that can be meant. */
  readonly filenamesKey?: string | undefined;
  /** What two bytes of void are. */
  readonly assume?: 'bfloat16' | undefined;
}

export interface ChosenArrays {
  readonly embeddings: StoredArray;
  /** Undefined where the archive has no names. */
  readonly filenames: StoredArray | undefined;
  readonly frames: number;
  readonly dim: number;
}

/**
 * Chooses the arrays and checks that their shapes agree. Errors: `array-missing`, `shape-mismatch`, and the array's
 * own where one that is needed has no readable header.
 */
export function chooseArrays(file: ArrayFile, options: ReadingOptions): ChosenArrays {
  const embeddings = chooseEmbeddings(file, options.embeddingsKey);
  const others = readableArrays(file).filter((array) => array !== embeddings);
  const rows = matrixShape(embeddings.header.shape);
  const expectedNames = rows?.[0] ?? Math.min(1, elementCount(embeddings.header.shape));
  const filenames = chooseFilenames(file, others, options.filenamesKey, expectedNames);
  const [frames, dim] = rows ?? singleFrame(embeddings, filenames);
  if (frames > 0 && dim === 0) throw badShape(embeddings, 'vectors of at least one number were expected');
  if (filenames !== undefined && isNameList(filenames)) {
    const names = elementCount(filenames.header.shape);
    if (names !== frames) {
      const message = `${file.path}: one name a frame was expected, found ${names} names for ${frames} frames`;
      throw new GialloError('shape-mismatch', message);
    }
  }
  return { embeddings, filenames, frames, dim };
}

function chooseEmbeddings(file: ArrayFile, key: string | undefined): StoredArray {
  const named = byKey(file, key, 'embeddings');
  if (named !== undefined) return named;
  const matrices = readableArrays(file).filter(
    ({ header }) => (matrixShape(header.shape)?.length ?? 0) === 2,
  );
  const tiers = [
    matrices.filter(({ dtype }) => dtype.kind === 'number' && isFloating(dtype.layout)),
    matrices.filter(({ dtype }) => dtype.kind === 'number'),
    matrices.filter(({ dtype }) => dtype.kind === 'unsupported'),
  ];
  const candidates = tiers.find((tier) => tier.length > 0) ?? [];
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  throw notTheOne(file, 'one 2-D array of numbers', '--embeddings-key', candidates);
}

/** Names are looked for among arrays that have as many as there are rows; an archive may have none. */
function chooseFilenames(
  file: ArrayFile,
  others: readonly StoredArray[],
  key: string | undefined,
  expectedNames: number,
): StoredArray | undefined {
  const named = byKey(file, key, 'filenames');
  if (named !== undefined) return named;
  const lists = others.filter(({ header }) => header.shape.length === 1 && header.shape[0] === expectedNames);
  const tiers = [
    lists.filter(({ dtype }) => dtype.kind === 'unicode' || dtype.kind === 'bytes'),
    lists.filter(({ dtype }) => dtype.kind === 'object'),
  ];
  const candidates = tiers.find((tier) => tier.length > 0) ?? [];
  if (candidates.length > 1) {
    throw notTheOne(file, 'one 1-D array of strings', '--filenames-key', candidates);
  }
  return candidates[0];
}

/** The array of a key: one that was asked for must be there, the usual one may be. */
function byKey(file: ArrayFile, asked: string | undefined, usual: string): StoredArray | undefined {
  const array = file.arrays.get(asked ?? usual);
  if (array instanceof GialloError) throw array;
  if (array === undefined && asked !== undefined) {
    const message = `${file.path}: an array named ${asked} was expected, found ${listed(file.arrays.keys())}`;
    throw new GialloError('array-missing', message);
  }
  return array;
}

function notTheOne(
  file: ArrayFile,
  expected: string,
  flag: string,
  candidates: readonly StoredArray[],
): GialloError {
  const found = listed(candidates.length > 0 ? candidates.map(({ name }) => name) : file.arrays.keys());
  const message = `${file.path}: ${expected} was expected, found ${found}`;
  return new GialloError('array-missing', message, { hint: `${flag} <name> says which array it is` });
}

function listed(names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return 'no arrays';
  const shown = all.slice(0, 10).join(', ');
  return all.length > 10 ? `${shown} and ${all.length - 10} more` : shown;
}

/** 2-D is taken as it is; of more axes, axes of 1 after the first are dropped until two are left. */
function matrixShape(shape: readonly number[]): readonly [number, number] | undefined {
  const axes = [...shape];
  for (let axis = axes.length - 1; axis > 0 && axes.length > 2; axis--) {
    if (axes[axis] === 1) axes.splice(axis, 1);
  }
  const [rows, columns] = axes;
  return axes.length === 2 && rows !== undefined && columns !== undefined ? [rows, columns] : undefined;
}

/** (D,) is one frame where there is one name or none; (0,) is what numpy makes of an empty list. */
function singleFrame(
  embeddings: StoredArray,
  filenames: StoredArray | undefined,
): readonly [frames: number, dim: number] {
  const [length, ...more] = embeddings.header.shape;
  if (length === undefined || more.length > 0) {
    throw badShape(embeddings, 'a shape (frames, numbers) was expected');
  }
  if (length === 0) return [0, 0];
  const names = filenames === undefined ? 1 : elementCount(filenames.header.shape);
  if (names !== 1) throw badShape(embeddings, `${names} vectors were expected, one for each name`);
  return [1, length];
}

/** Whether an array has one element a name; a pickled object of any other kind has the shape (). */
function isNameList({ header, dtype }: StoredArray): boolean {
  return !(dtype.kind === 'object' && header.shape.length === 0);
}

function badShape({ place, header }: StoredArray, expected: string): GialloError {
  return new GialloError('shape-mismatch', `${place}: ${expected}, found ${shapeText(header.shape)}`);
}
