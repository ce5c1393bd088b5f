/**
 * Films as batch work scores them: packed into blocks of some hundred frames, so that the work for a pair of blocks is
 * worth the message to a thread, however small the films are. A film is never split between blocks. Columns, with one
 * value for each row, say what a row is: its film, its shot, its n2, its roles.
 */
import { areNear, type Nearness } from '../../ranking/near.js';
import { isFiniteRow } from '../../ranking/rows.js';
import type { BatchFilm, FilmSource } from './batch-films.js';

/** The roles of a frame in a question, as bits. */
export const roles = {
  /** Its matches are `found` frames of other films. */
  asked: 1,
  /** Its matches are `foundBack` frames of other films. */
  askedBack: 2,
  /** It may be a match of `asked` frames of other films. */
  found: 4,
  /** It may be a match of `askedBack` frames of other films. */
  foundBack: 8,
  /** It may be a match of frames of its own film that have either role of asking. */
  foundByOwnFilm: 16,
} as const;

/** Both roles of asking. */
export const anyAsked = roles.asked | roles.askedBack;

/** Consecutive films. Plain data; the columns, with one value for each row, lie in shared memory. */
export interface FilmBlock {
  /** Its place among the blocks. */
  readonly number: number;
  readonly films: readonly FilmSource[];
  readonly dim: number;
  readonly frames: number;
  /** The number of its first row among the frames of all films. */
  readonly firstFrame: number;
  /** The index of the row's film in `films`. */
  readonly filmOf: Int32Array;
  /** The row's shot; shots are numbered through the block. */
  readonly shotOf: Int32Array;
  readonly shotCount: number;
  /** The n2 of the row. */
  readonly squaredNorms: Float64Array;
  /** Bits of `roles`; 0 for rows that are not finite. */
  readonly roleOf: Uint8Array;
  /** The bits that any row has. */
  readonly anyRole: number;
}

/**
 * The most rows of a block, unless one film has more. In larger blocks the kernel drops fewer pairs, since a pair stays
 * if any film of the block still needs it; for `compare` nearly all would stay. Smaller blocks spend more time on
 * messages.
 */
const mostRows = 512;
/** The most bytes of the vectors of a block, unless one film has more. */
const mostBytes = 2 ** 24;
/** This many blocks keep all cores busy. */
const wantedBlocks = 10;
/** To have `wantedBlocks`, blocks are made smaller, but not below this number of rows. */
const leastRows = 64;

/**
 * Packs films of one dim, in their order. `roleOf` gives the roles of a frame; it is asked of finite ones only. The
 * frames of all films are numbered in the same order, as `FrameNumbers` does.
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

/** Whether any pair of frames of two blocks (or of one block with itself) can be a match. */
export function canMeet(a: FilmBlock, b: FilmBlock): boolean {
  if (a === b && canMatchOwnFilm(a.anyRole, a.anyRole)) return true;
  const haveTwoFilms = a !== b || a.films.length > 1;
  return haveTwoFilms && (canMatchOtherFilm(a.anyRole, b.anyRole) || canMatchOtherFilm(b.anyRole, a.anyRole));
}

/** Whether a frame with the roles `other` may be a match of one of another film with the roles `asking`. */
function canMatchOtherFilm(asking: number, other: number): boolean {
  return (asking & (other >> 2) & anyAsked) > 0;
}

/** Whether a frame with the roles `other` may be a match of one of the same film with the roles `asking`. */
function canMatchOwnFilm(asking: number, other: number): boolean {
  return (asking & anyAsked) > 0 && (other & roles.foundByOwnFilm) > 0;
}

/**
 * Bits of the rows of a pair for which the other row may be a match: `useToA` for the row of `a`, `useToB` for that of
 * `b`.
 */
type UseOfPair = (rowA: number, rowB: number) => number;
export const useToA = 1;
export const useToB = 2;

/**
 * The use of pairs of rows of two blocks, or of one block with itself. Pairs of near frames of one film have no use.
 */
export function useOfPairs(a: FilmBlock, b: FilmBlock, excludeNear: Nearness): UseOfPair {
  const isSameBlock = a.number === b.number;
  const isNear = areNear(excludeNear, a.shotOf);
  return (rowA, rowB) => {
    const isSameFilm = isSameBlock && a.filmOf[rowA] === b.filmOf[rowB];
    if (isSameFilm && isNear(rowA, rowB)) return 0;
    const [roleA, roleB] = [a.roleOf[rowA], b.roleOf[rowB]];
    const isOfUse = isSameFilm ? canMatchOwnFilm : canMatchOtherFilm;
    return (isOfUse(roleA, roleB) ? useToA : 0) | (isOfUse(roleB, roleA) ? useToB : 0);
  };
}

/**
 * The floors of rows for a question about pairs, which has one floor for all. A pair is kept if it reaches the floor of
 * either row: so the rows of `a` have this floor, or an infinite one if they can be in no pair, and those of `b` an
 * infinite one.
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
