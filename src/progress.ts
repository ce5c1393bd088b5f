/** Work done so far, of a known total. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What is counted, in the plural: `films`. */
  readonly unit: string;
}
