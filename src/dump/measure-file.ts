/** The size and checksum by which a finished file is known again. */
import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { openPatiently } from '../files/open-files.js';

export interface FileMeasure {
  readonly bytes: number;
  /** CRC-32 of the file, eight hexadecimal digits. */
  readonly crc32: string;
}

/** Reads a file whole, in flat memory. Errors of the file system as they are. */
export async function measureFile(path: string): Promise<FileMeasure> {
  const file = await openPatiently(() => open(path));
  try {
    let bytes = 0;
    let sum = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
      bytes += chunk.length;
      sum = crc32(chunk, sum);
    }
    return { bytes, crc32: sum.toString(16).padStart(8, '0') };
  } finally {
    await file.close();
  }
}
