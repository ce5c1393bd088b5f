/**
 * Names of films and frames as text: which file names are films or pictures, which spellings are one name, and their
 * order.
 */
import { basename, join, normalize } from 'node:path';
import { escapeTabs } from '../escape.js';

/** Whether a file of this name may be a film: an `.npz` or an `.npy`. */
export function isFilmFile(path: string): boolean {
  return /\.np[yz]$/i.test(path);
}

/** Whether the film at `path` is an array alone, an `.npy`. */
export function isArrayFile(path: string): boolean {
  return /\.npy$/i.test(path);
}

/** Whether a file of this name may be a picture, which no film is. */
export function isPictureFile(path: string): boolean {
  return /\.(jpe?g|png|webp|gif|avif|heic|tiff?|bmp)$/i.test(path);
}

/** A file's name or path without the ending of a film; another name as it is. */
export function withoutFilmEnding(text: string): string {
  return text.replace(/\.np[yz]$/i, '');
}

/**
 * A path as it may be spelled on the disk: as it is, then composed (NFC) and decomposed (NFD, as macOS writes names).
 */
export function unicodeForms(path: string): readonly string[] {
  const start = path.lastIndexOf('/') + 1;
  const [folder, name] = [path.slice(0, start), path.slice(start)];
  const ofName = [name.normalize('NFC'), name.normalize('NFD')].map((form) => folder + form);
  return [...new Set([path, ...ofName, path.normalize('NFC'), path.normalize('NFD')])];
}

/**
 * Whether `typed` is the name: in either Unicode form, or as a table in a pipe shows it, with tabs and line breaks
 * written out.
 */
export function isSameName(name: string, typed: string): boolean {
  if (name.normalize('NFC') === typed.normalize('NFC')) return true;
  return typed.includes('\\') && escapeTabs(name) === typed;
}

const videoEndings = /\.(mkv|mp4|avi|mov|m4v|webm|ogv|ts|mpg)$/i;

/** The name without its video ending: `Opera.1987.mkv` is also `Opera.1987`. */
export function withoutVideoEnding(name: string): string {
  return name.replace(videoEndings, '');
}

/** What to type for a film: its name, or its path if it is not in the folder. */
export function typedName(
  { name, path }: { readonly name: string; readonly path: string },
  folder: string,
): string {
  return join(folder, basename(path)) === normalize(path) ? name : path;
}

/** The name without case and accents. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The words of a name, folded: its runs of letters and digits. */
export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

/**
 * Negative, zero or positive as `a` sorts before, with or after `b` by code points, as Python and ClickHouse sort, so
 * that ties fall the same way everywhere. JavaScript's own `<` compares UTF-16 units and puts U+1F600 before U+FF5E.
 */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return codePointRank(unitA) - codePointRank(unitB);
  }
  return a.length - b.length;
}

/** Lifts surrogates (halves of code points beyond U+FFFF) above the rest of the basic plane. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
