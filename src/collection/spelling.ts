/** Finds the name that was probably meant by a misspelt one. */
import { distance } from 'fastest-levenshtein';
import { withoutFilmEnding } from './film-file.js';
import { withoutVideoEnding, wordsOf } from './folding.js';

/**
 * The name closest to `text` by edit distance, where at most a third of the typed letters are wrong; compared with
 * every run of words of each name, since people type `Sintle` for `Sintel.Trailer.2010.mp4`.
 */
export function closestName(text: string, names: readonly string[]): string | undefined {
  const typed = wordsOf(withoutVideoEnding(withoutFilmEnding(text))).join(' ');
  let best: string | undefined;
  let fewestEdits = Math.floor(typed.length / 3) + 1;
  for (const name of names) {
    for (const run of runsOfWords(wordsOf(withoutVideoEnding(name)))) {
      const edits = distance(typed, run);
      if (edits >= fewestEdits) continue;
      fewestEdits = edits;
      best = name;
    }
  }
  return best;
}

function runsOfWords(words: readonly string[]): string[] {
  return words.flatMap((_, first) =>
    words.slice(first).map((__, more) => words.slice(first, first + more + 1).join(' ')),
  );
}
