/** `giallo shots`: a film as a sequence of shots. */

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
  /** Cosine of consecutive frames below which there is a cut; null where none was looked for. */
  readonly threshold: number | null;
  readonly shots: readonly ShotRow[];
}

export type ShotKind = 'cuts' | 'continuous' | 'stills';

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
}
