/** The data of a film: its data file, which the pages of its frames read, and its entry on the first page. */
import { join } from 'node:path';
import { GialloError } from '../errors.js';
import { samePictureScore } from '../ranking/metric.js';
import type { ShotsReport } from '../reports/shots.js';
import type { FrameNeighbors, Neighbor } from '../reports/topk.js';
import { colourBarcode, shotBarcode } from './barcode.js';
import {
  dataPath,
  type FilmData,
  type HomeFilm,
  type Lane,
  nameAt,
  nearlyBlack,
  type PicturesData,
  pack,
  packNames,
  repeatFlag,
  scoreCode,
  smallPicture,
  type TimesData,
  unpack,
  unusableFrames,
} from './site-data.js';
import { readDataScript } from './site-files.js';

/** The shot of a frame of any film of the site. */
type ShotOf = (film: string, index: number) => number;

/**
 * The data file of a film with these shots. `frames` are in order, and the neighbours of each frame are closest first.
 */
export function filmData(
  frames: readonly FrameNeighbors[],
  { film, kind, threshold, shots }: ShotsReport,
  shotOf: ShotOf,
): FilmData {
  const isOwn = (neighbor: Neighbor) => neighbor.film === film;
  const own = frames.map(({ neighbors }) => neighbors.filter(isOwn));
  const others = frames.map(({ neighbors }) => neighbors.filter((neighbor) => !isOwn(neighbor)));
  const found = new Set<string>();
  for (const row of others) for (const neighbor of row) found.add(neighbor.film);
  const films = [...found].sort();
  const ordinals = new Map(films.map((name, i) => [name, i]));
  const notes = frames.map(({ note }) => (note ? 1 + unusableFrames.indexOf(note) : 0));
  return {
    v: 1,
    film,
    names: packNames(frames.map(({ filename }) => filename)),
    kind,
    threshold,
    firsts: pack(shots.map(({ first }) => first)),
    representatives: pack(shots.map(({ representative }) => representative)),
    films,
    own: lane(own, shotOf, undefined),
    others: lane(others, shotOf, ordinals),
    ...(notes.some(Boolean) ? { notes: pack(notes) } : {}),
  };
}

/** The data of a film, from its file in the site. Errors: `input-malformed`. */
export async function readFilmData(folder: string, file: string): Promise<FilmData> {
  const path = dataPath(file);
  const data = await readDataScript<FilmData>(folder, path);
  if (data) return data;
  throw new GialloError('input-malformed', `${join(folder, path)}: not the data of a film`, {
    hint: 'start over with --force',
  });
}

function lane(
  rows: readonly (readonly Neighbor[])[],
  shotOf: ShotOf,
  ordinals: ReadonlyMap<string, number> | undefined,
): Lane {
  const counts = rows.map(({ length }) => length);
  const size = counts.reduce((sum, count) => sum + count, 0);
  const [films, indices, scores] = [new Uint32Array(size), new Uint32Array(size), new Uint32Array(size)];
  let place = 0;
  for (const shot of rows.flatMap((row) => shotsOf(row, shotOf))) {
    let flag = 0;
    for (const { film, index, score } of shot) {
      films[place] = ordinals?.get(film) ?? 0;
      indices[place] = index;
      scores[place++] = scoreCode(score) + flag;
      flag = repeatFlag;
    }
  }
  return {
    counts: pack(counts),
    same: pack(rows.map((row) => row.filter(isSamePicture).length)),
    films: ordinals ? pack(films) : '',
    indices: pack(indices),
    scores: pack(scores),
  };
}

const isSamePicture = ({ score }: Neighbor) => score >= samePictureScore;

/**
 * Groups the neighbours of a frame by shot, the closest shot first. A shot with neighbours that are the same picture
 * and others that are not makes two groups.
 */
function shotsOf(row: readonly Neighbor[], shotOf: ShotOf): Neighbor[][] {
  const shots: Neighbor[][] = [];
  const numbers: number[] = [];
  for (const neighbor of row) {
    const number = shotOf(neighbor.film, neighbor.index);
    const known = shots.findIndex(
      ([closest], i) =>
        numbers[i] === number &&
        closest.film === neighbor.film &&
        isSamePicture(closest) === isSamePicture(neighbor),
    );
    if (known >= 0) shots[known].push(neighbor);
    else numbers[shots.push([neighbor]) - 1] = number;
  }
  return shots;
}

/** How many places a barcode has, and how many pictures a strip. */
const places = 160;
const stripLength = 8;

/** The entry of a film on the first page. */
export function homeFilm(
  file: string,
  data: FilmData,
  pictures: PicturesData | undefined,
  times: TimesData | undefined,
): HomeFilm {
  const frames = data.names.middles.length;
  const firsts = unpack(data.firsts);
  const seconds = times && (times.seconds.at(-1) ?? 0) - (times.seconds[0] ?? 0);
  return {
    name: data.film,
    file,
    frames,
    shots: firsts.length,
    kind: data.kind,
    ...(seconds === undefined ? {} : { seconds }),
    hasPictures: pictures !== undefined,
    barcode: pack((pictures && colourBarcode(pictures, places)) ?? shotBarcode(firsts, frames, places)),
    strip: pictures ? stripOf(file, data, pictures) : [],
  };
}

/**
 * Pictures taken evenly along the film. Each part of the film gives one: that of the shot that fills most of the part,
 * and of this shot its representative frame, if that lies in the part. A shot that was shown already counts less, a
 * nearly black picture much less, and a frame without a picture is never taken.
 */
function stripOf(file: string, data: FilmData, pictures: PicturesData): HomeFilm['strip'] {
  const frames = data.names.middles.length;
  const parts = Math.min(stripLength, frames);
  const [firsts, representatives] = [unpack(data.firsts), unpack(data.representatives)];
  const weightOf = pictureWeights(pictures);
  const source = (index: number) =>
    pictures.originals && !pictures.isSmall ? nameAt(pictures.originals, index) : smallPicture(file, index);
  const shown = new Set<number>();
  return Array.from({ length: parts }, (_, part) => {
    const [start, end] = [part, part + 1].map((bound) => Math.round((bound * frames) / parts));
    const candidates = [...firsts].flatMap((first, shot) => {
      const [from, to] = [Math.max(first, start), Math.min(firsts[shot + 1] ?? frames, end)];
      if (from >= to) return [];
      const middle = (from + to) >> 1;
      const representative = representatives[shot];
      const index = representative >= from && representative < to ? representative : middle;
      return [{ shot, index, weight: (to - from) * weightOf(index) * (shown.has(shot) ? 0.1 : 1) }];
    });
    const best = candidates.reduce((one, other) => (other.weight > one.weight ? other : one));
    shown.add(best.shot);
    return best.weight > 0 ? [{ index: best.index, source: source(best.index) }] : [];
  }).flat();
}

/** The weight of a frame: 1 if it has a picture, almost 0 if the picture is nearly black, and 0 if there is none. */
function pictureWeights({ states, colours }: PicturesData): (frame: number) => number {
  const stateOf = unpack(states);
  const channels = colours === undefined ? undefined : unpack(colours);
  return (frame) => {
    if (stateOf[frame] !== 1) return 0;
    return channels && Math.max(...channels.subarray(frame * 3, frame * 3 + 3)) < nearlyBlack ? 0.001 : 1;
  };
}
