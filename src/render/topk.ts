/** The lines of a dump: NDJSON, one frame a line, and CSV, one neighbour a line. */
import type { FrameNeighbors } from '../reports/topk.js';
import { csvLine } from './formats.js';

const csvHeader = 'film,index,filename,rank,neighbor_film,neighbor_index,neighbor_filename,score\n';

/** The lines of one film; a header stands above those of the first film. */
export function* topkLines(
  format: 'ndjson' | 'csv',
  frames: readonly FrameNeighbors[],
  place: 'first' | 'later',
): Generator<string> {
  if (format === 'csv' && place === 'first') yield csvHeader;
  for (const frame of frames) {
    if (format === 'ndjson') yield `${JSON.stringify(frame)}\n`;
    else yield* csvLines(frame);
  }
}

function* csvLines({ film, index, filename, neighbors }: FrameNeighbors): Generator<string> {
  for (const [i, found] of neighbors.entries()) {
    yield csvLine([film, index, filename, i + 1, found.film, found.index, found.filename, found.score]);
  }
}

const pieceLength = 1 << 20;

/** Lines joined into pieces of about a MiB of text. */
export function* inPieces(lines: Iterable<string>): Generator<string> {
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
