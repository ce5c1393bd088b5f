/** `giallo pairs`. */
import { Command } from 'commander';
import type { Io } from '../io.js';
import { shotThresholdOption } from './options/filter-options.js';
import {
  addCacheOption,
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  addManyFilmsOptions,
  cosineNumber,
  repeated,
  wholeNumber,
} from './options/options.js';
import { addSeeingOptions, nextOptionsOf, type SeeingFlags } from './options/seeing-options.js';
import { checkSeeing, showAnswer } from './outputs/show-answer.js';
import { startSession } from './session/session.js';

interface PairsFlags extends SeeingFlags {
  readonly top: number;
  readonly all?: boolean;
  readonly in?: readonly string[];
  readonly perShot: number;
  readonly minScore?: number;
  readonly shotThreshold?: number;
}

export function pairsCommand(io: Io, argv: readonly string[]): Command {
  const command = new Command('pairs')
    .description(
      'Finds the best-matching pairs of frames of different films. Pairs are chosen greedily, best first: one counts if neither of its two shots is in --per-shot better ones.',
    )
    .optionsGroup('What to find:')
    .option('-k, --top <n>', 'how many pairs', wholeNumber(1), 100)
    .option('--all', 'also pairs within one film, of different shots')
    .option('--in <film>', 'among these films only; repeat for more', repeated)
    .option('--per-shot <n>', 'pairs that any one shot may be in', wholeNumber(1), 1)
    .option('--min-score <x>', 'nothing below this cosine', cosineNumber)
    .addOption(shotThresholdOption());
  addCollectionOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv', 'names']);
  addSeeingOptions(command, ['pictures']);
  addManyFilmsOptions(command);
  addCacheOption(command);
  addExamples(command, [
    ['giallo pairs -k 20', 'the twenty best match cuts of the collection'],
    ['giallo pairs --in Sintel --in Bunny', 'between two films'],
    ['giallo pairs --csv > match-cuts.csv', 'for a spreadsheet'],
  ]);
  return command.action(async (flags: PairsFlags) => {
    const session = startSession(io, flags);
    await checkSeeing(session, flags);
    const collection = await session.open({ films: flags.in });
    const [{ pairs }, { pairsView }, { filmsNamed }] = await Promise.all([
      import('../reports/pairs.js'),
      import('../render/pairs.js'),
      import('../collection/resolve-film.js'),
    ]);
    const films = await filmsNamed(collection, flags.in);
    if (films.length === 1 && !flags.all)
      await session.notices.hint(
        'pairs are of different films, and this is one: --all looks within it as well',
      );
    const { top: k, all, perShot, minScore, shotThreshold } = flags;
    const request = { films, k, perShot, withinFilms: all === true, minScore, shotThreshold };
    const report = await pairs(request, session.context);
    await showAnswer(session, argv, flags, {
      collection,
      view: pairsView(report),
      page: async () => (await import('../render/html/pairs-page.js')).pairsPage(report),
      nextOptions: nextOptionsOf(flags, ['--all']),
      typedFilms: flags.in ?? [],
    });
    await session.reportSkipped(report.skipped);
  });
}
