/** `--pictures`: the frames of an answer drawn in the terminal. */
import { drawPicture } from '../../pictures/draw.js';
import { loadSharp, sharpHint } from '../../pictures/load-sharp.js';
import type { PictureFolder } from '../../pictures/picture-folder.js';
import { graphicsOf } from '../../pictures/terminal-graphics.js';
import { chalkFor } from '../../render/colour.js';
import { pictureSheet, sheetLayout, type Tile } from '../../render/picture-sheet.js';
import type { View } from '../../render/view.js';
import { forEachConcurrently } from '../../search/concurrency.js';
import { jobsOf } from '../../threads/thread-budget.js';
import type { SeeingFlags } from '../options/seeing-options.js';
import type { Session } from '../session/session.js';

/** Draws the frames and resolves to true, or says why not and leaves the answer to its other form. */
export async function printPictures(
  session: Session,
  view: View,
  folder: PictureFolder,
  flags: SeeingFlags,
): Promise<boolean> {
  const { stdout, env } = session.io;
  const chalk = chalkFor(stdout.isTerminal, env, !flags.color);
  const graphics = graphicsOf({ isTerminal: stdout.isTerminal, env, colourLevel: chalk.level });
  if (graphics === 'none') {
    const why = stdout.isTerminal ? 'this terminal shows no pictures' : 'the output is no terminal';
    await session.notices.hint(`--pictures: ${why}; --html <file> writes a page`);
    return false;
  }
  const sharp = await loadSharp();
  if (sharp === undefined) {
    await session.notices.hint(`--pictures: ${sharpHint}`);
    return false;
  }
  const frames = view.tiles?.() ?? [];
  const layout = sheetLayout(stdout.columns, frames.length, view.tilesTogether);
  const tiles: Tile[] = [];
  await forEachConcurrently(
    frames.entries(),
    jobsOf(session.context),
    async ([i, { film, filename, caption }]) => {
      const path = await folder.find({ film, filename });
      const picture =
        path === null ? undefined : await drawPicture(path, { ...layout, graphics, chalk, sharp });
      tiles[i] = { picture, caption };
    },
  );
  await session.notices.endProgress();
  await stdout.write(pictureSheet(tiles, layout, chalk));
  const missing = tiles.filter(({ picture }) => picture === undefined).length;
  if (missing > 0) {
    await session.notices.hint(
      `${missing} of ${tiles.length} pictures not found in ${folder.folder}, or not readable`,
    );
  }
  return true;
}
