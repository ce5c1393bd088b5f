/** Finds the film that was typed: by the first rule that fits, and never by a guess between several films. */
import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { basename, normalize } from 'node:path';
import { fileError, GialloError, ifNotUtf8, orUndefined } from '../errors.js';
import { isPrintedAs, shellLine } from '../escape.js';
import { editsBetween } from '../spelling.js';
import { firstOf } from '../word-lists.js';
import type { Collection } from './collection.js';
import type { FilmEntry } from './film.js';
import {
  fold,
  isFilmFile,
  isSameName,
  unicodeForms,
  withoutFilmEnding,
  withoutVideoEnding,
  wordsOf,
} from './names.js';

/**
 * The film that `text` names: the film at a path (`isPath`), else the one that fits the first of these rules that any
 * film of the collection fits:
 *
 * - the exact name, then the name in either Unicode form;
 * - the name without video ending, or with `.npz`;
 * - either of these in any case;
 * - an existing file with another ending; so late, since in a folder of videos each file has the name of a film;
 * - all words of the text, in any order;
 * - a part of the name.
 *
 * The name of a film elsewhere is its path if the collection has another film of its name. Errors: `film-ambiguous`
 * (several films fit a rule), `film-unknown` (with the closest spelling), `usage` for a path if the collection is in an
 * engine, `file-unreadable` for a path that the system refuses to look at.
 */
export function resolveFilm(collection: Collection, text: string): FilmEntry {
  const { isRemote } = collection;
  if (isRemote) requireName(text);
  const { whole, partly } = rulesFor(text);
  const film =
    (!isRemote && isPath(text) ? filmAtPath(collection, text) : undefined) ??
    filmByRules(collection, text, whole) ??
    (!isRemote && isFile(text) ? filmAtPath(collection, text) : undefined) ??
    filmByRules(collection, text, partly);
  if (film) return film;
  throw unknown(collection, text);
}

/** Whether a film is named by its path: the text has a `/` or is an existing file with a film's ending. */
export function isPath(text: string): boolean {
  return text.includes('/') || (isFilmFile(text) && isFile(text));
}

/** Whether there is a file at a path, in either Unicode form. */
export function isFile(text: string): boolean {
  return text !== '' && statPath(text)?.stats.isFile() === true;
}

type Rule = (name: string) => boolean;

function filmByRules({ films }: Collection, text: string, rules: readonly Rule[]): FilmEntry | undefined {
  for (const fits of rules) {
    const found = films.filter((film) => fits(film.name));
    if (found.length > 1) throw ambiguous(text, found);
    if (found.length === 1) return found[0];
  }
  return undefined;
}

/** The path in the first Unicode form that exists, and its `stat`. */
export function statPath(text: string): { readonly path: string; readonly stats: Stats } | undefined {
  for (const path of unicodeForms(text)) {
    const stats = orUndefined(() => statSync(path, { throwIfNoEntry: false }));
    if (stats) return { path, stats };
  }
  return undefined;
}

/** The path in the Unicode form that exists; the path as it is if none does. */
export function pathOnDisk(text: string): string {
  return statPath(text)?.path ?? text;
}

/** A key of the file at a path: all paths to it have the same, but a link with another name has another one. */
export function fileOf(path: string): string {
  const target = orUndefined(() => realpathSync.native(path)) ?? path;
  return `${target}\0${basename(path)}`;
}

/**
 * Requires a name, not a path: a film in an engine must not be confused with a file on this machine. Errors: `usage`.
 */
function requireName(text: string): void {
  if (!text.includes('/')) return;
  throw new GialloError('usage', `${text}: a path; films in an engine have names only`, {
    hint: '`giallo push` copies a film there; `giallo search --vector` asks about a frame that is not there',
  });
}

function filmAtPath(collection: Collection, text: string): FilmEntry {
  const there = statPath(text);
  if (!there?.stats.isFile()) throw noFilmAt(text, there?.stats);
  const { path } = there;
  const [file, fileName] = [fileOf(path), basename(path)];
  // Only films with its file name can be the same file: the system is not asked about the others.
  const same = collection.films.find(
    (film) => basename(film.path) === fileName && fileOf(film.path) === file,
  );
  if (same) return same;
  const name = withoutFilmEnding(basename(path));
  const isTaken = collection.films.some((film) => film.name === name);
  // After a link to a folder, `..` leads elsewhere than the text says.
  const isPlain = fileOf(normalize(path)) === file;
  return { name: isTaken ? path : name, path: isPlain ? normalize(path) : path };
}

/** The error for a path without a film, given what is there instead. */
function noFilmAt(path: string, found: Stats | undefined): GialloError {
  if (found) {
    const what = found.isDirectory() ? 'a folder' : 'a device or a pipe';
    return new GialloError('film-unknown', `${path}: ${what}, not a film`, { hint: folderHint(path) });
  }
  try {
    statSync(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOENT', 'ENOTDIR', 'ERR_INVALID_ARG_VALUE'].includes(code)) return fileError('read', path, error);
  }
  return new GialloError('film-unknown', `${path}: no such file${ifNotUtf8(path)}`);
}

/** Whether there is a folder with films at a path. */
export function holdsFilms(path: string): boolean {
  return path !== '' && (orUndefined(() => readdirSync(path)) ?? []).some(isFilmFile);
}

function folderHint(path: string): string | undefined {
  return holdsFilms(path) ? `${shellLine(['--data', path])} takes the films of this folder` : undefined;
}

/** The rules for whole names, and those for parts of them. */
function rulesFor(text: string): { readonly whole: readonly Rule[]; readonly partly: readonly Rule[] } {
  const bare = withoutFilmEnding(text);
  const folded = fold(bare);
  const words = wordsOf(bare);
  return {
    whole: [
      (name) => name === text,
      (name) => isPrintedAs(name, text),
      (name) => isSameName(name, text),
      (name) => isSameName(name, bare) || isSameName(withoutVideoEnding(name), bare),
      (name) => fold(name) === folded || fold(withoutVideoEnding(name)) === folded,
    ],
    partly: [
      (name) => words.length > 0 && hasEvery(wordsOf(name), words),
      (name) => folded !== '' && fold(name).includes(folded),
    ],
  };
}

function hasEvery(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((word) => words.includes(word));
}

const mostNamed = 10;

function ambiguous(text: string, found: readonly FilmEntry[]): GialloError {
  const names = found.map(({ name }) => name);
  const message = `${text}: expected one film, found ${found.length}: ${firstOf(names, mostNamed)}`;
  return new GialloError('film-ambiguous', message, { hint: 'type more of the name' });
}

function unknown(collection: Collection, text: string): GialloError {
  const { films, folder } = collection;
  const typed = text === '' ? '""' : text;
  if (films.length === 0 && collection.isRemote) {
    return new GialloError('film-unknown', `${typed}: no such film; ${folder} has no films`, {
      hint: '`giallo push` copies films there',
    });
  }
  if (films.length === 0) {
    return new GialloError('film-unknown', `${typed}: no such film; ${folder} holds no .npz files`, {
      hint: 'name another folder with --data <dir> or in $GIALLO_DATA',
    });
  }
  return new GialloError('film-unknown', `${typed}: no such film among the ${films.length} in ${folder}`, {
    hint: (collection.isRemote ? undefined : folderHint(text)) ?? filmHint(text, films),
  });
}

function filmHint(text: string, films: readonly FilmEntry[]): string {
  // What `film:frame` with a colon in the frame leaves for the film.
  const [film = ''] = text.split(':');
  if (film !== text && isNameOf(film, films))
    return `did you mean ${shellLine([film])}? a filename with a colon is written ${shellLine([film])}:name:<filename>`;
  const closest = closestName(
    text,
    films.map(({ name }) => name),
  );
  if (closest !== undefined) return `did you mean ${shellLine([closest])}?`;
  return text.includes(',')
    ? 'name films one at a time: --in A --in B, or as arguments: A B'
    : '`giallo films` lists them';
}

function isNameOf(text: string, films: readonly FilmEntry[]): boolean {
  const { whole, partly } = rulesFor(text);
  return [...whole, ...partly].some((fits) => films.some(({ name }) => fits(name)));
}

/**
 * The name closest to `text` by edit distance, where at most a third of the typed letters are wrong; compared with
 * every run of words of each name, since people type `Sintle` for `Sintel.Trailer.2010.mp4`.
 */
export function closestName(text: string, names: readonly string[]): string | undefined {
  const typed = wordsOf(withoutVideoEnding(withoutFilmEnding(text))).join(' ');
  let best: string | undefined;
  let fewestEdits = Math.floor(typed.length / 3) + 1;
  for (const name of names) {
    // An edit changes the length by one at most.
    const mostWrong = fewestEdits - 1;
    const [least, most] = [typed.length - mostWrong, typed.length + mostWrong];
    for (const run of runsOfWords(wordsOf(withoutVideoEnding(name)), least, most)) {
      const edits = editsBetween(typed, run);
      if (edits >= fewestEdits) continue;
      fewestEdits = edits;
      best = name;
    }
  }
  return best;
}

/** Consecutive words, joined by spaces, whose length is between `least` and `most`. */
function* runsOfWords(words: readonly string[], least: number, most: number): Generator<string> {
  for (let first = 0; first < words.length; first++) {
    let length = -1;
    for (let end = first; end < words.length; end++) {
      length += words[end].length + 1;
      if (length > most) break;
      if (length >= least) yield words.slice(first, end + 1).join(' ');
    }
  }
}
