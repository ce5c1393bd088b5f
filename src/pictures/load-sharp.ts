/** sharp, which shrinks and decodes pictures: an optional dependency of 20 MB, loaded by those who need it. */
import type sharp from 'sharp';
import { requireDescriptors } from '../files/descriptor-limit.js';

export type Sharp = typeof sharp;

/** How to get it, for a hint where it is missing. */
export const sharpHint = 'the optional package sharp is missing; `npm install sharp` installs it';

/** sharp, or undefined where it is not installed or has no binary for this machine. Errors: `open-files-limit`. */
export async function loadSharp(): Promise<Sharp | undefined> {
  let loaded: Sharp;
  try {
    loaded = (await import('sharp')).default;
  } catch {
    requireDescriptors();
    return undefined;
  }
  // Only pictures of pixels are read: drawings (SVG) can refer to other files.
  loaded.block({ operation: ['VipsForeignLoadSvg'] });
  loaded.cache(false);
  return loaded;
}
