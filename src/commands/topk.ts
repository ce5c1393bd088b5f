/** `giallo topk`: the batch dump. */
import { Command, Option } from 'commander';
import type { DumpFormat } from '../dump/forms.js';
import type { Io } from '../io.js';
import type { TopkRequest } from '../reports/topk.js';
import { addFilterOptions, type FilterFlags, filtersOf, metricOption } from './options/filter-options.js';
import {
  addCacheOption,
  addCollectionOptions,
  addExamples,
  addManyFilmsOptions,
  type CommonOptions,
} from './options/options.js';
import { addScopeOptions, type ScopeFlags } from './options/scope-options.js';
import { startSession } from './session/session.js';

interface TopkFlags extends CommonOptions, FilterFlags, ScopeFlags {
  readonly output?: string;
  readonly force?: boolean;
  readonly npz?: boolean;
}

export function topkCommand(io: Io): Command {
  const command = new Command('topk')
    .description(
      'Finds the nearest frames of every frame of the named films, or of all. With -o writes a file a film into a folder; run again after any interruption it goes on where it was.',
    )
    .argument('[film...]', 'whose frames are asked about (default: all films)');
  addScopeOptions(command, 'Where to look (default: every film):');
  addFilterOptions(command, { k: 10, excludeNear: 0 });
  command.optionsGroup('How to compare:').addOption(metricOption());
  addDumpOptions(command);
  addCollectionOptions(command);
  addManyFilmsOptions(command);
  addCacheOption(command);
  addExamples(command, [
    ['giallo topk -o neighbours', 'all films, ten neighbours each, a file a film'],
    ['giallo topk --others --exclude-near shot -k 3 --csv -o look-alikes', 'only in other films'],
    ['giallo topk Sintel | jq -c .neighbors[0]', 'the nearest of each frame of a film'],
  ]);
  return command.action(async (names: readonly string[], flags: TopkFlags) => {
    const filters = filtersOf(command, flags);
    const format = dumpFormatOf(command, flags);
    const session = startSession(io, flags);
    const needs = { films: [...names, ...(flags.in ?? [])], isSearched: names.length === 0 || !flags.in };
    const collection = await session.open(needs);
    const [{ filmsNamed }, { planTopk }, { streamDump, writeDump }] = await Promise.all([
      import('../collection/resolve-film.js'),
      import('../reports/topk.js'),
      import('./outputs/write-dump.js'),
    ]);
    const films = await filmsNamed(collection, names);
    const scope = flags.in ? { in: await filmsNamed(collection, flags.in) } : flags.others ? 'others' : 'all';
    const request: TopkRequest = { ...filters, films, scope };
    const plan = await planTopk(collection, request, session.context);
    if (flags.output === undefined) await streamDump(session, plan, format === 'csv' ? 'csv' : 'ndjson');
    else
      await writeDump(session, plan, request, { folder: flags.output, format, force: flags.force === true });
    await session.reportSkipped(plan.skipped);
  });
}

function addDumpOptions(command: Command): void {
  const formats: readonly DumpFormat[] = ['ndjson', 'csv', 'npz'];
  const format = (name: DumpFormat, description: string) =>
    new Option(`--${name}`, description).conflicts(formats.filter((other) => other !== name));
  command
    .optionsGroup('Output:')
    .option('-o, --output <dir>', 'write <film>.ndjson, .csv or .npz there, and manifest.json')
    .addOption(format('ndjson', 'a frame a line, with its neighbours (the default)'))
    .addOption(format('csv', 'a neighbour a line'))
    .addOption(format('npz', 'arrays for numpy: films, indices, scores (needs -o)'))
    .option('--force', 'start over in a folder that holds another dump: its files are removed')
    .option('-q, --quiet', 'no hints and no progress on stderr');
}

function dumpFormatOf(command: Command, { csv, npz, output, force }: TopkFlags): DumpFormat {
  if (npz && output === undefined) command.error("error: option '--npz' needs '-o <dir>'");
  if (force && output === undefined) command.error("error: option '--force' needs '-o <dir>'");
  return csv ? 'csv' : npz ? 'npz' : 'ndjson';
}
