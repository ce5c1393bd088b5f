/** `giallo shots`. */
import { Command } from 'commander';
import type { Io } from '../io.js';
import { shotThresholdOption } from './filter-options.js';
import { addCollectionOptions, addExamples, addFormatOptions, type CommonOptions } from './options.js';
import { startSession } from './session.js';

interface ShotsOptions extends CommonOptions {
  readonly shotThreshold?: number;
}

export function shotsCommand(io: Io): Command {
  const command = new Command('shots')
    .description(
      'Lists the shots of a film: runs of consecutive frames without a cut. Where it is cut is taken from the film itself; a film whose consecutive frames are no more alike than any two is stills, and each frame a shot.',
    )
    .argument('<film>', 'a name, a part of one, or a path')
    .addOption(shotThresholdOption());
  addCollectionOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv', 'names']);
  addExamples(command, [
    ['giallo shots Sintel', 'first and last frame of each shot, and the frame that stands for it'],
    ['giallo shots Sintel --names', 'one picture a shot'],
    ['giallo shots Sintel --shot-threshold 0.9', 'more cuts'],
  ]);
  return command.action(async (film: string, options: ShotsOptions) => {
    const session = startSession(io, options);
    const collection = await session.open();
    const [{ shots }, { shotsView }] = await Promise.all([
      import('../reports/shots.js'),
      import('../render/shots.js'),
    ]);
    await session.print(shotsView(await shots(collection, film, options, session.context)));
  });
}
