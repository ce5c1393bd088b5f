/**
 * Films as batch work scores them: packed into blocks of some hundred frames, so that the work for a pair of blocks is
 * worth its message however small the films are. A film lies whole in one block; what belongs to which film is a column.
 */
import type { FilmEntry } from '../../collection/film.js';
import { areNear, type Nearness } from '../../ranking/near.js';
import { isFiniteRow } from '../../ranking/rows.js';
import type { Shots } from '../../ranking/shots.js';

/** A film that can be read, measured. */
export interface BatchFilm extends FilmSource {
  readonly dim: number;
  readonly filenames: readonly string[];
  /** n2 of each frame. */
  readonly squaredNorms: Float64Array;
  readonly shots: Shots;
  /** Frames that no cosine can find (all-zero or not finite), by index, each with a digest of its bytes. */
  readonly scorelessRows: ReadonlyMap<number, string>;
  /** What tells the film from another: its shape and the checksums of its vectors and names. */
  readonly fingerprint: string;
  /** 1 for each frame that no answer may hold. */
  readonly leftOut?: Uint8Array | undefined;
}

/** Where a thread finds a film's vectors. */
export interface FilmSource {
  readonly entry: FilmEntry;
  readonly frames: number;
  /** The checksum of the vectors when the film was measured: vectors that are read later must have the same. */
  readonly checksum: string;
  /** Where the search index has it. */
  readonly indexed?: IndexedFiles | undefined;
  /**
   * Its sketches in memory that threads share, if they were made for this work; they are used instead of those of the
   * index.
   */
  readonly held?: Sketches | undefined;
  /**
   * Its vectors [frames x dim] in memory that threads share, if it is so small that opening it again would take longer.
   */
  readonly vectors?: Float32Array | undefined;
}

/** Where a film lies in the search index. */
export interface IndexedFiles {
  readonly rows: string;
  readonly sketches: string;
  /** What both files must say the film is. */
  readonly fingerprint: string;
  /** Id of the basis of its sketches. */
  readonly basis: string;
  /** How far the basis is from orthonormal, as it says of itself. */
  readonly delta: number;
}

/** The sketches of a film or a block, on the one basis that all films of a run have. */
export interface Sketches {
  /** int16 [frames x width], row-major. */
  readonly codes: Int16Array;
  readonly width: number;
  /** At least what the basis leaves out of each row; NaN for rows that are not finite. */
  readonly remainders: Float32Array;
  /** The largest coding error of the rows. */
  readonly coding: number;
  /** How far the basis is from orthonormal. */
  readonly delta: number;
}

/**
 * What a frame is there for, as bits: a frame that is `asked` has its matches among the `found` frames of other films.
 */
export const roles = {
  asked: 1,
  /** Its matches are among the `foundBack` frames. */
  askedBack: 2,
  found: 4,
  foundBack: 8,
  /** It may be a match of frames of its own film, if these are asked. */
  foundByOwnFilm: 16,
} as const;

/** Either of them. */
export const anyAsked = roles.asked | roles.askedBack;

/** Consecutive films. Plain data: the columns, one value a row, lie in memory that threads share. */
export interface FilmBlock {
  /** Its place among the blocks. */
  readonly number: number;
  readonly films: readonly FilmSource[];
  readonly dim: number;
  readonly frames: number;
  /** The number of its first row among the frames of all films. */
  readonly firstFrame: number;
  /** Places in `films`. */
  readonly filmOf: Int32Array;
  /** Shots, numbered through the block. */
  readonly shotOf: Int32Array;
  readonly shotCount: number;
  /** n2. */
  readonly squaredNorms: Float64Array;
  /** Bits of `roles`; 0 for rows that are not finite. */
  readonly roleOf: Uint8Array;
  /** All bits of `roleOf`. */
  readonly anyRole: number;
}

/**
 * The most rows of a block, unless one film has more. In a larger block of many films the kernel must keep what any of
 * them still needs, which for `compare` is nearly everything; smaller blocks spend more time on messages.
 */
const mostRows = 512;
/** And bytes of their vectors at most. */
const mostBytes = 2 ** 24;
/** So many blocks keep all cores busy, unless they would be smaller than this. */
const wantedBlocks = 10;
const leastRows = 64;

/**
 * Packs films of one dim, in their order. `roleOf` says what a frame is there for, where it is finite. The frames of all
 * films are numbered in the same order, as `FrameNumbers` does.
 */
export function packFilms(
  films: readonly BatchFilm[],
  roleOf: (film: BatchFilm, index: number) => number,
): FilmBlock[] {
  const filled = films.filter(({ frames }) => frames > 0);
  const total = filled.reduce((sum, { frames }) => sum + frames, 0);
  const dim = filled[0]?.dim ?? 0;
  const rows = Math.min(mostRows, mostBytes / (dim * 4), Math.max(leastRows, total / wantedBlocks));
  const packs: BatchFilm[][] = [];
  let room = 0;
  for (const film of filled) {
    if (film.frames > room) {
      packs.push([]);
      room = rows;
    }
    packs.at(-1)?.push(film);
    room -= film.frames;
  }
  let firstFrame = 0;
  return packs.map((pack, number) => {
    const block = packBlock(pack, number, firstFrame, roleOf);
    firstFrame += block.frames;
    return block;
  });
}

function packBlock(
  films: readonly BatchFilm[],
  number: number,
  firstFrame: number,
  roleOf: (film: BatchFilm, index: number) => number,
): FilmBlock {
  const frames = films.reduce((sum, film) => sum + film.frames, 0);
  const filmOf = new Int32Array(new SharedArrayBuffer(frames * 4));
  const shotOf = new Int32Array(new SharedArrayBuffer(frames * 4));
  const squaredNorms = new Float64Array(new SharedArrayBuffer(frames * 8));
  const roleOfRow = new Uint8Array(new SharedArrayBuffer(frames));
  let shotCount = 0;
  let anyRole = 0;
  let row = 0;
  for (const [place, film] of films.entries()) {
    squaredNorms.set(film.squaredNorms, row);
    for (let index = 0; index < film.frames; index++, row++) {
      filmOf[row] = place;
      shotOf[row] = shotCount + film.shots.shotOf[index];
      roleOfRow[row] = isFiniteRow(film.squaredNorms[index]) ? roleOf(film, index) : 0;
      anyRole |= roleOfRow[row];
    }
    shotCount += film.shots.count;
  }
  const sources = films.map(({ entry, frames, checksum, indexed, held, vectors }) => ({
    entry,
    frames,
    checksum,
    indexed,
    held,
    vectors,
  }));
  return {
    number,
    films: sources,
    dim: films[0].dim,
    frames,
    firstFrame,
    filmOf,
    shotOf,
    shotCount,
    squaredNorms,
    roleOf: roleOfRow,
    anyRole,
  };
}

/** Whether any pair of frames of two blocks (or of one block with itself) can be of use. */
export function canMeet(a: FilmBlock, b: FilmBlock): boolean {
  if (a === b && isForOwnFilm(a.anyRole, a.anyRole)) return true;
  const haveTwoFilms = a !== b || a.films.length > 1;
  return haveTwoFilms && (isFor(a.anyRole, b.anyRole) || isFor(b.anyRole, a.anyRole));
}

/** Whether a frame of one role has matches among those of another, of other films. */
function isFor(asking: number, other: number): boolean {
  return (asking & (other >> 2) & anyAsked) > 0;
}

/** The same of one film. */
function isForOwnFilm(asking: number, other: number): boolean {
  return (asking & anyAsked) > 0 && (other & roles.foundByOwnFilm) > 0;
}

/** Which row of a pair has a use for it, as bits: the row of `a`, the row of `b`. */
export type UseOfPair = (rowA: number, rowB: number) => number;
export const useToA = 1;
export const useToB = 2;

/**
 * Tells which row has a use for a pair of rows, of two blocks or of one; a pair of near frames of one film has no use.
 */
export function useOfPairs(a: FilmBlock, b: FilmBlock, excludeNear: Nearness): UseOfPair {
  const isSameBlock = a.number === b.number;
  const isNear = areNear(excludeNear, a.shotOf);
  return (rowA, rowB) => {
    const isSameFilm = isSameBlock && a.filmOf[rowA] === b.filmOf[rowB];
    if (isSameFilm && isNear(rowA, rowB)) return 0;
    const [roleA, roleB] = [a.roleOf[rowA], b.roleOf[rowB]];
    const isOfUse = isSameFilm ? isForOwnFilm : isFor;
    return (isOfUse(roleA, roleB) ? useToA : 0) | (isOfUse(roleB, roleA) ? useToB : 0);
  };
}

/**
 * The floors of rows where only the closeness of a pair counts: the floors of `a` hold for both rows, and are infinite
 * for rows that cannot be in a pair.
 */
export function floorsOfPairs(
  a: FilmBlock,
  b: FilmBlock,
  floor: number,
): { readonly floorsA: Float64Array; readonly floorsB: Float64Array } {
  const needed = b.anyRole & anyAsked ? 0xff : anyAsked;
  const floorsA = new Float64Array(a.frames).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < a.frames; row++) if (a.roleOf[row] & needed) floorsA[row] = floor;
  const isSame = a.number === b.number;
  return { floorsA, floorsB: isSame ? floorsA : new Float64Array(b.frames).fill(Number.POSITIVE_INFINITY) };
}

/** The frames of many films, numbered through in the order of the films. */
export class FrameNumbers {
  readonly #films: readonly BatchFilm[];
  readonly #placeOf: ReadonlyMap<BatchFilm, number>;
  /** The number of each film's first frame. */
  readonly #first: Int32Array;
  /** The place of each frame's film. */
  readonly #filmOf: Int32Array;

  constructor(films: readonly BatchFilm[]) {
    this.#films = films;
    this.#placeOf = new Map(films.map((film, place) => [film, place]));
    this.#first = new Int32Array(films.length);
    this.#filmOf = new Int32Array(films.reduce((sum, { frames }) => sum + frames, 0));
    let next = 0;
    for (const [place, { frames }] of films.entries()) {
      this.#first[place] = next;
      this.#filmOf.fill(place, next, next + frames);
      next += frames;
    }
  }

  get count(): number {
    return this.#filmOf.length;
  }

  numberOf(film: BatchFilm, index: number): number {
    return this.#first[this.placeOfFilm(film)] + index;
  }

  placeOfFilm(film: BatchFilm): number {
    return this.#placeOf.get(film) as number;
  }

  /** The place of a frame's film among the films. */
  placeOf(frame: number): number {
    return this.#filmOf[frame];
  }

  filmOf(frame: number): BatchFilm {
    return this.#films[this.#filmOf[frame]];
  }

  /** The frame's index in its film. */
  indexOf(frame: number): number {
    return frame - this.#first[this.#filmOf[frame]];
  }
}
