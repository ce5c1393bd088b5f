/**
 * Which frames are near to another frame of the same film, and so are left out: those within a number of rows, or those
 * of its shot. A frame is always near to itself.
 */

/** How many rows away a frame is still near, or `shot`: near are the frames of the same shot. */
export type Nearness = number | 'shot';

/** Frames from `first` up to, not including, `end`. */
export interface FrameSpan {
  readonly first: number;
  readonly end: number;
}

/** The frames near to frame `index`. `shotOf` has the shot of each frame, never falling; only `shot` needs it. */
export function nearSpan(index: number, excludeNear: Nearness, shotOf: Int32Array | undefined): FrameSpan {
  if (excludeNear !== 'shot')
    return { first: Math.max(0, index - excludeNear), end: index + excludeNear + 1 };
  if (!shotOf) throw new Error('shots are needed to leave out a shot');
  return { first: shotOf.indexOf(shotOf[index]), end: shotOf.lastIndexOf(shotOf[index]) + 1 };
}

/** Whether a frame is in one of the spans. */
export function isInSpans(spans: readonly FrameSpan[], index: number): boolean {
  return spans.some(({ first, end }) => index >= first && index < end);
}

/** A test whether two frames of one film are near to each other. */
export function areNear(excludeNear: Nearness, shotOf: Int32Array): (one: number, other: number) => boolean {
  if (excludeNear !== 'shot') return (one, other) => Math.abs(one - other) <= excludeNear;
  return (one, other) => shotOf[one] === shotOf[other];
}
