/** The files that films are kept in, told by the ending of their names, in small letters or capitals. */

/** Whether a file of this name may be a film: an `.npz` or an `.npy`. */
export function isFilmFile(path: string): boolean {
  return /\.np[yz]$/i.test(path);
}

/** Whether the film at `path` is an array alone, an `.npy`. */
export function isArrayFile(path: string): boolean {
  return /\.npy$/i.test(path);
}

/** A file's name or path without the ending of a film; another name as it is. */
export function withoutFilmEnding(text: string): string {
  return text.replace(/\.np[yz]$/i, '');
}
