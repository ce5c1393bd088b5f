/**
 * Tells by the first bytes what a file is that is neither an archive nor an array: people rename files, or save the
 * wrong one.
 */
import { type ErrorCode, GialloError } from '../errors.js';

/** How many bytes at the start of a file tell what it is. */
export const signatureLength = 64;

interface Format {
  /** The first bytes, one character a byte. */
  readonly starts: string | RegExp;
  readonly what: string;
  readonly hint: string;
}

const saveArrays = 'load it with the program that made it, and save its arrays with numpy.savez';
const makeEmbeddings = 'docs/your-own-films.md shows how to make embeddings from a video';
const unpack = (command: string) => `unpack it: ${command}`;

const formats: readonly Format[] = [
  {
    starts: 'version https://git-lfs',
    what: 'a Git LFS pointer',
    hint: 'run "git lfs pull" in its repository to get the file itself',
  },
  { starts: '\x93NUMPY', what: 'a single .npy array', hint: 'give it a name that ends in .npy' },
  {
    starts: 'PK\x03\x04',
    what: 'an archive of arrays',
    hint: 'give it a name that ends in .npz',
  },
  { starts: '\x89HDF\r\n', what: 'HDF5 (.h5, or .mat of MATLAB 7.3)', hint: saveArrays },
  { starts: 'MATLAB 5.0 MAT-file', what: 'a MATLAB file', hint: saveArrays },
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the version of the protocol
  { starts: /^\x80[\x01-\x05]/, what: 'a Python pickle, which giallo never runs', hint: saveArrays },
  { starts: /^.{5}\0{3}{"/s, what: 'a safetensors file', hint: saveArrays },
  {
    starts: 'PAR1',
    what: 'a Parquet table',
    hint: 'give it a name that ends in .parquet, then convert it: giallo convert <file>',
  },
  { starts: '\x1f\x8b\x08', what: 'compressed by gzip', hint: unpack('gunzip') },
  { starts: /^BZh[1-9]/, what: 'compressed by bzip2', hint: unpack('bunzip2') },
  { starts: '\xfd7zXZ\0', what: 'compressed by xz', hint: unpack('unxz') },
  { starts: '\x28\xb5\x2f\xfd', what: 'compressed by zstd', hint: unpack('unzstd') },
  { starts: '7z\xbc\xaf\x27\x1c', what: 'an archive of 7-Zip', hint: 'unpack it' },
  { starts: 'Rar!\x1a\x07', what: 'an archive of RAR', hint: 'unpack it' },
  { starts: /^(.{4}ftyp|RIFF.{4}AVI )/s, what: 'a video', hint: makeEmbeddings },
  { starts: '\x1aE\xdf\xa3', what: 'a video', hint: makeEmbeddings },
  { starts: /^(\xff\xd8\xff|\x89PNG|RIFF.{4}WEBP)/s, what: 'a picture', hint: makeEmbeddings },
  {
    starts: /^(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml)/i,
    what: 'a web page',
    hint: 'download it again: a web page was saved in its place',
  },
  {
    starts: /^(\xef\xbb\xbf)?\s*({\s*"|\[\s*[-\d[{"])/,
    what: 'JSON',
    hint: 'give it a name that ends in .json, then convert it: giallo convert <file>',
  },
];

/** What the file is, by its first bytes, and what to do about it. */
export function otherFormat(start: Uint8Array): { readonly what: string; readonly hint: string } | undefined {
  const text = Buffer.from(start.subarray(0, signatureLength)).toString('latin1');
  return formats.find(({ starts }) =>
    typeof starts === 'string' ? text.startsWith(starts) : starts.test(text),
  );
}

/**
 * The error of this code for an input that is of another format than `read`, the one that is read: a message that begins
 * with `before`, and what to do. Undefined if the first bytes do not tell.
 */
export function otherFormatError(
  code: ErrorCode,
  before: string,
  start: Uint8Array,
  read: 'JSON' | 'a Parquet table',
): GialloError | undefined {
  const format = otherFormat(start);
  if (format === undefined || format.what === read) return undefined;
  return new GialloError(code, `${before} ${format.what}`, { hint: format.hint });
}
