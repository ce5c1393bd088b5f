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
    ndjson: { flags: '--ndjson', help: 'one JSON object a line', conflicts: otherFormats('ndjson') },
    csv: { flags: '--csv', help: 'CSV with a header (RFC 4180)', conflicts: otherFormats('csv') },
    npz: {
      flags: '--npz',
      help: 'arrays for numpy: films, indices, scores (needs -o)',
      needs: 'output',
      conflicts: otherFormats('npz'),
    },
    parquet: {
      flags: '--parquet',
      help: 'tables for DuckDB, pandas and their like (needs -o)',
      needs: 'output',
      conflicts: otherFormats('parquet'),
    },
    atlas: {
      flags: '--atlas',
      help: 'Parquet with the neighbours as Embedding Atlas takes them (needs -o)',
      needs: 'output',
      conflicts: otherFormats('atlas'),
    },
    names: {
      flags: '--names',
      help: 'filenames, one a line (film/filename where there are several films)',
      conflicts: otherFormats('names'),
    },
    null: {
      flags: '-z, --null',
      help: 'end each name with NUL (with --names), for xargs -0',
      needs: 'names',
    },
    frames: { flags: '--frames', help: 'list the frames instead: index and filename' },
    npy: { flags: '--npy', help: 'an .npy file, as numpy.load reads it' },
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
    open: { flags: '--open', help: 'show that page in the browser; without --html a temporary one' },
    pictures: { flags: '--pictures', help: 'draw the pictures in the terminal', conflicts: allFormats },
    timeline: {
      flags: '--timeline',
      help: 'one line a film: where in it the results are, and how strong',
      conflicts: allFormats,
    },
    linkPictures: {
      flags: '--link-pictures',
      help: 'show the pictures where they are, and make no small ones',
    },
  }),
};
