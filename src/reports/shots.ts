/** `giallo shots`: a film as a sequence of shots. */
import { type FilmEntry, withFilm } from '../collection/film.js';
import { dotProduct, squaredNorm } from '../kernel/scalar.js';
import { cosine } from '../ranking/metric.js';
import { hasDirection, meanVector } from '../ranking/rows.js';
import { findShots, type ShotKind, type Shots } from '../ranking/shots.js';
import type { BatchFilm } from '../search/batch/batch-films.js';
import { type SearchContext, tellWarnings } from '../search/context.js';
import { profileFilm } from '../search/film-profile.js';

/** The shots of a film, and the JSON that `giallo shots --json` prints. */
export interface ShotsReport {
  readonly v: 1;
  readonly film: string;
  readonly path: string;
  readonly frames: number;
  /**
   * `cuts`: the film has cuts that stand out. `continuous`: no cut stands out, and the film is one shot. `stills`:
   * consecutive frames are no more alike than any two, and each is a shot of its own.
   */
  readonly kind: ShotKind;
  /** Cosine of consecutive frames below which there is a cut; null if none was looked for. */
  readonly threshold: number | null;
  /** How many cuts are not below the threshold, but stand out from the steps around them. */
  readonly peaks: number;
  readonly shots: readonly ShotRow[];
}

export interface ShotRow {
  /** Number of the shot, from 0. */
  readonly shot: number;
  /** Index of its first and of its last frame. */
  readonly first: number;
  readonly last: number;
  readonly frames: number;
  /** Index of the frame closest to the shot's mean direction. */
  readonly representative: number;
  /** The representative's filename. */
  readonly filename: string;
  /** The moment of its first frame in the film, where times are known. */
  readonly seconds?: number;
}

/** The shots of a film; by default by its own threshold. Errors: those of reading a film. */
export async function shots(
  entry: FilmEntry,
  shotThreshold?: number | undefined,
  context: SearchContext = {},
): Promise<ShotsReport> {
  return withFilm(entry, context.reading, async (film) => {
    const { dim } = film;
    const { filenames, warnings } = await film.readFilenames();
    const vectors = new Float32Array(film.frames * dim);
    const profile = await profileFilm(film, context.signal, ({ firstRow, values }) =>
      vectors.set(values, firstRow * dim),
    );
    tellWarnings(film.name, [...film.warnings, ...warnings, ...profile.warnings], context);
    const { squaredNorms } = profile;
    const found = findShots(profile, shotThreshold);
    return describeShots({ entry, dim, filenames, squaredNorms, shots: found }, vectors);
  });
}

/** What a report says of shots that are found; `values` are the film's vectors [frames x dim]. */
export function describeShots(
  film: Pick<BatchFilm, 'entry' | 'dim' | 'filenames' | 'squaredNorms' | 'shots'>,
  values: Float32Array,
): ShotsReport {
  const { entry, dim, filenames, squaredNorms, shots: found } = film;
  const rows = rowsOf(found).map((frames, shot) => {
    const representative = closestToMean(frames, values, dim, squaredNorms);
    const [first, last] = [frames[0], frames[frames.length - 1]];
    const filename = filenames[representative];
    return { shot, first, last, frames: frames.length, representative, filename };
  });
  const { kind, threshold, peaks } = found;
  const { name, path } = entry;
  return { v: 1, film: name, path, frames: squaredNorms.length, kind, threshold, peaks, shots: rows };
}

/** The frames of each shot, in order. */
function rowsOf({ shotOf, count }: Shots): number[][] {
  const rows = Array.from({ length: count }, (): number[] => []);
  shotOf.forEach((shot, frame) => {
    rows[shot].push(frame);
  });
  return rows;
}

/** The first of the frames with the highest cosine to their mean direction; the first frame where there is none. */
function closestToMean(
  frames: readonly number[],
  values: Float32Array,
  dim: number,
  squaredNorms: Float64Array,
): number {
  const row = (frame: number) => values.subarray(frame * dim, (frame + 1) * dim);
  const directed = frames.filter((frame) => hasDirection(squaredNorms[frame]));
  if (directed.length === 0) return frames[0];
  const mean = meanVector(
    'cosine',
    directed.map(row),
    directed.map((frame) => squaredNorms[frame]),
  );
  const meanNorm = squaredNorm(mean);
  const scores = directed.map((frame) => cosine(dotProduct(mean, row(frame)), meanNorm, squaredNorms[frame]));
  return directed[scores.reduce((best, score, at) => (score > scores[best] ? at : best), 0)];
}
