/** A film as a row of colours, its barcode. Each place has red, green, blue and opacity, from 0 to 255. */
import { type PicturesData, unpack } from './site-data.js';

/** The mean colours of the pictures. A place without pictures is transparent. Undefined if no colours are known. */
export function colourBarcode({ states, colours }: PicturesData, most: number): number[] | undefined {
  if (colours === undefined) return undefined;
  const [stateOf, channels] = [unpack(states), unpack(colours)];
  const starts = bounds(stateOf.length, most);
  return starts.slice(0, -1).flatMap((start, place) => {
    const sums = [0, 0, 0];
    let count = 0;
    for (let frame = start; frame < starts[place + 1]; frame++) {
      if (stateOf[frame] !== 1) continue;
      for (let channel = 0; channel < 3; channel++) sums[channel] += channels[3 * frame + channel];
      count++;
    }
    return count === 0 ? [0, 0, 0, 0] : [...sums.map((sum) => Math.round(sum / count)), 255];
  });
}

/** The shots, in two alternating greys. */
export function shotBarcode(firsts: Uint32Array, frames: number, most: number): number[] {
  let shot = -1;
  return bounds(frames, most)
    .slice(0, -1)
    .flatMap((start) => {
      while (shot + 1 < firsts.length && firsts[shot + 1] <= start) shot++;
      const tone = shot & 1 ? 160 : 110;
      return [tone, tone, tone, 255];
    });
}

/**
 * The first frame of each place, and the end of the last. A film with fewer frames than `most` has one place for each
 * frame.
 */
function bounds(frames: number, most: number): number[] {
  const count = Math.min(most, frames);
  return Array.from({ length: count + 1 }, (_, place) => Math.round((place * frames) / count));
}
