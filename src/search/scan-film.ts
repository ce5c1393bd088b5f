/** The part of a film in a search, from its archive: every frame is scored, block by block as the rows are read. */
import { type Film, openFilm } from '../collection/film.js';
import { infiniteWarnings } from '../collection/film-warning.js';
import { type BlockScorer, rowsPerBlock } from '../kernel/block-scorer.js';
import type { RowBlock } from '../npz/rows.js';
import { limitsOf, needShots, selectFromFilm } from '../ranking/film-selection.js';
import { countRows } from '../ranking/rows.js';
import { findShots } from '../ranking/shots.js';
import { letSignalsIn } from '../threads/concurrency.js';
import { dimMismatch } from './answer.js';
import { tellWarnings } from './context.js';
import {
  type AskedFilm,
  type FilmPart,
  leftOutSpans,
  nameHits,
  type Search,
  scoreBlock,
} from './film-part.js';

/**
 * Opens a film, unless it is `opened`, and scans it once for all questions. Nothing of it counts unless the whole film
 * was read and its checksum was right. Errors: those of reading it; `dim-mismatch`.
 */
export async function scanFilm(
  asked: AskedFilm,
  search: Search,
  scorer: BlockScorer,
  opened: Film | undefined,
): Promise<FilmPart> {
  const { dim, questions, filters, context } = search;
  const film = opened ?? (await openFilm(asked.entry, context.reading));
  try {
    if (film.frames > 0 && film.dim !== dim) throw dimMismatch(film, dim, film.dim);
    const { filenames, warnings } = await film.readFilenames();
    const { squaredNorms, closeness, profile, becameInfinite } = await scoreRows(film, asked, search, scorer);
    const infinite = infiniteWarnings(film.path, becameInfinite);
    tellWarnings(film.name, [...film.warnings, ...warnings, ...infinite], context);
    const shots = profile && findShots(profile, filters.shotThreshold);
    const hits = asked.asked.map((q, i) => {
      for (const { first, end } of leftOutSpans(film.path, questions[q], filters, shots)) {
        closeness[i].fill(Number.NaN, first, end);
      }
      return nameHits(selectFromFilm(asked.ordinal, closeness[i], limitsOf(filters, shots)), filenames);
    });
    return { film: asked, frames: film.frames, ...countRows(squaredNorms), hits, bytesRead: film.bytes };
  } finally {
    if (!opened) await film.close();
  }
}

/** Scores each row for each question asked of the film. The film is profiled only if the filters need its shots. */
async function scoreRows(
  film: Film,
  { asked }: AskedFilm,
  { questions, filters, context }: Search,
  scorer: BlockScorer,
) {
  const squaredNorms = new Float64Array(film.frames);
  const closeness = asked.map(() => new Float64Array(film.frames).fill(Number.NEGATIVE_INFINITY));
  // The profiler is loaded only by searches that need shots.
  const profiler = needShots(filters)
    ? (await import('../ranking/profiler.js')).createProfiler(film.frames, film.dim)
    : undefined;
  let becameInfinite = 0;
  for await (const block of blocksOf(film, rowsPerBlock(film.dim), context.signal)) {
    scorer.load(block.values, block.rows);
    profiler?.add(block);
    becameInfinite += block.becameInfinite;
    const norms = scorer.squares();
    squaredNorms.set(norms, block.firstRow);
    for (const [i, q] of asked.entries()) {
      scoreBlock(scorer, questions[q], filters.metric, norms, closeness[i].subarray(block.firstRow));
    }
  }
  return { squaredNorms, closeness, profile: profiler?.finish(), becameInfinite };
}

/** The film's blocks, each of at most `maxRows` rows. A block is valid until the next one is asked for. */
export async function* blocksOf(film: Film, maxRows: number, signal?: AbortSignal): AsyncGenerator<RowBlock> {
  for await (const block of film.readBlocks(signal)) {
    for (let start = 0; start < block.rows; start += maxRows) {
      // With thousands of vectors in a question, a block takes a second.
      await letSignalsIn(signal);
      const rows = Math.min(maxRows, block.rows - start);
      const values = block.values.subarray(start * film.dim, (start + rows) * film.dim);
      const becameInfinite = start === 0 ? block.becameInfinite : 0;
      yield { firstRow: block.firstRow + start, rows, values, becameInfinite };
    }
  }
}
