/** From what a person typed to the frame that is meant: an index, or a filename. */
import { GialloError } from '../errors.js';
import { commandLine, isPrintedAs } from '../escape.js';
import { isSameName } from './names.js';

/**
 * The index of the frame that `text` names in `film`. A whole number is always an index, negative from the end;
 * anything else (`000041` too, or `name:41`) is a filename: exact, then in either Unicode form, then without its ending, then
 * a part.
 * `typedFilm` finds the film again where its name does not: a path.
 * Errors: `frame-unknown`, `frame-ambiguous` (with the indices).
 */
export function resolveFrame(
  film: string,
  filenames: readonly string[],
  text: string,
  typedFilm = film,
): number {
  return /^-?(0|[1-9][0-9]*)$/.test(text)
    ? byIndex(film, filenames, text)
    : byFilename(film, filenames, text, typedFilm);
}

function byIndex(film: string, filenames: readonly string[], text: string): number {
  const typed = Number(text);
  const index = typed < 0 ? filenames.length + typed : Math.abs(typed);
  if (index >= 0 && index < filenames.length) return index;
  if (filenames.length === 0) {
    throw new GialloError('frame-unknown', `${film}: expected a frame, found a film that has none`);
  }
  const range = `from 0 to ${filenames.length - 1} (or -1 to -${filenames.length})`;
  throw new GialloError('frame-unknown', `${film}: expected an index ${range}, found ${text}`, {
    hint: `name:${text} asks for a filename`,
  });
}

function byFilename(film: string, filenames: readonly string[], text: string, typedFilm: string): number {
  const wanted = text.startsWith('name:') ? text.slice('name:'.length) : text;
  const part = wanted.normalize('NFC');
  const rules: ((filename: string) => boolean)[] = [
    (filename) => filename === wanted,
    (filename) => isPrintedAs(filename, wanted),
    (filename) => isSameName(filename, wanted),
    (filename) => isSameName(filename.replace(/\.[^.]*$/, ''), wanted),
    (filename) => part !== '' && filename.normalize('NFC').includes(part),
  ];
  for (const fits of rules) {
    const found = filenames.flatMap((filename, index) => (fits(filename) ? [index] : []));
    if (found.length === 1) return found[0];
    if (found.length > 1) throw ambiguous(film, wanted, found);
  }
  throw new GialloError('frame-unknown', `${film}: no frame has ${JSON.stringify(wanted)} in its filename`, {
    hint: `\`${commandLine('info', [typedFilm], ['--frames'])}\` lists them`,
  });
}

const listed = 20;

function ambiguous(film: string, wanted: string, found: readonly number[]): GialloError {
  const more = found.length > listed ? ` and ${found.length - listed} more` : '';
  return new GialloError(
    'frame-ambiguous',
    `${film}: expected one frame, found ${found.length} with ${JSON.stringify(wanted)} in their filenames: ${found.slice(0, listed).join(', ')}${more}`,
    { hint: 'give the index' },
  );
}
