/** The films of batch work: what was measured of each (`measure-films.ts`), where threads find it, and their frames. */
import type { FilmEntry } from '../../collection/film.js';
import type { Shots } from '../../ranking/shots.js';
import type { Searched, SkippedFilm } from '../answer.js';

export interface BatchFilms {
  /** In code point order; all of one dim, films without frames among them. */
  readonly films: readonly BatchFilm[];
  readonly skipped: readonly SkippedFilm[];
  readonly searched: Searched;
}

/** A film that was read and measured. */
export interface BatchFilm extends FilmSource {
  readonly dim: number;
  readonly filenames: readonly string[];
  /** n2 of each frame. */
  readonly squaredNorms: Float64Array;
  readonly shots: Shots;
  /** Frames that no cosine can find (all-zero or not finite), by index, each with a digest of its bytes. */
  readonly scorelessRows: ReadonlyMap<number, string>;
  /** The film's shape and the checksums of its vectors and names: another content has another fingerprint. */
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
  /** Its files in the search index, if there are any. */
  readonly indexed?: IndexedFiles | undefined;
  /** Its sketches in shared memory, if they were made for this work; they are used instead of those of the index. */
  readonly held?: Sketches | undefined;
  /** Its vectors [frames x dim] in shared memory, if it is so small that opening it again would take longer. */
  readonly vectors?: Float32Array | undefined;
}

/** The files of a film in the search index. */
export interface IndexedFiles {
  readonly rows: string;
  readonly sketches: string;
  /** The fingerprint that both files must have. */
  readonly fingerprint: string;
  /** Id of the basis of its sketches. */
  readonly basis: string;
  /** `width` and `delta` of that basis. */
  readonly width: number;
  readonly delta: number;
}

/** The sketches of a film or a block, all on one basis. */
export interface Sketches extends WhatSketchesLeave {
  /** int16 [frames x width], row-major. */
  readonly codes: Int16Array;
  readonly width: number;
}

/** What sketches leave of their rows; `search-index/bound.ts` explains it. */
export interface WhatSketchesLeave {
  /** The remainder of each row, rounded up; NaN for rows that are not finite. */
  readonly remainders: Float32Array;
  /** The largest coding error of the rows. */
  readonly coding: number;
  /** At least the distance of the basis from an orthonormal one. */
  readonly delta: number;
}

/** Numbers the frames of many films from 0 on, in the order of the films. */
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
