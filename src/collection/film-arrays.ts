/**
 * Which arrays of an archive are the vectors and the names, and what their shapes mean: by key, else the only array
 * that can be meant.
 */
import { GialloError } from '../errors.js';
import {
  type ArrayFile,
  checkExactSize,
  readableArrays,
  type StoredArray,
  shapeText,
} from '../npz/array-file.js';
import { isFloating, type NumberType, type RecordType } from '../npz/dtypes.js';
import { elementCount } from '../npz/header.js';
import { objectsAsArraysLine, recordsAsArraysLine, vectorsAsRowsLine } from '../npz/python-lines.js';
import { firstOf } from '../word-lists.js';
import { namesForFrames } from './film-warning.js';
import { isArrayFile } from './names.js';

export interface ReadingOptions {
  /** The array that holds the vectors; without it `embeddings`, else the only one that can be meant. */
  readonly embeddingsKey?: string | undefined;
  /** The array that holds the names; without it `filenames`, else the only one that can be meant. */
  readonly filenamesKey?: string | undefined;
  /** The type of elements that are two bytes of void, which numpy cannot name. */
  readonly assume?: 'bfloat16' | undefined;
}

export interface ChosenArrays {
  readonly embeddings: StoredArray;
  /** The type of the embeddings. */
  readonly dtype: NumberType;
  /** Undefined if the archive has no names. */
  readonly filenames: StoredArray | undefined;
  readonly frames: number;
  readonly dim: number;
}

/**
 * Chooses the arrays and checks that their shapes agree. Errors: `array-missing`, `shape-mismatch`, and the array's
 * own where one that is needed has no readable header.
 */
export function chooseArrays(file: ArrayFile, options: ReadingOptions): ChosenArrays {
  const embeddings = chooseEmbeddings(file, options);
  const dtype = numberType(file, embeddings, { namesKey: options.filenamesKey });
  const others = readableArrays(file).filter((array) => array !== embeddings);
  const rows = matrixShape(embeddings.header.shape);
  const expectedNames = rows?.[0] ?? Math.min(1, elementCount(embeddings.header.shape));
  const filenames = chooseFilenames(file, others, options.filenamesKey, expectedNames);
  const [frames, dim] = rows ?? singleFrame(embeddings, filenames);
  requireNumbers(embeddings, frames, dim);
  if (filenames !== undefined && isNameList(filenames)) {
    const names = elementCount(filenames.header.shape);
    if (names !== frames) {
      throw new GialloError('shape-mismatch', `${file.path}: ${namesForFrames(names, frames)}`);
    }
  }
  return { embeddings, dtype, filenames, frames, dim };
}

/**
 * The array of a question that has no names: one vector, or several as rows. Its only fitting array, where several fit
 * the one called `embeddings`, or the one of `key`. Errors: as `chooseArrays`.
 */
export function chooseVectors(file: ArrayFile, key: string | undefined): Omit<ChosenArrays, 'filenames'> {
  const flag = '--vector-key';
  const embeddings =
    (key === undefined ? onlyVectors(file) : undefined) ??
    chooseEmbeddings(file, { embeddingsKey: key }, flag);
  const dtype = numberType(file, embeddings, { flag });
  const [frames, dim] = matrixShape(embeddings.header.shape) ?? singleFrame(embeddings, undefined);
  requireNumbers(embeddings, frames, dim);
  return { embeddings, dtype, frames, dim };
}

function onlyVectors(file: ArrayFile): StoredArray | undefined {
  refuseSparse(file);
  const fitting = readableArrays(file).filter(
    ({ header, dtype }) =>
      dtype.kind === 'number' && (header.shape.length === 1 || matrixShape(header.shape) !== undefined),
  );
  const candidates = firstFilled(
    fitting.filter(({ dtype }) => dtype.kind === 'number' && isFloating(dtype.layout)),
    fitting,
  );
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  if (candidates.length === 0) return undefined;
  const named = candidates.find(({ name }) => name === 'embeddings');
  if (named) return named;
  throw arrayChoiceError(file, 'several arrays may be the vectors', '--vector-key', candidates);
}

function chooseEmbeddings(
  file: ArrayFile,
  { embeddingsKey, filenamesKey }: ReadingOptions,
  flag = '--embeddings-key',
): StoredArray {
  const named = byKey(file, embeddingsKey, 'embeddings');
  if (named !== undefined) return named;
  refuseSparse(file);
  const arrays = readableArrays(file).filter(({ name }) => name !== (filenamesKey ?? 'filenames'));
  const matrices = arrays.filter(({ header }) => matrixShape(header.shape) !== undefined);
  const candidates = firstFilled(
    matrices.filter(({ dtype }) => dtype.kind === 'number' && isFloating(dtype.layout)),
    matrices.filter(({ dtype }) => dtype.kind === 'number'),
    matrices.filter(({ dtype }) => dtype.kind === 'unsupported'),
    // Chosen to be refused with its cause.
    arrays.filter(({ dtype }) => dtype.kind === 'records' || dtype.kind === 'object'),
  );
  const [only] = candidates;
  if (only !== undefined && candidates.length === 1) return only;
  const problem = [...file.arrays.values()].find((array) => array instanceof GialloError);
  if (only === undefined && problem) throw problem;
  const asRows = areVectors(arrays)
    ? `to save them as rows, run: ${vectorsAsRowsLine(file.path, filenamesKey ?? 'filenames')}`
    : undefined;
  if (only === undefined) throw arrayChoiceError(file, 'no 2-D array of numbers', flag, candidates, asRows);
  const isFrameEach = asRows !== undefined && arrays.length === file.arrays.size;
  const hint = isFrameEach ? `name the array with ${flag} <name>; if each is a frame, ${asRows}` : undefined;
  throw arrayChoiceError(file, 'several arrays may be the vectors', flag, candidates, hint);
}

/**
 * Errors: `array-missing` for a sparse matrix, as `scipy.sparse.save_npz` and `sparse.save_npz` write it. Its arrays are
 * not its rows, though one of them may have two axes.
 */
function refuseSparse({ path, arrays }: ArrayFile): void {
  const has = (name: string) => arrays.has(name);
  const hasPlaces = ['indices', 'row', 'offsets', 'coords'].some(has);
  if (!has('data') || !has('shape') || !hasPlaces || !(has('format') || has('fill_value'))) return;
  const rows = has('format') ? 'scipy.sparse.load_npz(path).toarray()' : 'sparse.load_npz(path).todense()';
  const hint = `save its rows with numpy.savez: embeddings=${rows}`;
  const message = `${path}: a sparse matrix, found ${listed(arrays.keys())}`;
  throw new GialloError('array-missing', message, { hint });
}

/** Whether each array is a vector of its own, (D,) or (1, D), as of an archive of one array a frame. */
function areVectors(arrays: readonly StoredArray[]): boolean {
  const shape = arrays[0]?.header.shape ?? [];
  return (
    arrays.length > 1 &&
    elementCount(shape) === shape.at(-1) &&
    arrays.every(
      ({ header, dtype }) =>
        dtype.kind === 'number' && isFloating(dtype.layout) && header.shape.join() === shape.join(),
    )
  );
}

function firstFilled(...tiers: (readonly StoredArray[])[]): readonly StoredArray[] {
  return tiers.find((tier) => tier.length > 0) ?? [];
}

/** The type of the vectors; `dtype-unsupported` with the cause and, if there is one, the line that mends it. */
function numberType(
  file: ArrayFile,
  array: StoredArray,
  { namesKey = 'filenames', flag = '--embeddings-key' } = {},
): NumberType {
  const { dtype, place } = array;
  if (dtype.kind === 'number') return dtype;
  checkExactSize(array);
  const refuse = (found: string, hint: string) =>
    new GialloError('dtype-unsupported', `${place}: not vectors of numbers, found ${found}`, { hint });
  if (dtype.kind === 'records')
    throw refuse(dtype.label, recordsHint(array, dtype, file.arrays.has(namesKey)));
  if (dtype.kind === 'unsupported') throw refuse(dtype.label, dtype.hint);
  if (dtype.kind !== 'object') {
    const hasNumbers = readableArrays(file).some((other) => other.dtype.kind === 'number');
    const asNumbers = 'save the vectors as numbers, not as text: array.astype(numpy.float32)';
    throw refuse(dtype.label, hasNumbers ? `name another array with ${flag}` : asNumbers);
  }
  const pickled = 'Python objects as a pickle, which giallo never runs';
  throw refuse(pickled, objectsHint(array, file.arrays.has(namesKey)));
}

function objectsHint(array: StoredArray, hasNames: boolean): string {
  const isOne = array.header.shape.length === 0;
  const holds = isOne ? 'it holds a dict or a matrix' : 'its vectors are equally long';
  return `if you trust the file and ${holds}, run: ${objectsAsArraysLine(array, hasNames)}`;
}

/**
 * In records, one field is the vectors, or each field of floats is a column; one field of strings is the names. Only
 * Python can tell what fields of objects hold, such as pandas makes.
 */
function recordsHint(array: StoredArray, { fields }: RecordType, hasNames: boolean): string {
  const numbers = fields.filter(({ dtype }) => dtype.kind === 'number');
  const vectors = numbers.filter(({ shape }) => shape.length > 0);
  const columns = numbers.filter(({ dtype }) => dtype.kind === 'number' && isFloating(dtype.layout));
  if (fields.some(({ dtype }) => dtype.kind === 'object')) return objectsHint(array, hasNames);
  const taken = (vectors.length > 0 ? vectors : columns).map(({ name }) => name);
  if (taken.length === 0 || vectors.length > 1) return 'save the vectors as an array of their own';
  const texts = fields.filter(({ dtype }) => dtype.kind === 'unicode' || dtype.kind === 'bytes');
  const named = texts.filter(({ name }) => /name|file|path/i.test(name));
  const names = hasNames ? undefined : [named, texts].find(({ length }) => length === 1);
  const line = recordsAsArraysLine(array, taken, names?.[0].name);
  return `to save its fields as arrays, with ${firstOf(taken, 10)} as the vectors, run: ${line}`;
}

/** Names are looked for among arrays that have as many as there are rows; an archive may have none. */
function chooseFilenames(
  file: ArrayFile,
  others: readonly StoredArray[],
  key: string | undefined,
  expectedNames: number,
): StoredArray | undefined {
  // Keys are for archives: a bare array has its names in a file beside it.
  if (isArrayFile(file.path)) return undefined;
  const named = byKey(file, key, 'filenames');
  if (named !== undefined) return named;
  const lists = others.filter(({ header }) => header.shape.length === 1 && header.shape[0] === expectedNames);
  const candidates = firstFilled(
    lists.filter(({ dtype }) => dtype.kind === 'unicode' || dtype.kind === 'bytes'),
    lists.filter(({ dtype }) => dtype.kind === 'object'),
  );
  if (candidates.length > 1) {
    throw arrayChoiceError(file, 'several arrays may be the names', '--filenames-key', candidates);
  }
  return candidates[0];
}

/** The array of a key: one that was asked for must be there, the usual one may be. */
function byKey(file: ArrayFile, asked: string | undefined, usual: string): StoredArray | undefined {
  const array = file.arrays.get(asked ?? usual);
  if (array instanceof GialloError) throw array;
  if (array === undefined && asked !== undefined) {
    const message = `${file.path}: no array named ${asked}, found ${listed(file.arrays.keys())}`;
    throw new GialloError('array-missing', message);
  }
  return array;
}

function arrayChoiceError(
  file: ArrayFile,
  problem: string,
  flag: string,
  candidates: readonly StoredArray[],
  hint = file.arrays.size > 0 ? `name the array with ${flag} <name>` : 'save arrays into it with numpy.savez',
): GialloError {
  const found = listed(candidates.length > 0 ? candidates.map(({ name }) => name) : file.arrays.keys());
  const message = `${file.path}: ${problem}, found ${found}`;
  return new GialloError('array-missing', message, { hint });
}

function listed(names: Iterable<string>): string {
  return firstOf(names, 10) || 'no arrays';
}

/** Two axes are used unchanged. Of more axes, those of length 1 after the first are dropped until two are left. */
function matrixShape(shape: readonly number[]): readonly [number, number] | undefined {
  const axes = [...shape];
  for (let axis = axes.length - 1; axis > 0 && axes.length > 2; axis--) {
    if (axes[axis] === 1) axes.splice(axis, 1);
  }
  const [rows, columns] = axes;
  return axes.length === 2 && rows !== undefined && columns !== undefined ? [rows, columns] : undefined;
}

/** (D,) is one frame if there is at most one name. numpy makes (0,) of an empty list. */
function singleFrame(
  embeddings: StoredArray,
  filenames: StoredArray | undefined,
): readonly [frames: number, dim: number] {
  const [length, ...more] = embeddings.header.shape;
  if (length === undefined || more.length > 0) {
    throw badShape(embeddings, 'vectors need a shape (frames, numbers)');
  }
  if (length === 0) return [0, 0];
  const names = filenames === undefined ? 1 : elementCount(filenames.header.shape);
  if (names !== 1) throw badShape(embeddings, `${names} names need as many vectors`);
  return [1, length];
}

function requireNumbers(embeddings: StoredArray, frames: number, dim: number): void {
  if (frames > 0 && dim === 0) throw badShape(embeddings, 'vectors need at least one number');
}

/** Whether an array has one element a name; a pickled object of any other kind has the shape (). */
function isNameList({ header, dtype }: StoredArray): boolean {
  return !(dtype.kind === 'object' && header.shape.length === 0);
}

function badShape({ place, header }: StoredArray, problem: string): GialloError {
  return new GialloError('shape-mismatch', `${place}: ${problem}, found ${shapeText(header.shape)}`);
}
