/** `giallo explore`: the collection as pages to walk through. */
import { existsSync } from 'node:fs';
import { filmsNamed } from '../collection/named-films.js';
import { GialloError } from '../errors.js';
import type { SiteOutcome, SiteRequest } from '../explore/site.js';
import { defineCommand } from './command.js';
import { vectorsLeftOut } from './inputs/frame-words.js';
import { cosine } from './options/option-row.js';
import type { AnyFlags } from './options/option-table.js';
import { optionSets, takenOption } from './options/taken-options.js';
import { resumable } from './outputs/resumable.js';
import { pictureFolderOf } from './outputs/show-answer.js';
import type { Session } from './session/session.js';

export const exploreCommand = defineCommand({
  name: 'explore',
  description:
    'Makes web pages that lead from picture to picture: every film, its shots, and the nearest frames of every frame. The pages open from the disk and need no network. If you run it again, it makes only what is missing or has changed.',
  arguments: [{ flags: '[film...]', help: 'the films to show (default: all)' }],
  options: [
    [
      'top',
      { help: 'how many nearest frames of each frame, in its own film and in the others', default: 12 },
    ],
    ['perShot', { help: 'at most n of them from any one shot' }],
    ['minScore', { help: 'leave out frames below this cosine', kind: cosine, conflicts: [] }],
    'without',
    'shotThreshold',
    ...optionSets.collection,
    ['output', { group: 'output', help: 'folder to write the pages to' }],
    [
      'force',
      { group: 'output', help: 'start over in a folder of pages made with other options', needs: 'output' },
    ],
    ['open', { group: 'output', help: 'show the pages in the browser' }],
    'quiet',
    'screenshots',
    'linkPictures',
    ...optionSets.work,
    'cache',
  ],
  examples: [
    ['giallo explore -o look', 'pages of all films; open look/index.html'],
    ['giallo explore -o look Sintel Bunny --open', 'of two films, and show them'],
    ['giallo explore -o look --link-pictures', 'show the original pictures'],
    [
      'giallo explore -o look --without Sintel:0',
      'leave out black frames: the first frame of Sintel is black',
    ],
  ],
  check({ flags: { output } }) {
    if (output === undefined) {
      const hint = 'name it with -o, as in: `giallo explore -o look`';
      throw new GialloError('usage', 'explore needs a folder for the pages', { hint });
    }
    if (output === '-') throw new GialloError('usage', '-o -: the pages go into a folder, not to stdout');
  },
  async run({ session, words, flags }) {
    const collection = await session.open({ films: words });
    const films = filmsNamed(collection, words);
    if (films.length === 0) return undefined;
    const { output: folder = '', top: k, perShot, minScore, shotThreshold, force } = flags;
    const leftOut = flags.without ?? [];
    const without = await vectorsLeftOut(session, collection, leftOut);
    const { sharp, pictures } = await picturesOf(session, flags, collection);
    const outcome = await build(session, {
      folder,
      collection,
      films,
      k,
      perShot,
      minScore,
      shotThreshold,
      without,
      leftOut: [...leftOut].sort(),
      pictures,
      sharp,
      isWhole: words.length === 0,
      timesOf: session.context.times.of,
      options: readingWords(session, flags),
      force: force === true,
      onNotice: session.notices.hint,
    });
    if (flags.open) {
      const { default: open } = await import('open');
      await open(`${folder}/index.html`);
    }
    await session.reportSkipped(outcome.skipped);
    return undefined;
  },
});

/**
 * The folder of pictures, and the tool that shrinks them. Without the tool there are no pictures, unless they are
 * linked.
 */
async function picturesOf(
  session: Session,
  flags: AnyFlags,
  collection: SiteRequest['collection'],
): Promise<Pick<SiteRequest, 'pictures' | 'sharp'>> {
  const pictures = await pictureFolderOf(session, flags, collection);
  if (flags.linkPictures) return { pictures, sharp: undefined };
  const { loadSharp, sharpHint } = await import('../pictures/load-sharp.js');
  const sharp = await loadSharp();
  if (sharp) return { pictures, sharp };
  await session.notices.hint(`no pictures: ${sharpHint}, or --link-pictures links them where they are`);
  return { pictures: undefined, sharp: undefined };
}

/**
 * The options that name the collection and say how to read it, for the commands that the pages copy. The folder is left
 * out if it does not exist, which is allowed if films are named by their paths.
 */
function readingWords({ dataFolder }: Session, flags: AnyFlags): string[] {
  const names = ['embeddingsKey', 'filenamesKey', 'assume', 'shotThreshold'] as const;
  const given = names.flatMap((name) =>
    flags[name] === undefined ? [] : [takenOption(name).long, String(flags[name])],
  );
  return [...(existsSync(dataFolder) ? ['-d', dataFolder] : []), ...given];
}

/** Makes the pages and says how it went or, after Ctrl-C, how to go on. */
async function build(session: Session, request: SiteRequest): Promise<SiteOutcome> {
  const { notices, context } = session;
  const { buildSite } = await import('../explore/site.js');
  const { folder } = request;
  const ofAll = (files: number) => `${files} of ${request.films.length} films`;
  const outcome = await resumable(
    session,
    (files) => `${folder}: ${ofAll(files)}`,
    (onFile) => buildSite({ ...request, onFile }, context),
  );
  const { broken, kept, written } = outcome;
  const [first, ...more] = broken;
  const others = more.length > 0 ? `, and ${more.length} more pictures` : '';
  if (first !== undefined) await notices.warn(`${first}: this picture cannot be read${others}`);
  const added = kept > 0 ? `, ${kept} made before` : '';
  await notices.hint(`${folder}/index.html: ${ofAll(written + kept)}${added}`);
  return outcome;
}
