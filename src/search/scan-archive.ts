/** A film's part in a search, from its archive: apart from the search, since with an index most need no archive. */
import { becameInfiniteWarning, type Film, type FilmEntry, openFilm } from '../collection/film.js';
import type { BlockScorer } from '../kernel/block-scorer.js';
import { dimMismatch } from './answer.js';
import type { SearchContext } from './context.js';
import type { Filters } from './question.js';
import { type FilmScan, scanFilm } from './scan.js';
import type { ScoredQuery } from './score-block.js';

export interface ArchiveFilm {
  readonly entry: FilmEntry;
  /** The hits' `film`. */
  readonly ordinal: number;
  /** The film where it is open already; it stays open. */
  readonly opened: Film | undefined;
}

export interface ScanTools {
  readonly dim: number;
  readonly scorer: BlockScorer;
  readonly filters: Filters;
  readonly context: SearchContext;
}

export interface ArchiveScan {
  readonly scan: FilmScan;
  /** The filenames of the hits, by index. */
  readonly filenames: readonly string[];
  /** Bytes of the archive. */
  readonly bytes: number;
}

/** Opens a film, scans it for all `queries`, and closes it. Errors: those of reading it; `dim-mismatch`. */
export async function scanArchive(
  { entry, ordinal, opened }: ArchiveFilm,
  queries: readonly ScoredQuery[],
  tools: ScanTools,
): Promise<ArchiveScan> {
  const film = opened ?? (await openFilm(entry, tools.context.reading));
  try {
    return await scanOpen(film, ordinal, queries, tools);
  } finally {
    if (!opened) await film.close();
  }
}

async function scanOpen(
  film: Film,
  ordinal: number,
  queries: readonly ScoredQuery[],
  { dim, scorer, filters, context }: ScanTools,
): Promise<ArchiveScan> {
  if (film.frames > 0 && film.dim !== dim) {
    throw dimMismatch(film, dim, film.dim);
  }
  const { filenames, warnings } = await film.readFilenames();
  const scan = await scanFilm(film, ordinal, scorer, queries, filters, context.signal);
  const infinite = scan.becameInfinite > 0 ? [becameInfiniteWarning(film.path, scan.becameInfinite)] : [];
  for (const warning of [...film.warnings, ...warnings, ...infinite]) context.onWarning?.(film.name, warning);
  return { scan, filenames: namesOfHits(scan, filenames), bytes: film.bytes };
}

/** A sparse array of only those names that an answer may need, so that the others can be forgotten. */
function namesOfHits(scan: FilmScan, filenames: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const hits of scan.hits) for (const { index } of hits) kept[index] = filenames[index] as string;
  return kept;
}
