/** `--html` and `--open`: writes the page of an answer, and shows it. A failure leaves no incomplete page. */
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entriesOf, type FilmsByName } from '../../collection/named-films.js';
import { shellLine } from '../../escape.js';
import { builtPages } from '../../explore/site-files.js';
import { addressFrom } from '../../files/file-names.js';
import { writeWhole } from '../../files/outputs.js';
import { makeTemporaryFolder } from '../../files/temporary-files.js';
import { loadSharp, type Sharp, sharpHint } from '../../pictures/load-sharp.js';
import type { NamedPicture, PictureFolder } from '../../pictures/picture-folder.js';
import { type Thumbnail, thumbnail } from '../../pictures/thumbnail.js';
import {
  type AnswerPage,
  type FrameTime,
  generatorMark,
  type NoPicture,
  type PageContext,
  type PicturesShown,
  pageText,
} from '../../render/html/page.js';
import { counted, grouped, humanBytes } from '../../render/tabular.js';
import type { FramePlace } from '../../search/answer.js';
import { forEachConcurrently, jobsOf } from '../../threads/concurrency.js';
import type { TimesByName } from '../../times/film-times.js';
import { formatMoment } from '../../times/moments.js';
import type { AnyFlags } from '../options/option-table.js';
import type { Session } from '../session/session.js';
import { type FilmFacts, filmColours } from './film-facts.js';
import { requireReplaceable } from './replaceable.js';

interface PageRequest {
  readonly page: AnswerPage;
  readonly films: FilmsByName;
  readonly folder: PictureFolder;
  readonly facts: FilmFacts;
  /** The words that were typed after `giallo`. */
  readonly argv: readonly string[];
  readonly times?: TimesByName | undefined;
  /** The command line that asks about a frame of the answer. */
  commandFor(frame: FramePlace): string;
}

/**
 * Writes the page and opens it, as the flags say. Errors: `output-exists` if the file is not a page of giallo;
 * `file-unwritable`.
 */
export async function writePage(session: Session, flags: AnyFlags, request: PageRequest): Promise<void> {
  const { page, folder, facts, argv, times, commandFor } = request;
  const { notices, io } = session;
  const sharp = await loadSharp();
  const pictures = await loadThumbnails(page.shown, { folder, sharp }, session);
  const colours = await coloursAlong(request, { isWanted: pictures.shape !== undefined, sharp }, session);
  const context: PageContext = {
    pictureOf: pictures.of,
    shape: pictures.shape,
    shotOf: facts.shotOf,
    lengths: facts.lengths,
    timeOf: (frame) => timeOf(frame, times, flags.html),
    commandFor,
    command: shellLine(['giallo', ...argv]),
    notes: pictures.notes,
    coloursOf: (film) => colours.get(film),
    assets: await builtPages('answer'),
  };
  const text = pageText(page.content(context), context);
  if (flags.html === '-') return io.stdout.write(text);
  const file = flags.html ?? join(makeTemporaryFolder(), 'page.html');
  await requireReplaceable(file, generatorMark, 'a page');
  await writeWhole(file, text);
  await notices.hint(`${file}: written, ${humanBytes(Buffer.byteLength(text))}`);
  for (const note of pictures.notes) await notices.hint(`${file}: ${note}`);
  if (pictures.shape === undefined)
    await notices.hint(`looked for pictures in ${folder.folder}; --screenshots <dir> names another folder`);
  if (!flags.open) return;
  const { default: open } = await import('open');
  await open(file);
}

/** The colours of the films that the page draws along their length. */
async function coloursAlong(
  { page, folder, films }: PageRequest,
  { isWanted, sharp }: { readonly isWanted: boolean; readonly sharp: Sharp | undefined },
  { context }: Session,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const along = entriesOf(page.shown.along ?? [], films);
  if (!isWanted || !sharp || along.length === 0) return new Map();
  return filmColours(along, { pictures: folder, sharp }, context);
}

/** The time of a frame, and a link into its video, relative to the page, so that the two can move together. */
function timeOf(
  { film, index }: FramePlace,
  times: TimesByName | undefined,
  page: string | undefined,
): FrameTime | undefined {
  const known = times?.get(film);
  const seconds = known?.seconds[index];
  if (known === undefined || seconds === undefined) return undefined;
  const moment = formatMoment(seconds);
  if (known.video === null) return { moment, address: null };
  const isBeside = page !== undefined && page !== '-';
  const address = isBeside ? addressFrom(dirname(page), known.video) : pathToFileURL(known.video).href;
  return { moment, address: `${address}#t=${Math.round(seconds * 1000) / 1000}` };
}

/** The pictures of a page, found and shrunk, as many at a time as there are cores. */
interface Thumbnails {
  of(frame: NamedPicture): Thumbnail | NoPicture;
  /** The usual width of the pictures divided by their height; undefined if there are no pictures. */
  readonly shape: number | undefined;
  /** Notes on the page: which pictures are not shown, and why. */
  readonly notes: readonly string[];
}

/**
 * In pixels: twice their size on the page, for dense screens; more if there are few pictures, since people enlarge
 * them.
 */
const largeSide = 960;
const smallSide = 440;
const fewSide = 720;
const few = 48;

/** The most pictures of one page: about 20 MB, which a browser still opens in a moment. */
const mostPictures = 2000;

/** Loads the pictures of a page, each once: a frame that is shown both large and small has only the large one. */
async function loadThumbnails(
  shown: PicturesShown,
  { folder, sharp }: { readonly folder: PictureFolder; readonly sharp: Sharp | undefined },
  session: Session,
): Promise<Thumbnails> {
  const sides = new Map<string, { readonly frame: NamedPicture; readonly side: number }>();
  for (const frame of shown.large) sides.set(keyOf(frame), { frame, side: largeSide });
  const side = shown.small.length > few ? smallSide : fewSide;
  for (const frame of shown.small) if (!sides.has(keyOf(frame))) sides.set(keyOf(frame), { frame, side });
  const loaded = new Map<string, Thumbnail | NoPicture>();
  await forEachConcurrently(
    [...sides].slice(0, mostPictures),
    jobsOf(session.context),
    async ([key, { frame, side }]) => {
      session.context.signal?.throwIfAborted();
      const path = await folder.find(frame);
      loaded.set(key, path === null ? 'missing' : await thumbnail(path, { sharp, side }));
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

/** The median of numbers. */
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
    ...of(count('too-large'), 'left out: too large for a page'),
    ...of(count('left-out'), `left out: a page has ${grouped(mostPictures)} at most`),
  ];
}
