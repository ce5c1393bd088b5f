/** Warnings about a film that can be used, but not exactly as it was saved. */
import type { NumberType } from '../npz/dtypes.js';

export type WarningCode =
  | 'names-missing'
  | 'names-pickled'
  | 'names-unreadable'
  | 'names-latin1'
  | 'converted'
  | 'became-infinite';

/** One line, `<place>: <warning>`. It may contain names from files, as errors do. */
export interface FilmWarning {
  readonly code: WarningCode;
  readonly message: string;
  /** What mends it, if that depends on the file. */
  readonly hint?: string;
}

/** One warning if vectors are not stored as float32, none if they are. */
export function convertedWarnings(place: string, dtype: NumberType): readonly FilmWarning[] {
  if (dtype.layout === 'float32') return [];
  return [{ code: 'converted', message: `${place}: ${dtype.label} is read as float32` }];
}

/** One warning if numbers are too large for float32, as `RowBlock.becameInfinite` counts them; none for 0. */
export function infiniteWarnings(path: string, count: number): readonly FilmWarning[] {
  if (count === 0) return [];
  const numbers = count === 1 ? '1 number is' : `${count} numbers are`;
  return [
    { code: 'became-infinite', message: `${path}: ${numbers} too large for float32 and became infinite` },
  ];
}

/** What is said if names and frames differ in number: `1 name for 6 frames`. */
export function namesForFrames(names: number, frames: number): string {
  return `${names} ${names === 1 ? 'name' : 'names'} for ${frames} ${frames === 1 ? 'frame' : 'frames'}`;
}
