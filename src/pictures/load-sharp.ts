/** Loads sharp, which decodes and shrinks pictures. It is an optional dependency of 20 MB. */
import type sharp from 'sharp';
import { requireDescriptors } from '../files/descriptor-limit.js';

export type Sharp = typeof sharp;

/** How to install it, for hints. */
export const sharpHint = 'the optional package sharp is missing; `npm install sharp` installs it';

/** sharp, or undefined if it is not installed or has no binary for this machine. Errors: `open-files-limit`. */
export async function loadSharp(): Promise<Sharp | undefined> {
  let loaded: Sharp;
  try {
    loaded = (await import('sharp')).default;
  } catch {
    requireDescriptors();
    return undefined;
  }
  // SVG is switched off, since drawings can refer to other files.
  loaded.block({ operation: ['VipsForeignLoadSvg'] });
  loaded.cache(false);
  return loaded;
}
