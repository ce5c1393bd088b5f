/** `--paths`: where the pictures of the frames in an answer are. */
import type { PictureFolder } from '../../pictures/picture-folder.js';
import type { View } from '../../render/view.js';

/**
 * The view with `picture`, a path or null, beside every filename in its report and records, and as the last column of a
 * table whose rows are frames.
 */
export async function withPicturePaths(view: View, folder: PictureFolder): Promise<View> {
  const film = 'film' in view.report && typeof view.report.film === 'string' ? view.report.film : undefined;
  const report = (await pictured(view.report, { film }, folder)) as object;
  const records = (await pictured(view.records, { film }, folder)) as { picture?: string | null }[];
  const { names, table } = view;
  const isOfFrames = records.length === table.rows.length && records.every((record) => 'picture' in record);
  return {
    report,
    records,
    table: isOfFrames
      ? {
          ...table,
          columns: [...table.columns, { key: 'picture', cuttable: true }],
          rows: table.rows.map((cells, row) => [...cells, records[row].picture ?? null]),
        }
      : table,
    ...(names && {
      names: {
        ...names,
        rows: (await pictured(names.rows, {}, folder)) as NonNullable<View['names']>['rows'],
      },
    }),
  };
}

/** Keys of a film's name, of a frame's filename, and of the picture's path. */
const pictureKeys = [
  ['film', 'filename', 'picture'],
  ['other', 'otherFilename', 'otherPicture'],
] as const;

type Films = { readonly [key in (typeof pictureKeys)[number][0]]?: string | undefined };

/** The value with paths beside its filenames; `films` are those that the objects around it are of. */
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
