/** Small pictures for tests. */
import sharp from 'sharp';
import { randomFrom } from '../seeded-numbers.js';

/** A PNG with one pixel for each of these colours. */
export async function picture(rows: readonly (readonly [number, number, number][])[]): Promise<Buffer> {
  const raw = { width: rows[0].length, height: rows.length, channels: 3 as const };
  return sharp(Uint8Array.from(rows.flat(2)), { raw })
    .png()
    .toBuffer();
}

/** A picture of noise, which does not compress. */
export async function noise(width: number, height: number): Promise<Buffer> {
  const random = randomFrom(1);
  const pixels = Uint8Array.from({ length: width * height * 3 }, () => 256 * random());
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}
