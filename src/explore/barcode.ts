/** A film from its first frame to its last as a row of places: red, green, blue and opacity of each, from 0 to 255. */
import { type PicturesData, unpack } from './site-data.js';

/** The mean colour of the pictures of each place; a place without any shows nothing. Undefined where no colours are known. */
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

/** Shots by turns in two greys. */
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

/** Where each place begins, and where the last ends; a film with fewer frames has a place a frame. */
function bounds(frames: number, most: number): number[] {
  const count = Math.min(most, frames);
  return Array.from({ length: count + 1 }, (_, place) => Math.round((place * frames) / count));
}
