/** The forms of a dump's files. */
import type { FileHandle } from 'node:fs/promises';
import { topkCsv, topkCsvHeader, topkNdjson } from '../render/topk.js';
import type { FrameNeighbors } from '../reports/topk.js';
import type { DumpForm } from './dump.js';

export const dumpFormats = ['ndjson', 'csv', 'npz'] as const;
export type DumpFormat = (typeof dumpFormats)[number];

/** The form of a format; `k` is the width of the arrays of `npz`. */
export function dumpForm(format: DumpFormat, k: number): DumpForm {
  if (format === 'npz') {
    return {
      ending: '.npz',
      async write(outputs, path, frames) {
        const { writeNeighborArrays } = await import('./neighbor-arrays.js');
        await writeNeighborArrays(await outputs.create(path), path, frames, k);
      },
    };
  }
  return {
    ending: `.${format}`,
    async write(outputs, path, frames) {
      await writeText(await outputs.create(path), textOf(format, frames));
    },
  };
}

function* textOf(format: 'ndjson' | 'csv', frames: readonly FrameNeighbors[]): Generator<string> {
  if (format === 'csv') yield topkCsvHeader;
  yield* format === 'csv' ? topkCsv(frames) : topkNdjson(frames);
}

const pieceLength = 1 << 20;

/** Lines in pieces of about a MiB of text: a dump's file can be longer than a string can. */
async function writeText(file: FileHandle, lines: Iterable<string>): Promise<void> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < pieceLength) continue;
    await file.writeFile(piece);
    piece = '';
  }
  await file.writeFile(piece);
}
