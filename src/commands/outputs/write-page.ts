/** `--html` and `--open`: the page of an answer, written whole or not at all. */
import { mkdtemp, open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError, GialloError } from '../../errors.js';
import { withOutputs } from '../../files/outputs.js';
import type { PictureFolder } from '../../pictures/picture-folder.js';
import { generatorMark } from '../../render/html/page.js';
import type { AnswerPage } from '../../render/html/page-context.js';
import { shellLine } from '../../render/shell-words.js';
import { humanBytes } from '../../render/tabular.js';
import type { SeeingFlags } from '../options/seeing-options.js';
import type { Session } from '../session/session.js';
import type { FilmFacts } from './film-facts.js';
import { loadThumbnails } from './load-thumbnails.js';

export interface PageRequest {
  readonly page: AnswerPage;
  readonly folder: PictureFolder;
  readonly facts: FilmFacts;
  /** The words that were typed after `giallo`. */
  readonly typed: readonly string[];
  /** Options of the commands that the page's pictures copy. */
  readonly nextOptions: readonly string[];
}

/** Errors: `output-exists` where the file is not a page of giallo's; `file-unwritable`. */
export async function writePage(session: Session, flags: SeeingFlags, request: PageRequest): Promise<void> {
  const { page, folder, facts, typed, nextOptions } = request;
  const file = flags.html ?? join(await mkdtemp(join(tmpdir(), 'giallo-')), 'page.html');
  await requireReplaceable(file);
  const pictures = await loadThumbnails(page.shown, folder, session);
  const text = page.text({
    pictureOf: pictures.of,
    shape: pictures.shape,
    shotOf: facts.shotOf,
    lengths: facts.lengths,
    commandFor: (frame) => nextCommand(frame, nextOptions),
    command: shellLine(['giallo', ...typed]),
    notes: pictures.notes,
  });
  await withOutputs({ force: true, sources: [] }, async (outputs) => {
    await (await outputs.create(file)).writeFile(text);
  });
  await session.notices.hint(`${file}: written, ${humanBytes(Buffer.byteLength(text))}`);
  for (const note of pictures.notes) await session.notices.hint(`${file}: ${note}`);
  if (pictures.shape === undefined) {
    await session.notices.hint(
      `pictures were looked for in ${folder.folder}; --screenshots <dir> names another folder`,
    );
  }
  if (flags.open) {
    const { default: open } = await import('open');
    await open(file);
  }
}

/** A page may be made again; anything else under its name stays. Errors: `output-exists`. */
export async function requireReplaceable(file: string): Promise<void> {
  const begin = await beginningOf(file);
  if (begin === undefined || begin === '' || begin.includes(generatorMark)) return;
  throw new GialloError(
    'output-exists',
    `${file}: expected a new file or a page of giallo's, found another file`,
    {
      hint: 'name another file, or remove this one',
    },
  );
}

/** Its first bytes, far enough for a page's head to show; undefined where there is no file. */
async function beginningOf(file: string): Promise<string | undefined> {
  try {
    if (!(await stat(file)).isFile()) return 'a folder or a device';
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(4096), 0, 4096, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('write', file, cause);
  }
}

/** `giallo similar <film> <index>` with the options; a film that looks like an option comes after `--`. */
function nextCommand(
  frame: { readonly film: string; readonly index: number },
  options: readonly string[],
): string {
  const place = [frame.film, String(frame.index)];
  const words = frame.film.startsWith('-') ? [...options, '--', ...place] : [...place, ...options];
  return shellLine(['giallo', 'similar', ...words]);
}
