/** `giallo verify`. */
import { Command } from 'commander';
import { GialloError } from '../errors.js';
import type { Io } from '../io.js';
import { counted } from '../render/tabular.js';
import {
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  type CommonOptions,
  wholeNumber,
} from './options/options.js';
import { startSession } from './session/session.js';

export function verifyCommand(io: Io): Command {
  const command = new Command('verify')
    .description(
      'Reads films to the last byte, all of the collection if none is named. Errors are what keeps a file from being read (exit 1): unreadable, damaged, of a wrong shape or dtype. Warnings are what can be used but is odd: NaN, Inf, all-zero rows, duplicate or pickled names, mixed dims, numbers too large for float32.',
    )
    .argument('[film...]', 'names, parts of names, or paths');
  addCollectionOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv'])
    .optionsGroup('Work:')
    .option('-j, --jobs <n>', 'films read at the same time (default: all cores)', wholeNumber(1));
  addExamples(command, [
    ['giallo verify', 'every film of the collection'],
    ['giallo verify Sintel ./new/Opera.1987.mkv.npz', 'two films, one of them elsewhere'],
    ["giallo verify --json | jq '.totals'", 'how many errors and warnings'],
    ['giallo verify --quiet > findings.tsv || echo broken', 'in scripts'],
  ]);
  return command.action(async (films: readonly string[], options: CommonOptions) => {
    const session = startSession(io, options);
    const [{ verify }, { verifySummary, verifyView }] = await Promise.all([
      import('../reports/verify.js'),
      import('../render/verify.js'),
    ]);
    const report = await verify(await session.open({ films }), films, session.context);
    await session.print(verifyView(report));
    const { errors, brokenFilms } = report.totals;
    if (errors > 0) {
      const found = `${counted(errors, 'error')} in ${counted(brokenFilms, 'film')}`;
      throw new GialloError('films-broken', `${report.data}: expected films without errors, found ${found}`);
    }
    await session.annotate(verifySummary(report));
  });
}
