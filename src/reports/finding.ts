/** What `giallo verify` can find: the codes, how grave each is, and the one table of what to do about them. */
import type { FilmEntry } from '../collection/film.js';

/** An error keeps a film, or a part of its file, from being read; a warning does not. */
type Severity = 'error' | 'warning';

export interface Finding {
  readonly severity: Severity;
  readonly code: FindingCode;
  readonly film: string;
  readonly path: string;
  /** How many rows, names or numbers it is about; null if it is about the file. */
  readonly count: number | null;
  /** The first ten of those rows. */
  readonly indices: readonly number[];
  readonly message: string;
  /** What to do about it; a command to run stands at its end, after `run: `. */
  readonly advice: string;
}

/** One row a finding: what to do about it. */
const adviceByCode = {
  // the file cannot be read, or not all of it
  'file-unreadable': 'Check that the file exists and that you may read it; a symbolic link may lead nowhere.',
  'not-an-archive':
    'Put the real file in its place: this may be a Git LFS pointer (git lfs pull) or a web page that was saved instead.',
  'archive-truncated': 'Copy the file again from a complete original: its end is missing.',
  'archive-corrupt':
    'Copy the file again from a good original, or make it again: its bytes have changed since it was saved.',
  'member-repeated': 'Save the archive again with each array once.',
  'archive-encrypted': 'Save the archive again without a password.',
  'compression-unsupported':
    'Save the archive again with numpy.savez_compressed: members are stored or deflated.',
  'size-absurd':
    'Make the file again, smaller: it declares more than it can hold, or holds more than giallo reads or fits in memory at once.',
  'header-invalid':
    'Save the array again with numpy.save or numpy.savez: its header is damaged, or shape and bytes differ.',
  'array-missing': 'Name the arrays with --embeddings-key and --filenames-key.',
  'dtype-unsupported':
    'Save the vectors as float32: numpy.asarray(array, dtype=numpy.float32). --assume bfloat16 reads 2-byte void (V2).',
  'shape-mismatch':
    'Save the vectors as an array of the shape (frames, numbers), with one name for each frame.',
  // names
  'names-unreadable': 'Save the names as an array of strings, one for each frame.',
  'names-missing':
    'Save the names as an array called filenames, or those of an .npy in a text file beside it, one a line; until then frames are named by their row numbers.',
  'names-pickled': 'Save the names as an array of strings; giallo never runs a pickle.',
  'names-latin1': 'Save the names as text: names that are not UTF-8 are read as Latin-1.',
  'names-alike': 'Give these frames different names: some file systems cannot keep both.',
  'names-no-file': 'Rename these frames if they have pictures: no file can have such a name.',
  'films-alike': 'Rename one of the films: some file systems cannot keep both.',
  'array-pickled': 'Nothing needs to be done: giallo reads only the vectors and the names.',
  'duplicate-names': 'Ask about these frames by index: a filename that fits several rows is refused.',
  // times
  'times-unusable':
    'Save the times as one number of seconds for each frame: until then the times of this film are not known.',
  // vectors
  nan: 'Make these frames again: a row with NaN is left out of every search.',
  infinite: 'Make these frames again: a row with Inf is left out of every search.',
  'zero-rows':
    'These frames are black, or making them failed: their cosine with anything is 0, and cosine cannot search with them.',
  'became-infinite': 'Scale the vectors into the range of float32 (to 3.4e38) and save them again.',
  converted: 'Nothing needs to be done: scores are defined on the float32 values.',
  'mixed-dims':
    'Make the film again with the model of the others, or keep it in a folder of its own: a search leaves it out.',
} as const satisfies Record<string, string>;

export type FindingCode = keyof typeof adviceByCode;

export const findingCodes = Object.keys(adviceByCode) as readonly FindingCode[];

/** Whether a code, of an error or a warning, is one that `giallo verify` reports. */
export function isFindingCode(code: string): code is FindingCode {
  return Object.hasOwn(adviceByCode, code);
}

/** A finding about a film; `about` has what its code does not say. */
export function findingOf(
  { name, path }: FilmEntry,
  severity: Severity,
  code: FindingCode,
  about: {
    readonly message: string;
    readonly hint?: string | undefined;
    readonly count?: number;
    readonly indices?: readonly number[];
  },
): Finding {
  const { message, hint, count = null, indices = [] } = about;
  const advice = hint?.includes('run: ') ? asSentence(hint) : adviceByCode[code];
  return { severity, code, film: name, path, count, indices, message, advice };
}

function asSentence(hint: string): string {
  return hint.charAt(0).toUpperCase() + hint.slice(1);
}
