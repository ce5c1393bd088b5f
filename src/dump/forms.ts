/** The forms of a dump's files. */
import type { FileHandle } from 'node:fs/promises';
import { GialloError } from '../errors.js';
import { inPieces, topkLines } from '../render/topk.js';
import type { TimesByName } from '../times/film-times.js';
import type { DumpForm } from './dump.js';

export type DumpFormat = 'ndjson' | 'csv' | 'npz';

/** The form of a format; `k` is the width of the arrays of `npz`, which have no times. */
export function dumpForm(format: DumpFormat, k: number, times: TimesByName): DumpForm {
  if (format === 'npz') {
    return {
      ending: '.npz',
      requireRoom(film, frames) {
        if (frames * k * bytesPerCell <= mostBytes) return;
        throw new GialloError(
          'output-too-large',
          `${film}: expected arrays below 4 GiB, found ${frames} frames x ${k} neighbours`,
          { hint: 'ask for fewer with -k, or write --ndjson or --csv' },
        );
      },
      async write(outputs, path, frames, { searched }) {
        const { writeNeighborArrays } = await import('./neighbor-arrays.js');
        await writeNeighborArrays(await outputs.create(path), path, { frames, filmNames: searched, k });
      },
    };
  }
  return {
    ending: `.${format}`,
    requireRoom() {},
    async write(outputs, path, frames) {
      await writeText(await outputs.create(path), topkLines(format, frames, 'first', times));
    },
  };
}

/** Of the three arrays of an `.npz` together, which is written without zip64. */
const bytesPerCell = 12;
const mostBytes = 0xffff_0000;

/** Lines in pieces: a dump's file can be longer than a string can. */
async function writeText(file: FileHandle, lines: Iterable<string>): Promise<void> {
  for (const piece of inPieces(lines)) await file.writeFile(piece);
}
