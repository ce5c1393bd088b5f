/**
 * The options with which an answer is seen, not read: pictures, pages, a timeline. What they need is loaded by
 * `show-answer.ts` when they are used.
 */
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

export type DrawnAs = 'pictures' | 'timeline';

const otherFormats = ['json', 'ndjson', 'csv', 'names'];

/** Options for paths and pages, and for those ways of drawing in the terminal that suit the answer. */
export function addSeeingOptions(command: Command, drawnAs: readonly DrawnAs[]): Command {
  command
    .optionsGroup('Pictures:')
    .option(
      '--screenshots <dir>',
      'folder of the pictures (default: $GIALLO_SCREENSHOTS, else <data>/screenshots)',
    )
    .option('--paths', 'say where the pictures are: "picture" beside each filename, or alone with --names')
    .option('--html <file>', 'also write a page with the pictures in it')
    .option('--open', 'show that page in the browser; without --html a temporary one');
  if (drawnAs.includes('pictures')) {
    command.addOption(new Option('--pictures', 'draw the pictures in the terminal').conflicts(otherFormats));
  }
  if (drawnAs.includes('timeline')) {
    command.addOption(
      new Option('--timeline', 'a line a film: where in it the results lie, and how strong').conflicts(
        otherFormats,
      ),
    );
  }
  return command;
}

/** What the commands that a page's pictures copy have in common with the one that made it. */
export function nextOptionsOf(
  flags: CommonOptions & { readonly engine?: string },
  scope: readonly string[],
): string[] {
  const { data, engine, embeddingsKey, filenamesKey, assume } = flags;
  const named: Readonly<Record<string, string | undefined>> = {
    '--data': data,
    '--engine': engine,
    '--embeddings-key': embeddingsKey,
    '--filenames-key': filenamesKey,
    '--assume': assume,
  };
  const reading = Object.entries(named).flatMap(([flag, value]) =>
    value === undefined ? [] : [flag, value],
  );
  return [...scope, ...reading];
}
