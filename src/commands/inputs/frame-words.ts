/** Finds the frames that the words of a command name: by film and index, range, time or filename, or by picture. */
import { existsSync } from 'node:fs';
import type { Collection } from '../../collection/collection.js';
import { type FrameName, frameOfWord, printedFrame, splitAtColon } from '../../collection/frame-name.js';
import { filmsNamed } from '../../collection/named-films.js';
import {
  fold,
  isPictureFile,
  isSameName,
  withoutFilmEnding,
  withoutVideoEnding,
} from '../../collection/names.js';
import { isPath, pathOnDisk, resolveFilm } from '../../collection/resolve-film.js';
import { catchGialloSync, GialloError } from '../../errors.js';
import { commandLine } from '../../escape.js';
import { counted } from '../../render/tabular.js';
import { vectorsOfFrames } from '../../search/frame-questions.js';
import { parseMomentName } from '../../times/moments.js';
import type { AnyFlags } from '../options/option-table.js';
import type { Session } from '../session/session.js';

/**
 * Opens the collection and finds the frames that the words and `--and` name. Errors: `usage` if a film comes without a
 * frame, and those of opening.
 */
export async function framesAsked(
  session: Session,
  flags: AnyFlags,
  words: readonly string[],
  command = 'similar',
): Promise<{ readonly collection: Collection; readonly frames: readonly FrameName[] }> {
  const more = flags.and ?? [];
  const [first = ''] = words;
  const isPicture = mayBePicture(first);
  const films = [filmPart(first), ...more.map((word) => frameOfWord(noFilms, word)?.film)];
  // The film of a picture must be in the collection, and so must that of a frame without the path of its film.
  const isSearched = flags.all || flags.others || isPicture || films.includes(undefined);
  const collection = await session.open({ films: films.filter((film) => film !== undefined), isSearched });
  const others = more.map((word) => frameOfValue(collection, '--and', word));
  const pictured = isPicture ? await framesOfPictures(session, flags, collection, words) : undefined;
  const frames = [...(pictured ?? framesNamed(collection, words, command)), ...others];
  if (flags.fps !== undefined || flags.interval !== undefined)
    session.askAbout(
      filmsNamed(
        collection,
        frames.map(({ film }) => film),
      ),
    );
  return { collection, frames: frames.flatMap(expandRange) };
}

/** Enough to find frames of films that are named by their paths. */
const noFilms = { films: [] };

/** The frame that a value of an option names. Errors: `usage`. */
function frameOfValue(collection: Collection, option: '--and' | '--without', word: string): FrameName {
  const frame = frameOfWord(collection, word);
  if (frame) return frame;
  throw new GialloError('usage', `${option}: expected film:frame, as in Bunny:12, found ${word}`);
}

/** Opens the collection and finds the one frame that the words name. Errors: as `framesAsked`. */
export async function oneFrameAsked(
  session: Session,
  words: readonly string[],
): Promise<{ readonly collection: Collection; readonly frame: FrameName }> {
  const { collection, frames } = await framesAsked(session, {}, words, 'vector');
  const [frame] = frames;
  if (frame && frames.length === 1) return { collection, frame };
  throw new GialloError('usage', `expected one frame, found ${frames.length}`);
}

/**
 * The vectors of the frames that `--without` names. Frames of a range that cannot be compared are ignored. Errors:
 * `usage` for a range that is too long, and those of `vectorsOfFrames`.
 */
export async function vectorsLeftOut(
  session: Session,
  collection: Collection,
  without: readonly string[] = [],
): Promise<readonly Float32Array[]> {
  const ranges = without.map((word) => expandRange(frameOfValue(collection, '--without', word)));
  const vectors = await vectorsOfFrames(collection, ranges, session.context);
  const passedOver = ranges.flat().length - vectors.length;
  if (passedOver > 0)
    await session.notices.hint(`--without: left out ${counted(passedOver, 'frame')} that cannot be compared`);
  return vectors;
}

/** The film of a word that may name a frame as well: enough to see whether the film is named by its path. */
function filmPart(word: string): string {
  const printed = printedFrame(noFilms, word);
  if (printed) return printed.film;
  return isPath(word) && !word.includes(':') ? word : (splitAtColon(word)?.film ?? word);
}

/**
 * Parses `Sintel 40 41`, `Sintel:40 Bunny:12` and `Sintel 40 Bunny:12`. A word that is the name of a film is that film,
 * also if it contains a colon. After a film and its frames, `film:frame` names a frame of another film only if the frame
 * is an index, a range or `name:...`, since filenames may contain colons too.
 */
function framesNamed(collection: Collection, words: readonly string[], command: string): FrameName[] {
  const frames: FrameName[] = [];
  let current: string | undefined;
  for (const word of words) {
    const split = splitWord(collection, word, current);
    const isFilm = split === undefined || isWholeName(collection, word, split.film);
    if (current === undefined && isFilm) {
      current = word;
      continue;
    }
    const mayChangeFilm = frames.length > 0 && split !== undefined && isPlainFrame(split.frame);
    const isSplit = split && (current === undefined || (mayChangeFilm && namesFilm(collection, split.film)));
    if (isSplit) {
      frames.push(split);
      current = split.film;
    } else frames.push({ film: current as string, frame: word });
  }
  if (frames.length > 0) return frames;
  const film = current as string;
  // The film may not exist either: in `'Sintel 66'`, with quotes, or in `Sintel:`.
  resolveFilm(collection, film);
  const example = commandLine(command, [film, '0'], []);
  throw new GialloError('usage', 'the frame is missing', {
    hint: `an index or a filename, as in: \`${example}\``,
  });
}

/**
 * Splits a word as `film:frame`, or as `film/filename`, which `--names` prints. After a film, `name:41` and `@...` are
 * frames of that film, even if another film is called "My Name" or "@zola". A moment needs a film before it.
 */
function splitWord(
  collection: Collection,
  word: string,
  filmBefore: string | undefined,
): FrameName | undefined {
  const isFrame =
    parseMomentName(word) !== undefined || (filmBefore !== undefined && /^(@|name:)/.test(word));
  return isFrame ? undefined : frameOfWord(collection, word);
}

/**
 * Whether a word with a colon is the path of a film, or its name as it stands or a part of it. All words of `Rocky:2` are
 * in Rocky.2.mp4 and in "Rocky: 2" too, but it means frame 2. So does `24:2` if a film is called 24, and another "24:2 am".
 */
function isWholeName(collection: Collection, word: string, filmOfSplit: string): boolean {
  const film = catchGialloSync(() => resolveFilm(collection, word));
  if (film instanceof GialloError) return false;
  if (word.includes('/')) return true;
  const [name, typed] = [fold(film.name), fold(withoutFilmEnding(word))];
  const isOtherFilm = collection.films.some(({ name }) =>
    [name, withoutVideoEnding(name)].some((own) => isSameName(own, filmOfSplit)),
  );
  return name === typed || (name.includes(typed) && !isOtherFilm);
}

function namesFilm(collection: Collection, text: string): boolean {
  const film = catchGialloSync(() => resolveFilm(collection, text));
  return !(film instanceof GialloError) || film.code === 'film-ambiguous';
}

const rangePattern = /^(-?(?:0|[1-9][0-9]*))-(-?(?:0|[1-9][0-9]*))$/;

function isPlainFrame(frame: string | number): boolean {
  return (
    /^-?[0-9]+$/.test(String(frame)) || rangePattern.test(String(frame)) || /^(name:|@)/.test(String(frame))
  );
}

/** The most frames in one range; more are a mistake. */
const mostInRange = 100_000;

/**
 * The frames of a range of indices, such as `66-70` or `-5--1`; a frame that is no range is returned alone. Errors:
 * `usage`.
 */
export function expandRange(name: FrameName): FrameName[] {
  const [range, from, to] = rangePattern.exec(String(name.frame)) ?? [];
  if (range === undefined) return [name];
  const first = Number(from);
  const last = Number(to);
  const refuse = (message: string, hint?: string) =>
    new GialloError('usage', `${range}: ${message}`, { hint });
  if (from?.startsWith('-') !== to?.startsWith('-'))
    throw refuse(
      'both ends of a range count from the start, or both from the end',
      `name:${range} asks for a filename`,
    );
  if (first > last) throw refuse('the range is reversed', `write ${to}-${from}`);
  if (last - first >= mostInRange) throw refuse(`a range has at most ${mostInRange} frames`);
  return Array.from({ length: last - first + 1 }, (_, i) => ({ ...name, frame: String(first + i), range }));
}

/** Whether the text ends like the path of a picture, and is no `film:frame` with the path of a film. */
function mayBePicture(text: string): boolean {
  if (!isPictureFile(text) || printedFrame(noFilms, text)) return false;
  if (existsSync(pathOnDisk(text))) return true;
  const film = splitAtColon(text)?.film;
  return film === undefined || !isPath(film);
}

/**
 * The frames whose screenshots the words name; undefined if the first word is the name of a film. Errors: those of
 * `frameOfPicture`.
 */
async function framesOfPictures(
  session: Session,
  flags: AnyFlags,
  collection: Collection,
  words: readonly string[],
): Promise<FrameName[] | undefined> {
  const [first = ''] = words;
  if (collection.films.some(({ name }) => name === first)) return undefined;
  const film = existsSync(pathOnDisk(first)) ? undefined : splitAtColon(first)?.film;
  if (film !== undefined && namesFilm(collection, film)) return undefined;
  const [{ frameOfPicture }, { pictureFolderOf }] = await Promise.all([
    import('../../pictures/frame-of-picture.js'),
    import('../outputs/show-answer.js'),
  ]);
  const { folder } = await pictureFolderOf(session, flags, collection);
  const frames: FrameName[] = [];
  for (const path of words)
    frames.push(await frameOfPicture(path, folder, collection, session.context.reading));
  return frames;
}
