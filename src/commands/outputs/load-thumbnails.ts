/** The pictures of a page, found and shrunk, as many at a time as there are cores. */
import { loadSharp, sharpHint } from '../../pictures/load-sharp.js';
import type { NamedPicture, PictureFolder } from '../../pictures/picture-folder.js';
import { type Thumbnail, thumbnail } from '../../pictures/thumbnail.js';
import type { NoPicture, PicturesShown } from '../../render/html/page-context.js';
import { counted, grouped } from '../../render/tabular.js';
import { forEachConcurrently } from '../../search/concurrency.js';
import { jobsOf } from '../../threads/thread-budget.js';
import type { Session } from '../session/session.js';

export interface Thumbnails {
  of(frame: NamedPicture): Thumbnail | NoPicture;
  /** The usual width of the pictures by their height; undefined where there is none. */
  readonly shape: number | undefined;
  /** For the page: what is not shown, and why. */
  readonly notes: readonly string[];
}

/** Pixels: twice what they take on a page, for dense screens. */
const largeSide = 960;
const smallSide = 440;

/** Pictures of one page: about 20 MB, which a browser still opens in a moment. */
const mostPictures = 2000;

/** Loads what a page shows; each picture once, a frame that is shown large and small the large one. */
export async function loadThumbnails(
  shown: PicturesShown,
  folder: PictureFolder,
  session: Session,
): Promise<Thumbnails> {
  const sides = new Map<string, { readonly frame: NamedPicture; readonly side: number }>();
  for (const frame of shown.large) sides.set(keyOf(frame), { frame, side: largeSide });
  for (const frame of shown.small) {
    if (!sides.has(keyOf(frame))) sides.set(keyOf(frame), { frame, side: smallSide });
  }
  const sharp = await loadSharp();
  const loaded = new Map<string, Thumbnail | NoPicture>();
  await forEachConcurrently(
    [...sides].slice(0, mostPictures),
    jobsOf(session.context),
    async ([key, { frame, side }]) => {
      session.context.signal?.throwIfAborted();
      const path = await folder.find(frame);
      loaded.set(
        key,
        path === null ? 'missing' : await thumbnail(path, { sharp, width: side, height: side }),
      );
      session.notices.progress({ done: loaded.size, total: sides.size, unit: 'pictures' });
    },
  );
  await session.notices.endProgress();
  const pictures = [...sides.keys()].map((key) => loaded.get(key) ?? 'left-out');
  if (sharp === undefined && pictures.some((picture) => picture !== 'missing')) {
    await session.notices.hint(`pictures are not shrunk: ${sharpHint}`);
  }
  return {
    of: (frame) => loaded.get(keyOf(frame)) ?? 'left-out',
    shape: usualShape(pictures),
    notes: notesOn(pictures),
  };
}

function keyOf({ film, filename }: NamedPicture): string {
  return `${film}\0${filename}`;
}

/** The median. */
function usualShape(pictures: readonly (Thumbnail | string)[]): number | undefined {
  const shapes = pictures
    .flatMap((picture) => (typeof picture === 'string' ? [] : [picture.width / picture.height]))
    .sort((a, b) => a - b);
  return shapes[Math.floor(shapes.length / 2)];
}

function notesOn(pictures: readonly (Thumbnail | string)[]): string[] {
  const count = (refusal: string) => pictures.filter((picture) => picture === refusal).length;
  const missing = count('missing');
  if (missing === pictures.length && missing > 0)
    return ['No pictures were found: frames are shown by name.'];
  const of = (number: number, reason: string) =>
    number === 0 ? [] : [`${number} of ${counted(pictures.length, 'picture')} ${reason}.`];
  return [
    ...of(missing, 'not found: those frames are shown by name'),
    ...of(count('unreadable'), 'could not be read'),
    ...of(count('too-large'), 'left out, being too large for a page'),
    ...of(count('left-out'), `left out: a page has ${grouped(mostPictures)} at most`),
  ];
}
