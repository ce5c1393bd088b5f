/** `giallo shots`. */
import { Command } from 'commander';
import type { Io } from '../io.js';
import { shotThresholdOption } from './options/filter-options.js';
import { addCollectionOptions, addExamples, addFormatOptions } from './options/options.js';
import { addSeeingOptions, nextOptionsOf, type SeeingFlags } from './options/seeing-options.js';
import { checkSeeing, showAnswer } from './outputs/show-answer.js';
import { startSession } from './session/session.js';

interface ShotsOptions extends SeeingFlags {
  readonly shotThreshold?: number;
}

export function shotsCommand(io: Io, argv: readonly string[]): Command {
  const command = new Command('shots')
    .description(
      'Lists the shots of a film: runs of consecutive frames without a cut. Where it is cut is taken from the film itself; a film whose consecutive frames are no more alike than any two is stills, and each frame a shot.',
    )
    .argument('<film>', 'a name, a part of one, or a path')
    .addOption(shotThresholdOption());
  addCollectionOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv', 'names']);
  addSeeingOptions(command, ['pictures']);
  addExamples(command, [
    ['giallo shots Sintel', 'first and last frame of each shot, and the frame that stands for it'],
    ['giallo shots Sintel --names', 'one picture a shot'],
    ['giallo shots Sintel --shot-threshold 0.9', 'more cuts'],
  ]);
  return command.action(async (film: string, options: ShotsOptions) => {
    const session = startSession(io, options);
    await checkSeeing(session, options);
    const collection = await session.open({ films: [film] });
    const [{ shots }, { shotsView }] = await Promise.all([
      import('../reports/shots.js'),
      import('../render/shots.js'),
    ]);
    const report = await shots(collection, film, options, session.context);
    await showAnswer(session, argv, options, {
      collection,
      view: shotsView(report),
      page: async () => (await import('../render/html/shots-page.js')).shotsPage(report),
      nextOptions: nextOptionsOf(options, []),
      typedFilms: [film],
    });
  });
}
