/** `giallo similar <picture>`: asking with the screenshot of a frame instead of its film and index. */
import type { Collection } from '../../collection/collection.js';
import type { FrameName } from '../../search/query-frames.js';
import type { SeeingFlags } from '../options/seeing-options.js';
import { folderOf } from '../outputs/show-answer.js';
import type { Session } from '../session/session.js';

/**
 * The frames whose screenshots the words are, or undefined where the first is no picture's path. Errors: those of
 * `frameOfPicture`.
 */
export async function framesOfPictures(
  session: Session,
  flags: SeeingFlags,
  collection: Collection,
  words: readonly string[],
): Promise<FrameName[] | undefined> {
  const [first] = words;
  if (first === undefined || !/\.[a-z]{3,4}$/i.test(first)) return undefined;
  const { frameOfPicture, isPicturePath } = await import('../../pictures/frame-of-picture.js');
  if (!isPicturePath(first) || collection.films.some(({ name }) => name === first)) return undefined;
  const { folder } = await folderOf(session, flags, { collection });
  const frames: FrameName[] = [];
  for (const path of words) {
    frames.push(await frameOfPicture(path, folder, collection, session.context.reading));
  }
  return frames;
}
