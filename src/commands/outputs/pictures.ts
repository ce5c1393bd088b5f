/** The pictures of an answer: their paths (`--paths`), links to them, and the pictures themselves in the terminal. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PictureFolder } from '../../pictures/picture-folder.js';
import type { Tile } from '../../render/picture-sheet.js';
import { type Cell, counted, type Tabular } from '../../render/tabular.js';
import { filmOfReport, type View } from '../../render/view.js';
import { forEachConcurrently, jobsOf } from '../../threads/concurrency.js';
import type { AnyFlags } from '../options/option-table.js';
import type { Session } from '../session/session.js';

/** The view with the path of each picture, or null, beside its filename in the report, the records and the table. */
export async function withPicturePaths(view: View, folder: PictureFolder): Promise<View> {
  const film = filmOfReport(view);
  const { names } = view;
  return {
    ...view,
    report: (await pictured(view.report, { film }, folder)) as object,
    records: (await pictured(view.records, { film }, folder)) as object[],
    table: await withPathColumns(view.table, film, folder),
    ...(names && {
      names: {
        ...names,
        rows: (await pictured(names.rows, {}, folder)) as NonNullable<View['names']>['rows'],
      },
    }),
  };
}

/** Keys of columns: the film, the filename, and the path of the picture. */
const pathColumns = [
  { films: ['film'], filenames: ['filename', 'witness_filename'], key: 'picture' },
  { films: ['other_film', 'other'], filenames: ['other_filename'], key: 'other_picture' },
];

/** The table with a column of paths at its end for each column of filenames. */
async function withPathColumns(
  table: Tabular,
  film: string | undefined,
  folder: PictureFolder,
): Promise<Tabular> {
  let { columns, rows } = table;
  for (const { films, filenames, key } of pathColumns) {
    const placeOf = (keys: readonly string[]) =>
      table.columns.findIndex((column) => keys.includes(column.key));
    const [filmAt, filenameAt] = [placeOf(films), placeOf(filenames)];
    if (filenameAt < 0) continue;
    const pathOf = async (cells: readonly Cell[]) => {
      const [name, filename] = [filmAt < 0 ? film : cells[filmAt], cells[filenameAt]];
      return name === undefined || filename === null
        ? null
        : folder.find({ film: String(name), filename: String(filename) });
    };
    columns = [...columns, { key, cuttable: true }];
    rows = await Promise.all(rows.map(async (cells) => [...cells, await pathOf(cells)]));
  }
  return { ...table, columns, rows };
}

/** Keys in records: of a film's name, a frame's filename, and the picture's path. */
const pictureKeys = [
  ['film', 'filename', 'picture'],
  ['other', 'otherFilename', 'otherPicture'],
] as const;

type Films = { readonly [key in (typeof pictureKeys)[number][0]]?: string | undefined };

/** The value with paths added beside its filenames. `films` are the films named by the objects that contain it. */
async function pictured(value: unknown, films: Films, folder: PictureFolder): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map((item) => pictured(item, films, folder)));
  if (typeof value !== 'object' || value === null) return value;
  const inner: Films = { ...films, ...value };
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    entries.push([key, await pictured(item, inner, folder)]);
    const [filmKey, , pictureKey] = pictureKeys.find(([, filenameKey]) => filenameKey === key) ?? [];
    const film = filmKey && inner[filmKey];
    if (film !== undefined && typeof item === 'string') {
      entries.push([pictureKey as string, await folder.find({ film, filename: item })]);
    }
  }
  return Object.fromEntries(entries);
}

/**
 * The view with a link to the picture in each row; unchanged if there are no pictures, or if the terminal has no links.
 */
export async function withPictureLinks(view: View, folder: PictureFolder): Promise<View> {
  const { records } = await withPicturePaths(view, folder);
  const paths = records.map((record) => (record as { picture?: unknown }).picture);
  if (paths.length !== view.table.rows.length || !paths.some((path) => typeof path === 'string')) return view;
  // supports-hyperlinks reads the environment of the process. Except in tests, that is `Io.env`.
  const { createSupportsHyperlinks } = await import('supports-hyperlinks');
  if (!createSupportsHyperlinks({ isTTY: true })) return view;
  return {
    ...view,
    table: { ...view.table, links: paths.map((path) => (typeof path === 'string' ? addressOf(path) : null)) },
  };
}

/**
 * The address contains the name of this machine, so that a terminal on another machine knows that it has no such file.
 */
function addressOf(path: string): string {
  return `file://${hostname()}${pathToFileURL(resolve(path)).pathname}`;
}

/** Draws the frames and resolves to true. If they cannot be drawn, it says why and resolves to false. */
export async function printPictures(
  session: Session,
  view: View,
  folder: PictureFolder,
  flags: AnyFlags,
): Promise<boolean> {
  const { stdout, env } = session.io;
  const [
    { drawPicture, graphicsOf, whyNoPictures },
    { loadSharp, sharpHint },
    { chalkFor },
    { pictureSheet, sheetLayout },
  ] = await Promise.all([
    import('../../pictures/draw.js'),
    import('../../pictures/load-sharp.js'),
    import('../../render/colour.js'),
    import('../../render/picture-sheet.js'),
  ]);
  const chalk = chalkFor(session.io, flags);
  const facts = { isTerminal: stdout.isTerminal, env, colourLevel: chalk.level };
  const graphics = graphicsOf(facts);
  if (graphics === 'none') {
    const why = whyNoPictures(facts, flags.color === false);
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
      `${missing} of ${counted(tiles.length, 'picture')} could not be found or read in ${folder.folder}`,
    );
  }
  return true;
}
