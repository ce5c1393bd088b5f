/**
 * Shots: where a film is cut, judged from the film itself.
 *
 * The distance of two frames is 1 - cosine. A film is made of small steps within shots and large ones at cuts, so the
 * threshold is Otsu's (1979: the split of the consecutive distances into two classes with the greatest variance between
 * them), trusted only where the classes are truly two: the mean step of the upper class is at least `contrast` times
 * that of the lower, and at least half the film's typical distance, which is that of any two of its frames (a cut leads
 * to an unrelated picture). In such a film a step of at least half the threshold is a cut too where it is a peak, at
 * least `peakRatio` times each of the `peakReach` steps before and after it: a cut between pictures that are somewhat
 * alike (Yeo and Liu 1995, Rapid scene analysis on compressed video, whose ratio of 2 to 3 this is). Where no cut
 * stands out, a median step below half the typical distance says that time flows through the film: it is one shot. Else
 * its frames are stills, and each is a shot of its own.
 */
import { isFiniteRow } from './rows.js';

/** What cut detection needs to know of a film. */
export interface Steps {
  /** Cosine of each frame with the last finite frame before it; NaN for the first, and for rows that are not finite. */
  readonly cosines: Float64Array;
  /** n2 of each row: 0 for all-zero rows, not finite for rows with NaN or Inf. */
  readonly squaredNorms: Float64Array;
  /** Mean of 1 - cosine over all pairs of frames, rows without a direction left out; NaN with fewer than two. */
  readonly typicalDistance: number;
}

export type ShotKind = 'cuts' | 'continuous' | 'stills';

export interface Shots {
  readonly kind: ShotKind;
  /** Cosine below which there is a cut, while peaks are cuts above it too; null if none stands out. */
  readonly threshold: number | null;
  /** How many cuts are not below the threshold, but stand out from the steps around them. */
  readonly peaks: number;
  /** The shot of each frame, from 0, never falling. */
  readonly shotOf: Int32Array;
  readonly count: number;
}

/** How many times larger steps at cuts are than steps within shots, on average, for cuts to stand out. */
const contrast = 6;
/** How many times larger a peak is than the steps around it, and how many of those are looked at on either side. */
const peakRatio = 3;
const peakReach = 2;

/**
 * The shots of a film. A given `threshold` takes the place of the film's own, and of peaks. Consecutive all-zero rows
 * are of one shot; a row that is not finite is of the shot before it. The same steps give the same shots everywhere.
 */
export function findShots(steps: Steps, threshold?: number | undefined): Shots {
  const verdict: Verdict = threshold === undefined ? judge(steps) : { kind: 'cuts', cut: threshold };
  const { cosines, squaredNorms } = steps;
  const shotOf = new Int32Array(cosines.length);
  let shot = 0;
  let peaks = 0;
  let before = Number.NaN;
  for (let frame = 0; frame < shotOf.length; frame++) {
    const norm = squaredNorms[frame];
    if (isFiniteRow(norm)) {
      const isBlackOnBlack = norm === 0 && before === 0;
      const step = Number.isNaN(before) ? 'none' : stepAt(verdict, frame, cosines[frame], isBlackOnBlack);
      if (step !== 'none') shot++;
      if (step === 'peak') peaks++;
      before = norm;
    }
    shotOf[frame] = shot;
  }
  const count = shotOf.length === 0 ? 0 : shot + 1;
  return { kind: verdict.kind, threshold: verdict.cut, peaks, shotOf, count };
}

/** Whether there is a cut before a frame, whose cosine with the one before is given. */
function stepAt(
  { kind, cut, peaks }: Verdict,
  frame: number,
  cosine: number,
  isBlackOnBlack: boolean,
): 'none' | 'cut' | 'peak' {
  if (kind === 'stills') return 'cut';
  if (kind !== 'cuts' || isBlackOnBlack) return 'none';
  if (cosine < (cut as number)) return 'cut';
  return peaks?.has(frame) ? 'peak' : 'none';
}

interface Verdict {
  readonly kind: ShotKind;
  /** The cosine below which there is a cut. */
  readonly cut: number | null;
  /** Frames before which there is a cut although their cosine is not below `cut`. */
  readonly peaks?: ReadonlySet<number>;
}

function judge({ cosines, squaredNorms, typicalDistance }: Steps): Verdict {
  const frames: number[] = [];
  const distances: number[] = [];
  for (let frame = 1; frame < cosines.length; frame++) {
    const isBlackOnBlack = squaredNorms[frame] === 0 && squaredNorms[frame - 1] === 0;
    if (Number.isNaN(cosines[frame]) || isBlackOnBlack) continue;
    frames.push(frame);
    distances.push(Math.max(0, 1 - cosines[frame]));
  }
  const sorted = Float64Array.from(distances).sort();
  if (sorted.length === 0) return { kind: 'continuous', cut: null };
  const split = otsu(sorted);
  if (split && split.upperMean >= contrast * split.lowerMean && split.upperMean >= typicalDistance / 2) {
    const isPeak = (_: number, step: number) => isPeakAt(distances, step, split.threshold / 2);
    return { kind: 'cuts', cut: 1 - split.threshold, peaks: new Set(frames.filter(isPeak)) };
  }
  const median = sorted[sorted.length >> 1];
  return { kind: median < typicalDistance / 2 || median === 0 ? 'continuous' : 'stills', cut: null };
}

function isPeakAt(distances: readonly number[], step: number, least: number): boolean {
  const before = distances.slice(Math.max(0, step - peakReach), step);
  const after = distances.slice(step + 1, step + 1 + peakReach);
  return distances[step] >= least && distances[step] >= peakRatio * Math.max(...before, ...after);
}

interface Split {
  readonly threshold: number;
  readonly lowerMean: number;
  readonly upperMean: number;
}

/** The split of ascending values with the greatest variance between its two sides; none if all are equal. */
function otsu(sorted: Float64Array): Split | undefined {
  const total = sorted.reduce((sum, value) => sum + value, 0);
  let best: Split | undefined;
  let greatest = 0;
  let below = 0;
  for (let count = 1; count < sorted.length; count++) {
    below += sorted[count - 1];
    if (sorted[count] === sorted[count - 1]) continue;
    const lowerMean = below / count;
    const upperMean = (total - below) / (sorted.length - count);
    const variance = count * (sorted.length - count) * (upperMean - lowerMean) ** 2;
    if (variance <= greatest) continue;
    greatest = variance;
    best = { threshold: (sorted[count - 1] + sorted[count]) / 2, lowerMean, upperMean };
  }
  return best;
}
