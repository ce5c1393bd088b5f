/** How much of a known amount of work is done. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural: `films`. */
  readonly unit: string;
}
