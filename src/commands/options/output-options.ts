/** The options about formats, pages and pictures: rows of the option table. */
import { rowsOf } from './option-row.js';

/** Formats of an answer that options name; without one it is a table. */
export const namedFormats = ['json', 'ndjson', 'csv', 'names'] as const;

const otherFormats = (own: string) =>
  [...namedFormats, 'npz', 'parquet', 'atlas'].filter((one) => one !== own);
const allFormats = otherFormats('');

export const outputOptions = {
  ...rowsOf('output', {
    json: { flags: '--json', help: 'one JSON object', conflicts: otherFormats('json') },
    ndjson: { flags: '--ndjson', help: 'one JSON object per line', conflicts: otherFormats('ndjson') },
    csv: { flags: '--csv', help: 'CSV with a header (RFC 4180)', conflicts: otherFormats('csv') },
    npz: {
      flags: '--npz',
      help: 'arrays for numpy: films, indices, scores (needs -o)',
      needs: 'output',
      conflicts: otherFormats('npz'),
    },
    parquet: {
      flags: '--parquet',
      help: 'tables for DuckDB, pandas and others (needs -o)',
      needs: 'output',
      conflicts: otherFormats('parquet'),
    },
    atlas: {
      flags: '--atlas',
      help: 'Parquet with neighbours for Embedding Atlas (needs -o)',
      needs: 'output',
      conflicts: otherFormats('atlas'),
    },
    names: {
      flags: '--names',
      help: 'filenames, one per line (film/filename if several films are searched)',
      conflicts: otherFormats('names'),
    },
    null: {
      flags: '-z, --null',
      help: 'end each name with NUL (with --names), for xargs -0',
      needs: 'names',
    },
    frames: { flags: '--frames', help: 'list the frames instead: index and filename' },
    npy: { flags: '--npy', help: 'write an .npy file, for numpy.load' },
    quiet: { flags: '-q, --quiet', help: 'no hints and no progress on stderr' },
    color: { flags: '--no-color', help: 'no colour (as NO_COLOR does)' },
  }),
  ...rowsOf('pictures', {
    screenshots: {
      flags: '--screenshots <dir>',
      help: 'folder of the pictures (default: $GIALLO_SCREENSHOTS, else <data>/screenshots)',
      carried: 'work',
    },
    paths: {
      flags: '--paths',
      help: 'add where the pictures are: "picture" beside each filename; with --names only the paths',
    },
    html: { flags: '--html <file>', help: 'also write a page with the pictures in it; - for stdout' },
    open: { flags: '--open', help: 'show the page in the browser (without --html, a temporary page)' },
    pictures: { flags: '--pictures', help: 'draw the pictures in the terminal', conflicts: allFormats },
    timeline: {
      flags: '--timeline',
      help: 'draw a line for each film: where its results are, and how good',
      conflicts: allFormats,
    },
    linkPictures: {
      flags: '--link-pictures',
      help: 'show the original pictures where they are; make no small ones',
    },
  }),
};
