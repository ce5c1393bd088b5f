/** Filenames in a terminal's table that lead to their pictures (OSC 8), on terminals that know such links. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PictureFolder } from '../../pictures/picture-folder.js';
import type { View } from '../../render/view.js';
import { withPicturePaths } from './picture-paths.js';

/** The view with the address of each row's picture; as it is where there is no picture, or where nobody could follow it. */
export async function withPictureLinks(view: View, folder: PictureFolder): Promise<View> {
  const { records } = await withPicturePaths(view, folder);
  const paths = records.map((record) => ('picture' in record ? record.picture : null));
  if (paths.length !== view.table.rows.length || !paths.some((path) => typeof path === 'string')) return view;
  // The library takes no environment: it reads the process's own, which `Io.env` is but in tests.
  const { createSupportsHyperlinks } = await import('supports-hyperlinks');
  if (!createSupportsHyperlinks({ isTTY: true })) return view;
  return {
    ...view,
    table: { ...view.table, links: paths.map((path) => (typeof path === 'string' ? addressOf(path) : null)) },
  };
}

/** With the name of this machine: a terminal on another one knows then that the file is not there. */
function addressOf(path: string): string {
  return `file://${hostname()}${pathToFileURL(resolve(path)).pathname}`;
}
