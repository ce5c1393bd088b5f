/**
 * The data of a site: the types of its data files. A data file is a script, `giallo("<its path>", <JSON>)`, since a
 * page that was opened from the disk may load scripts but may not fetch. Names of films and frames appear only as
 * strings in the JSON, and pages contain no inline scripts.
 *
 * ```
 * home.js               HomeData: the films, for every page
 * map.js                MapData: how much of each film is found in each other
 * pairs.js  reused.js   PairsData, ReusedData
 * data/<film>.js        FilmData: names, shots, and the neighbours of every frame
 * pictures/<film>.js    PicturesData: which frames have a picture, and their average colours
 * times/<film>.js       TimesData, of films whose times are known
 * stills/<film>/<index>.webp
 * ```
 *
 * Columns of numbers are packed: a digit that says how many bytes a number takes (1, 2 or 4, little-endian, unsigned),
 * then base64. A neighbour takes 4 bytes in its own film and 5 in others, in base64 a third more: 24 neighbours of
 * 1,500 frames take 216 kB, the whole file of such a film some 245 kB. The names of frames are written without what all
 * of them begin and end with.
 */
import type { CompareReport, Witness } from '../reports/compare.js';
import type { DuplicateGroup } from '../reports/duplicates.js';
import type { PairRow } from '../reports/pairs.js';
import type { ShotsReport } from '../reports/shots.js';
import type { UnusableFrame } from '../search/batch/nearest-frames.js';

/** A packed column of whole numbers from 0. */
export type Packed = string;

/** Strings with their common beginning and ending taken off. */
interface PackedNames {
  readonly start: string;
  readonly end: string;
  readonly middles: readonly string[];
}

export interface HomeData {
  readonly v: 1;
  /** A key of what this file was made from, which tells whether it must be made again. */
  readonly key: string;
  readonly version: string;
  /** The collection's folder as it was named; empty if no film of the site is in it. */
  readonly folder: string;
  /** How many neighbours were looked for, in a frame's own film and in the other films. */
  readonly k: number;
  readonly perShot: number | null;
  readonly minScore: number | null;
  /** Options of every command that the pages copy: the folder, and how to read it. */
  readonly options: readonly string[];
  /** Options of every search that the pages copy: the frames that are left out. */
  readonly filters: readonly string[];
  /** Whether these are all films of the folder, so that commands need not name them. */
  readonly isWhole: boolean;
  /** What is missing from the site: films, each with the reason, and pictures. */
  readonly notes: readonly string[];
  readonly films: readonly HomeFilm[];
}

export interface HomeFilm {
  readonly name: string;
  /** Its path, if it is not in the collection's folder; commands name it so. */
  readonly path?: string;
  /** The name of its files, without their endings. */
  readonly file: string;
  readonly frames: number;
  readonly shots: number;
  readonly kind: ShotsReport['kind'];
  /** Seconds from its first frame to its last; missing if no times are known. */
  readonly seconds?: number;
  readonly hasPictures: boolean;
  /** Its barcode: up to 160 places, as barcode.ts describes. */
  readonly barcode: Packed;
  /** Frames of the shots that represent the film, with the addresses of their pictures. */
  readonly strip: readonly { readonly index: number; readonly source: string }[];
}

export interface FilmData {
  readonly v: 1;
  readonly film: string;
  readonly names: PackedNames;
  readonly kind: ShotsReport['kind'];
  readonly threshold: ShotsReport['threshold'];
  /** The first frame of each shot, and its representative frame. */
  readonly firsts: Packed;
  readonly representatives: Packed;
  /** The films in `others`, which gives their places in this list. */
  readonly films: readonly string[];
  readonly own: Lane;
  readonly others: Lane;
  /**
   * For each frame: 0, or why it has no neighbours, as a place in `unusableFrames` counted from 1; missing if all are
   * 0.
   */
  readonly notes?: Packed;
}

export const unusableFrames: readonly UnusableFrame[] = ['zero', 'non-finite'];

/** The times of a film's frames, if they are known. */
export interface TimesData {
  readonly v: 1;
  /** The time of each frame. */
  readonly seconds: readonly number[];
  /** The address of the video, relative to the site's folder, if it is known. */
  readonly video?: string;
}

/** The neighbours of all frames of a film: frame by frame, those of each frame shot by shot, the closest first. */
export interface Lane {
  /** How many neighbours each frame has. */
  readonly counts: Packed;
  /**
   * How many of them, from the first on, are the same picture (a score of at least `samePictureScore`). A shot may have
   * neighbours in both parts.
   */
  readonly same: Packed;
  /** The film of each neighbour; empty if all neighbours are of the film itself. */
  readonly films: Packed;
  readonly indices: Packed;
  /** The `scoreCode` of each, plus `repeatFlag` if the neighbour is in the same shot as the one before. */
  readonly scores: Packed;
}

export interface PicturesData {
  readonly v: 1;
  /** The usual width divided by the height. */
  readonly shape: number;
  /** For each frame: 0 if it has no picture, 1 if it has one, 2 if it has one that cannot be read. */
  readonly states: Packed;
  /** Red, green and blue of each frame; missing if the pictures are only linked. */
  readonly colours?: Packed;
  /** Whether there are small pictures, `stills/<film>/<index>.webp`. */
  readonly isSmall: boolean;
  /** Addresses of the originals, empty for frames without one; missing if the originals are not beside the site. */
  readonly originals?: PackedNames;
}

/** If the brightest channel of a picture's average colour is below this, the picture is nearly black. */
export const nearlyBlack = 24;

export interface MapData {
  readonly v: 1;
  readonly key: string;
  readonly films: readonly string[];
  /** Row by row, how much of a film is in each other film: 0 if there is nothing to compare, else 1 + `scoreCode`. */
  readonly values: Packed;
  /**
   * The best matches behind each value, in the same order: how many there are, and a column for each of their
   * properties.
   */
  readonly counts: Packed;
  readonly indices: Packed;
  readonly otherIndices: Packed;
  readonly scores: Packed;
}

export interface PairsData {
  readonly v: 1;
  readonly key: string;
  readonly pairs: readonly PairRow[];
}

export interface ReusedData {
  readonly v: 1;
  readonly key: string;
  /** The groups with the most frames, up to `mostGroups`. */
  readonly groups: readonly DuplicateGroup[];
  readonly allGroups: number;
}

/** The most groups that a site shows, and the most runs of one group. */
export const mostGroups = 500;
export const mostRuns = 60;

/** Where a site's scripts and data files lie, from its folder. */
export const dataPath = (file: string) => `data/${file}.js`;
export const picturesPath = (file: string) => `pictures/${file}.js`;
export const timesPath = (file: string) => `times/${file}.js`;
export const smallPicture = (file: string, index: number) =>
  `stills/${encodeURIComponent(file)}/${index}.webp`;

/** A score, rounded to the four digits that tables show, as a whole number from 0. */
export function scoreCode(score: number): number {
  const scaled = score * 10_000;
  // `toFixed` is slow, and rounds differently only halfway between two numbers.
  const isHalfway = Math.abs(scaled - Math.floor(scaled) - 0.5) < 1e-6;
  return Math.round(isHalfway ? Number(score.toFixed(4)) * 10_000 : scaled) + 10_000;
}

/** The score of a code, which may have `repeatFlag` added. */
export function scoreOf(code: number): number {
  return ((code & (repeatFlag - 1)) - 10_000) / 10_000;
}

export const repeatFlag = 0x8000;

/** Packs whole numbers from 0 to 2^32 - 1. */
export function pack(numbers: ArrayLike<number>): Packed {
  let most = 0;
  for (let i = 0; i < numbers.length; i++) most = Math.max(most, numbers[i]);
  const width = most < 0x100 ? 1 : most < 0x1_0000 ? 2 : 4;
  const bytes = new Uint8Array(numbers.length * width);
  for (let i = 0; i < numbers.length; i++) {
    for (let byte = 0; byte < width; byte++) bytes[i * width + byte] = numbers[i] >>> (8 * byte);
  }
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x4000) {
    text += String.fromCharCode(...bytes.subarray(i, i + 0x4000));
  }
  return width + btoa(text);
}

/** The numbers that `pack` has packed. */
export function unpack(packed: Packed): Uint32Array {
  const width = Number(packed[0]);
  const text = atob(packed.slice(1));
  const numbers = new Uint32Array(text.length / width);
  for (let i = 0; i < text.length; i++)
    numbers[Math.floor(i / width)] |= text.charCodeAt(i) << (8 * (i % width));
  return numbers;
}

/** Takes off the common beginning and ending of the names. */
export function packNames(names: readonly string[]): PackedNames {
  const [first = '', ...rest] = names;
  const shortest = names.reduce((least, { length }) => Math.min(least, length), first.length);
  let start = 0;
  while (start < shortest && rest.every((name) => name[start] === first[start])) start++;
  let end = 0;
  while (end < shortest - start && rest.every((name) => name.at(-1 - end) === first.at(-1 - end))) end++;
  return {
    start: first.slice(0, start),
    end: first.slice(first.length - end),
    middles: names.map((name) => name.slice(start, name.length - end)),
  };
}

/** One of the names that `packNames` has packed. */
export function nameAt({ start, end, middles }: PackedNames, index: number): string {
  return start + middles[index] + end;
}

/** The shot of a frame: the last one that begins at or before it. */
export function shotOf(firsts: Uint32Array, index: number): number {
  let [low, high] = [0, firsts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (firsts[middle] <= index) low = middle;
    else high = middle;
  }
  return low;
}

/** Packs a comparison of films. */
export function packMap({ films, comparisons }: CompareReport): Omit<MapData, 'v' | 'key'> {
  const ordinals = new Map(films.map((film, i) => [film, i]));
  const values = new Uint16Array(films.length ** 2);
  const witnesses = Array.from(values, (): readonly Witness[] => []);
  for (const { film, other, value, witnesses: found } of comparisons) {
    const cell = (ordinals.get(film) ?? 0) * films.length + (ordinals.get(other) ?? 0);
    values[cell] = value === null ? 0 : 1 + scoreCode(value);
    witnesses[cell] = found;
  }
  const all = witnesses.flat();
  return {
    films,
    values: pack(values),
    counts: pack(witnesses.map(({ length }) => length)),
    indices: pack(all.map(({ index }) => index)),
    otherIndices: pack(all.map(({ otherIndex }) => otherIndex)),
    scores: pack(all.map(({ score }) => scoreCode(score))),
  };
}
