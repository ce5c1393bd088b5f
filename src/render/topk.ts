/** The lines of a dump: NDJSON, one frame a line, and CSV, one neighbour a line. */
import type { FrameNeighbors } from '../reports/topk.js';
import { csvLine } from './delimited.js';

export function* topkNdjson(frames: readonly FrameNeighbors[]): Generator<string> {
  for (const frame of frames) yield `${JSON.stringify(frame)}\n`;
}

export const topkCsvHeader =
  'film,index,filename,rank,neighbor_film,neighbor_index,neighbor_filename,score\n';

export function* topkCsv(frames: readonly FrameNeighbors[]): Generator<string> {
  for (const { film, index, filename, neighbors } of frames) {
    for (const [i, found] of neighbors.entries()) {
      yield csvLine([film, index, filename, i + 1, found.film, found.index, found.filename, found.score]);
    }
  }
}
