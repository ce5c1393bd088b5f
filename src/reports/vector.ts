/** `giallo vector`: the numbers of one frame. */
import type { Collection } from '../collection/collection.js';
import type { FrameName } from '../collection/frame-name.js';
import { GialloError } from '../errors.js';
import { type SearchContext, tellWarnings } from '../search/context.js';
import { openQueryFrames } from '../search/query-frames.js';

/** A frame with its vector. */
export interface FrameVector {
  readonly film: string;
  readonly path: string;
  readonly index: number;
  readonly filename: string;
  /** [dim], the caller's own. */
  readonly vector: Float32Array;
}

/** The vector of a frame. Errors: those of naming films and frames, and of reading the film. */
export async function vector(
  collection: Collection,
  name: FrameName,
  context: SearchContext = {},
): Promise<FrameVector> {
  const queryFrames = openQueryFrames(collection, context);
  try {
    const frame = await queryFrames.resolve(name);
    const row = (await queryFrames.read([frame])).get(frame);
    if (row instanceof GialloError) throw row;
    const film = queryFrames.opened.get(frame.film);
    if (film) tellWarnings(film.name, [...film.warnings, ...(await film.readFilenames()).warnings], context);
    return {
      film: frame.film.name,
      path: frame.film.path,
      index: frame.index,
      filename: frame.filename,
      vector: row as Float32Array,
    };
  } finally {
    await queryFrames.close();
  }
}
