/** The options with which an answer is seen, not read: pictures, pages, a timeline. Nothing here loads what they need. */
import { type Command, Option } from 'commander';
import type { CommonOptions } from './options.js';

export interface SeeingFlags extends CommonOptions {
  readonly screenshots?: string;
  readonly paths?: boolean;
  readonly html?: string;
  readonly open?: boolean;
  readonly pictures?: boolean;
  readonly timeline?: boolean;
}

export type Seeing = 'pictures' | 'timeline';

const otherFormats = ['json', 'ndjson', 'csv', 'names'];

/** Options for pages and pictures, of those ways of drawing in the terminal that suit the answer. */
export function addSeeingOptions(command: Command, ways: readonly Seeing[]): Command {
  command
    .optionsGroup('Pictures:')
    .option(
      '--screenshots <dir>',
      'folder of the pictures (default: $GIALLO_SCREENSHOTS, else <data>/screenshots)',
    )
    .option('--paths', 'the pictures’ paths: "picture" in JSON, NDJSON and CSV; alone with --names')
    .option('--html <file>', 'write a page with the pictures in it as well')
    .option('--open', 'show that page in the browser (without --html: a temporary one)');
  if (ways.includes('pictures')) {
    command.addOption(new Option('--pictures', 'draw the pictures in the terminal').conflicts(otherFormats));
  }
  if (ways.includes('timeline')) {
    command.addOption(
      new Option('--timeline', 'a line a film: where in it the results lie, and how strong').conflicts(
        otherFormats,
      ),
    );
  }
  return command;
}
