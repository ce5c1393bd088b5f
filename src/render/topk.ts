/** The lines of a dump: in NDJSON one for each frame, in CSV one for each neighbour. */
import type { FrameNeighbors } from '../reports/topk.js';
import type { FramePlace } from '../search/answer.js';
import { momentOf, type TimesByName, withSeconds } from '../times/film-times.js';
import { csvLine } from './formats.js';
import type { Cell } from './tabular.js';

/** The lines of one film, with the times that are known. In CSV, a header stands above those of the first film. */
export function* topkLines(
  format: 'ndjson' | 'csv',
  frames: readonly FrameNeighbors[],
  place: 'first' | 'later',
  times: TimesByName,
): Generator<string> {
  const timed = (cell: Cell) => (times.size > 0 ? [cell] : []);
  if (format === 'csv' && place === 'first') {
    const [time, neighborTime] = [timed('time'), timed('neighbor_time')];
    const frame = ['film', 'index', ...time, 'filename', 'rank'];
    yield csvLine([
      ...frame,
      'neighbor_film',
      'neighbor_index',
      ...neighborTime,
      'neighbor_filename',
      'score',
    ]);
  }
  const timeOf = ({ film, index }: FramePlace) => momentOf(times, film, index);
  for (const frame of frames) {
    if (format === 'ndjson') {
      yield `${JSON.stringify(times.size > 0 ? withSeconds(frame, times) : frame)}\n`;
      continue;
    }
    const { film, index, filename, neighbors } = frame;
    const place = [film, index, ...timed(timeOf(frame)), filename];
    for (const [i, found] of neighbors.entries()) {
      const time = timed(timeOf(found));
      yield csvLine([...place, i + 1, found.film, found.index, ...time, found.filename, found.score]);
    }
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
