/** `giallo push`: films from a folder into an engine. */
import { availableParallelism } from 'node:os';
import { crc32 } from 'node:zlib';
import { type Film, type FilmEntry, openFilm } from '../collection/film.js';
import { heldBytesLimit, holdFilm } from '../collection/held-rows.js';
import type { EngineStore } from '../engine/engine-store.js';
import type { FilmToPush } from '../engine/push-film.js';
import type { StoredFilm } from '../engine/stored-films.js';
import { GialloError, isMachineError } from '../errors.js';
import { rowsPerBlock } from '../kernel/block-scorer.js';
import { countRows } from '../ranking/rows.js';
import { findShots } from '../ranking/shots.js';
import { type SkippedFilm, skippedFilm } from '../search/answer.js';
import { type SearchContext, tellWarnings } from '../search/context.js';
import { profileFilm } from '../search/film-profile.js';
import { inNameOrder } from '../search/question.js';
import { blocksOf } from '../search/scan-film.js';
import { forEachConcurrently } from '../threads/concurrency.js';
import { textOfTimes } from '../times/film-times.js';

/** What was pushed, and the JSON that `giallo push --json` prints. */
export interface PushReport {
  readonly v: 1;
  /** The engine's address. */
  readonly engine: string;
  /** In code point order. */
  readonly films: readonly PushedFilm[];
  readonly totals: { readonly pushed: number; readonly kept: number; readonly frames: number };
  readonly skipped: readonly SkippedFilm[];
}

export interface PushedFilm {
  readonly film: string;
  /** `kept`: it was there with the same size and checksums. */
  readonly state: 'pushed' | 'kept';
  readonly frames: number;
  readonly dim: number;
  readonly rawBytes: number;
}

export interface PushOptions {
  /** Whether to push films again that are there already. */
  readonly force?: boolean | undefined;
  /** Called with each film that starts again after its connection broke. */
  readonly onRetry?: ((film: string, error: Error) => void) | undefined;
}

/**
 * Pushes films, several at a time; searches see a film when all of it has arrived. Films that cannot be read are in
 * `skipped`. An error of the engine ends the work; films that were pushed before stay. Errors: those of the engine.
 */
export async function push(
  films: readonly FilmEntry[],
  store: EngineStore,
  { force, onRetry }: PushOptions = {},
  context: SearchContext = {},
): Promise<PushReport> {
  const { signal, reading } = context;
  const stored = new Map((await store.films()).map((film) => [film.film, film]));
  const done = new Map<FilmEntry, PushedFilm>();
  const skipped = new Map<FilmEntry, SkippedFilm>();
  const progress = new FrameProgress(context);
  await forEachConcurrently(films, context.jobs ?? availableParallelism(), async (entry) => {
    const opened = await readable(entry, skipped, () => openFilm(entry, reading));
    if (!opened) return;
    const times = await timesTextOf(entry, context);
    const isThere = !force && isSame(stored.get(opened.name), opened, crc32(times));
    const film = isThere ? opened : heldIfItFits(opened, signal);
    try {
      const { name, frames, dim, rawBytes } = film;
      progress.expect(frames);
      if (!isThere) {
        const measured = await readable(entry, skipped, () => measure(film, times, context));
        const pushing = {
          onRows: (rows: number) => progress.at(name, rows),
          onRetry: (error: Error) => onRetry?.(name, error),
        };
        const pushed = measured && (await readable(entry, skipped, () => store.push(measured, pushing)));
        if (!pushed) return;
      }
      progress.at(name, frames);
      done.set(entry, { film: name, state: isThere ? 'kept' : 'pushed', frames, dim, rawBytes });
    } finally {
      await film.close();
    }
  });
  await store.removeDeadRows();
  const ordered = inNameOrder(films);
  return report(
    store.label,
    ordered.flatMap((entry) => done.get(entry) ?? []),
    ordered.flatMap((entry) => skipped.get(entry) ?? []),
  );
}

/** The film, held in memory if it fits: it is read twice, for its facts and for its rows, and so inflated only once. */
function heldIfItFits(film: Film, signal: AbortSignal | undefined): Film {
  const bytes = film.frames * film.dim * Float32Array.BYTES_PER_ELEMENT;
  return bytes <= heldBytesLimit ? holdFilm(film, signal) : film;
}

/**
 * The result of `work`; undefined for a film that cannot be read, or that changes while it is read twice: it is added
 * to the skipped films. Errors: those of the engine and of the machine.
 */
async function readable<T>(
  entry: FilmEntry,
  skipped: Map<FilmEntry, SkippedFilm>,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const isOfFilm =
      error instanceof GialloError && !isMachineError(error) && !error.code.startsWith('engine-');
    if (!isOfFilm) throw error;
    skipped.set(entry, skippedFilm(entry, error));
    return undefined;
  }
}

/** The text of a film's times; '' if they are not known. */
async function timesTextOf(entry: FilmEntry, { times }: SearchContext): Promise<string> {
  const found = await times?.of(entry);
  return found ? textOfTimes(found) : '';
}

/**
 * Whether the engine has the film as it is: by its size, the checksums in the archive's directory, and its times. An
 * `.npy` has no checksums, and is always pushed again.
 */
function isSame(
  stored: StoredFilm | undefined,
  { bytes, frames, dim, checksums }: Film,
  timesCrc: number,
): boolean {
  return (
    stored !== undefined &&
    checksums.embeddings !== null &&
    stored.bytes === bytes &&
    stored.frames === frames &&
    stored.dim === dim &&
    stored.embeddingsCrc === checksums.embeddings &&
    stored.filenamesCrc === (checksums.filenames ?? '') &&
    stored.timesCrc === timesCrc
  );
}

/** Reads the film once for its n2, shots and checksum: nothing of a damaged archive is sent. */
async function measure(film: Film, times: string, context: SearchContext): Promise<FilmToPush> {
  const { signal } = context;
  const { filenames, warnings } = await film.readFilenames();
  const profile = await profileFilm(film, signal);
  tellWarnings(film.name, [...film.warnings, ...warnings, ...profile.warnings], context);
  const { name, frames, dim, dtype, compression, bytes, rawBytes, checksums } = film;
  const { squaredNorms } = profile;
  return {
    facts: {
      ...{ film: name, frames, dim, dtype, compression, bytes, rawBytes },
      ...countRows(squaredNorms),
      embeddingsCrc: checksums.embeddings ?? '',
      filenamesCrc: checksums.filenames ?? '',
      timesCrc: crc32(times),
    },
    film: name,
    times,
    filenames,
    shotOf: findShots(profile).shotOf,
    squaredNorms,
    // A film that is held has one block, of all rows.
    readBlocks: () => blocksOf(film, rowsPerBlock(dim), signal),
  };
}

/** Counts frames of films that are pushed side by side, some of which start again. */
class FrameProgress {
  readonly #context: SearchContext;
  readonly #sent = new Map<string, number>();
  #expected = 0;

  constructor(context: SearchContext) {
    this.#context = context;
  }

  expect(frames: number): void {
    this.#expected += frames;
  }

  at(film: string, rows: number): void {
    this.#sent.set(film, rows);
    const done = [...this.#sent.values()].reduce((sum, sent) => sum + sent, 0);
    this.#context.onProgress?.({ done, total: this.#expected, unit: 'frames' });
  }
}

function report(engine: string, films: readonly PushedFilm[], skipped: readonly SkippedFilm[]): PushReport {
  const inState = (state: PushedFilm['state']) => films.filter((film) => film.state === state);
  const totals = {
    pushed: inState('pushed').length,
    kept: inState('kept').length,
    frames: films.reduce((sum, { frames }) => sum + frames, 0),
  };
  return { v: 1, engine, films, totals, skipped };
}
