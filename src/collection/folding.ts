/** Ways in which two spellings of a film's name count as the same. */

const videoEndings = /\.(mkv|mp4|avi|mov|m4v|webm|ogv|ts|mpg)$/i;

/** The name without its video ending: `Opera.1987.mkv` is also `Opera.1987`. */
export function withoutVideoEnding(name: string): string {
  return name.replace(videoEndings, '');
}

/** The name without case and accents. */
export function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The words of a name, folded: its runs of letters and digits. */
export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}
