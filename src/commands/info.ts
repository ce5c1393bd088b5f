/** `giallo info`. */
import { Command } from 'commander';
import type { Io } from '../io.js';
import {
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  type CommonOptions,
} from './options/options.js';
import { startSession } from './session/session.js';

interface InfoOptions extends CommonOptions {
  readonly frames?: boolean;
}

export function infoCommand(io: Io): Command {
  const command = new Command('info')
    .description(
      'Shows the arrays of a film’s file, and what its vectors are like: lengths, all-zero and non-finite rows, exact repeats, cosine of consecutive frames.',
    )
    .argument('<film>', 'a name, a part of one, or a path')
    .option('--frames', 'list the frames instead: index and filename');
  addCollectionOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv', 'names']);
  addExamples(command, [
    ['giallo info Sintel', 'the film with Sintel in its name'],
    ['giallo info Sintel --frames | grep 000041', 'find a frame’s index'],
    ['giallo info ./new/Opera.1987.mkv.npz --json', 'a file in no collection'],
  ]);
  return command.action(async (film: string, options: InfoOptions) => {
    const session = startSession(io, options);
    if (options.names && !options.frames) command.error("error: option '--names' needs '--frames'");
    const [reports, { framesView, infoView }] = await Promise.all([
      import('../reports/info.js'),
      import('../render/info.js'),
    ]);
    const collection = await session.open({ films: [film] });
    await session.print(
      options.frames
        ? framesView(await reports.frames(collection, film, session.context))
        : infoView(await reports.info(collection, film, session.context)),
    );
  });
}
