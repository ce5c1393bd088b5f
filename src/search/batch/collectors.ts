/** The collectors: one for each kind of question keeps pairs of frames of two blocks. Rows are those of the blocks. */
import { FilmSelection } from '../../ranking/film-selection.js';
import { RankedRows } from '../../ranking/ranked-rows.js';
import { TopK } from '../../ranking/top-k.js';
import { CandidatePool } from './candidate-pool.js';
import { anyAsked, type FilmBlock, floorsOfPairs, useOfPairs, useToA, useToB } from './film-block.js';
import { collectGroups } from './joined-frames.js';
import {
  type BlockQuestion,
  type CollectNearest,
  type Collector,
  type CollectShotPairs,
  type FramePair,
  type FramePairs,
  packPairs,
  roomForPairs,
} from './pair-task.js';

/** The collector that a question asks for. */
export function createCollector(question: BlockQuestion): Collector {
  const { collect } = question;
  switch (collect.kind) {
    case 'nearest':
      return collectBothWays(question, (asking, other) =>
        nearestRows(collect, asking, other, asking === question.a ? collect.floorsA : collect.floorsB),
      );
    case 'best-of-shots':
      return { ...collectBothWays(question, bestOfShots), isBlind: true };
    case 'shot-pairs':
      return collectShotPairs(question, collect);
    case 'groups':
      return collectGroups(question, collect);
  }
}

const never = Number.POSITIVE_INFINITY;
const always = Number.NEGATIVE_INFINITY;

/** The matches that the asking rows of one block keep among the rows of another. Floors are as those of `Collector`. */
interface MatchesOfRows {
  readonly floors: Float64Array;
  floorOf(row: number, other: number): number;
  offer(row: number, other: number, closeness: number): void;
  pack(): FramePairs;
  release?(): void;
}

/** Collects matches for the rows of `a` and for those of `b`; only once if they are the same block. */
function collectBothWays(
  { a, b, excludeNear, ceiling = never }: BlockQuestion,
  matchesOf: (asking: FilmBlock, other: FilmBlock) => MatchesOfRows,
): Collector {
  const forward = matchesOf(a, b);
  const backward = a.number === b.number ? forward : matchesOf(b, a);
  const useOf = useOfPairs(a, b, excludeNear);
  return {
    ceiling,
    floorsA: forward.floors,
    floorsB: backward.floors,
    floorOf(rowA, rowB) {
      const use = useOf(rowA, rowB);
      const toA = use & useToA ? forward.floorOf(rowA, rowB) : never;
      return use & useToB ? Math.min(toA, backward.floorOf(rowB, rowA)) : toA;
    },
    offer(rowA, rowB, closeness) {
      const use = useOf(rowA, rowB);
      if (use & useToA) forward.offer(rowA, rowB, closeness);
      if (use & useToB) backward.offer(rowB, rowA, closeness);
    },
    finish: () => ({
      forward: forward.pack(),
      backward: backward === forward ? roomForPairs(0) : backward.pack(),
    }),
    release() {
      forward.release?.();
      if (backward !== forward) backward.release?.();
    },
  };
}

/** The nearest rows of each asking row. `firstFloors` are the floors of the question, one for each asking row. */
function nearestRows(
  collect: CollectNearest,
  asking: FilmBlock,
  other: FilmBlock,
  firstFloors: Float64Array,
): MatchesOfRows {
  const isLimited = collect.perShot !== undefined || (collect.perFilm ?? collect.limit) < collect.limit;
  return (isLimited ? limitedRows : unlimitedRows)(collect, asking, other, firstFloors);
}

function unlimitedRows(
  { limit }: CollectNearest,
  asking: FilmBlock,
  other: FilmBlock,
  firstFloors: Float64Array,
): MatchesOfRows {
  const hits = new RankedRows(firstFloors.length, Math.min(limit, other.frames));
  const floors = firstFloors.slice();
  return {
    floors,
    floorOf: (row) => floors[row],
    offer(row, index, closeness) {
      if (!(closeness >= floors[row])) return;
      hits.offer(row, { film: 0, index, closeness });
      floors[row] = Math.max(firstFloors[row], hits.floorOf(row));
    },
    pack() {
      const pairs = roomForPairs(hits.total);
      let at = 0;
      hits.forEach((row, _, index, closeness) => {
        pairs.from[at] = asking.firstFrame + row;
        pairs.to[at] = other.firstFrame + index;
        pairs.closeness[at++] = closeness;
      });
      return pairs;
    },
    release: () => hits.release(),
  };
}

/** The nearest rows within the limits per film and per shot. */
function limitedRows(
  { limit, perFilm = limit, perShot }: CollectNearest,
  asking: FilmBlock,
  { films, filmOf, shotOf, firstFrame }: FilmBlock,
  firstFloors: Float64Array,
): MatchesOfRows {
  const floors = firstFloors.slice();
  const kept = new Int32Array(firstFloors.length);
  const perShotLimit = perShot === undefined ? undefined : { limit: perShot, shotOf };
  const selections = Array.from(firstFloors, () => new Map<number, FilmSelection>());
  const selectionOf = (row: number, film: number) => {
    const known = selections[row].get(film);
    if (known) return known;
    const limits = { limit: Math.min(limit, perFilm), minCloseness: firstFloors[row], perShot: perShotLimit };
    const selection = new FilmSelection(film, limits);
    selections[row].set(film, selection);
    return selection;
  };
  /** The best matches of a row within all limits. Once there are `limit` of them, the last of them is a floor. */
  const bestOf = (row: number) => {
    const best = new TopK(limit);
    for (const selection of selections[row].values())
      for (const hit of selection.best().kept) best.offer(hit);
    return best;
  };
  return {
    floors,
    floorOf: (row, other) =>
      Math.max(floors[row], selections[row].get(filmOf[other])?.floorOf(other) ?? always),
    offer(row, other, closeness) {
      if (!(closeness >= floors[row])) return;
      const selection = selectionOf(row, filmOf[other]);
      selection.offer(other, closeness);
      kept[row]++;
      if (films.length === 1 && !perShotLimit) floors[row] = selection.floor();
      // `bestOf` takes long: it is worth it only now and then.
      else if (kept[row] % limit === 0) floors[row] = Math.max(firstFloors[row], bestOf(row).floor());
    },
    pack() {
      const pairs = selections.flatMap((_, row) =>
        bestOf(row)
          .sorted()
          .map(({ index, closeness }): FramePair => [row, index, closeness]),
      );
      return packPairs(pairs, asking.firstFrame, firstFrame);
    },
  };
}

/** The best pair of each shot of a block with each film of another. */
function bestOfShots(asking: FilmBlock, other: FilmBlock): MatchesOfRows {
  const films = other.films.length;
  const best = new Float64Array(asking.shotCount * films).fill(always);
  const [pairs, others] = [new Int32Array(best.length).fill(-1), new Int32Array(best.length).fill(-1)];
  const rows = rowsOfShots(asking);
  const floors = new Float64Array(asking.frames).fill(never);
  for (let row = 0; row < asking.frames; row++) if (asking.roleOf[row] & anyAsked) floors[row] = always;
  const raise = (shot: number) => {
    let floor = never;
    for (let place = shot * films; place < (shot + 1) * films; place++) floor = Math.min(floor, best[place]);
    const { first, end } = rows[shot];
    for (let row = first; row < end; row++) if (floors[row] < never) floors[row] = floor;
  };
  const placeOf = (row: number, index: number) => asking.shotOf[row] * films + other.filmOf[index];
  const isBefore = (row: number, index: number, place: number) =>
    row < pairs[place] || (row === pairs[place] && index < others[place]);
  return {
    floors,
    floorOf: (row, index) => best[placeOf(row, index)],
    offer(row, index, closeness) {
      const place = placeOf(row, index);
      const before = best[place];
      if (!(closeness > before || (closeness === before && isBefore(row, index, place)))) return;
      [best[place], pairs[place], others[place]] = [closeness, row, index];
      if (before <= floors[row]) raise(asking.shotOf[row]);
    },
    pack() {
      const found = Array.from(best.keys()).flatMap((place): FramePair[] =>
        others[place] < 0 ? [] : [[pairs[place], others[place], best[place]]],
      );
      return packPairs(found, asking.firstFrame, other.firstFrame);
    },
  };
}

/** The rows of each shot of a block, which lie together. */
function rowsOfShots({ shotOf, shotCount }: FilmBlock): { first: number; end: number }[] {
  const runs = Array.from({ length: shotCount }, () => ({ first: 0, end: 0 }));
  for (let row = 0; row < shotOf.length; row++) {
    const run = runs[shotOf[row]];
    if (run.end === 0) run.first = row;
    run.end = row + 1;
  }
  return runs;
}

/** A table of pairs of shots may have room for this many times the pairs that are kept, at 16 bytes each. */
const tableShare = 8;

/**
 * Keeps the best `limit` pairs of frames of each pair of shots, and of all these the best. If there are too many pairs
 * of shots for a table, it keeps the best pairs of frames: shots then have hardly more than one frame each.
 */
function collectShotPairs(
  { a, b, excludeNear, ceiling = never }: BlockQuestion,
  collect: CollectShotPairs,
): Collector {
  const { limit, after, size } = collect;
  const pool = new CandidatePool(collect);
  const table = shotTable(a, b, limit, tableShare * size);
  const useOf = useOfPairs(a, b, excludeNear);
  const { floorsA, floorsB } = floorsOfPairs(a, b, collect.end.closeness);
  const offer = (rowA: number, rowB: number, closeness: number) =>
    pool.offer({ a: a.firstFrame + rowA, b: b.firstFrame + rowB, closeness });
  // If lower bounds are offered, the pool may hold pairs that belong before `after`: its own end is then too early.
  const end = () => (after ? collect.end : pool.end);
  let known = end().closeness;
  return {
    ceiling,
    floorsA,
    floorsB,
    floorOf(rowA, rowB) {
      if (useOf(rowA, rowB) === 0) return never;
      const { closeness } = end();
      return table ? Math.max(closeness, table.floorOf(rowA, rowB)) : closeness;
    },
    offer(rowA, rowB, closeness) {
      if (!(closeness >= pool.end.closeness) || useOf(rowA, rowB) === 0) return;
      if (table) table.offer(rowA, rowB, closeness);
      else offer(rowA, rowB, closeness);
      if (end().closeness > known) {
        known = end().closeness;
        for (const [row, before] of floorsA.entries()) if (before < never) floorsA[row] = known;
      }
    },
    end,
    finish(endOfOffered = collect.end) {
      table?.forEach(offer);
      pool.endAt(endOfOffered);
      const pairs = pool.sorted().map((pair): FramePair => [pair.a, pair.b, pair.closeness]);
      return { forward: packPairs(pairs, 0, 0), backward: roomForPairs(0), end: pool.end };
    },
    release: () => table?.release(),
  };
}

/**
 * A table of the best pairs of frames of each pair of shots; undefined if it would have more than `mostPlaces` places.
 */
function shotTable(a: FilmBlock, b: FilmBlock, limit: number, mostPlaces: number) {
  const rows = a.shotCount * b.shotCount;
  const largest = (block: FilmBlock) =>
    rowsOfShots(block).reduce((most, { first, end }) => Math.max(most, end - first), 0);
  const pairsOfTwo = Math.min(limit, largest(a) * largest(b));
  if (rows * pairsOfTwo > mostPlaces) return undefined;
  const best = new RankedRows(rows, pairsOfTwo);
  const rowOf = (rowA: number, rowB: number) => a.shotOf[rowA] * b.shotCount + b.shotOf[rowB];
  return {
    offer(rowA: number, rowB: number, closeness: number) {
      best.offer(rowOf(rowA, rowB), { film: rowA, index: rowB, closeness });
    },
    floorOf: (rowA: number, rowB: number) => best.floorOf(rowOf(rowA, rowB)),
    forEach(take: (rowA: number, rowB: number, closeness: number) => void) {
      best.forEach((_, rowA, rowB, closeness) => {
        take(rowA, rowB, closeness);
      });
    },
    release: () => best.release(),
  };
}
