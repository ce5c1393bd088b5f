/** `giallo topk`: the batch dump. */
import { Command, Option } from 'commander';
import type { DumpFormat } from '../dump/forms.js';
import type { Io } from '../io.js';
import type { TopkPlan, TopkRequest } from '../reports/topk.js';
import { addFilterOptions, type FilterFlags, filtersOf, metricOption } from './filter-options.js';
import {
  addCollectionOptions,
  addExamples,
  addManyFilmsOptions,
  type CommonOptions,
  repeated,
} from './options.js';
import { type Session, startSession } from './session.js';

interface TopkFlags extends CommonOptions, FilterFlags {
  readonly all?: boolean;
  readonly in?: readonly string[];
  readonly others?: boolean;
  readonly output?: string;
  readonly force?: boolean;
  readonly npz?: boolean;
}

export function topkCommand(io: Io): Command {
  const scopes = ['all', 'in', 'others'];
  const scope = (flag: string, name: string, description: string) =>
    new Option(flag, description).conflicts(scopes.filter((other) => other !== name));
  const formats = ['ndjson', 'csv', 'npz'];
  const format = (name: string, description: string) =>
    new Option(`--${name}`, description).conflicts(formats.filter((other) => other !== name));
  const command = new Command('topk')
    .description(
      'Finds the nearest frames of every frame of the named films, or of all. With -o writes a file a film into a folder; run again after any interruption it goes on where it was.',
    )
    .argument('[film...]', 'whose frames are asked about (default: all films)')
    .optionsGroup('Where to look:')
    .addOption(scope('--all', 'all', 'every film (the default)'))
    .addOption(scope('--in <film>', 'in', 'this film; repeat for more').argParser(repeated))
    .addOption(scope('--others', 'others', 'every film but the frame’s own'));
  addFilterOptions(command, { k: 10, excludeNear: 0 });
  command
    .optionsGroup('How to compare:')
    .addOption(metricOption())
    .optionsGroup('Output:')
    .option('-o, --output <dir>', 'write <film>.ndjson, .csv or .npz there, and manifest.json')
    .addOption(format('ndjson', 'a frame a line, with its neighbours (the default)'))
    .addOption(format('csv', 'a neighbour a line'))
    .addOption(format('npz', 'arrays for numpy: films, indices, scores (needs -o)'))
    .option('--force', 'start over in a folder that holds another dump')
    .option('-q, --quiet', 'no hints and no progress on stderr');
  addCollectionOptions(command);
  addManyFilmsOptions(command);
  addExamples(command, [
    ['giallo topk -o neighbours', 'all films, ten neighbours each, a file a film'],
    ['giallo topk --others --exclude-near shot -k 3 --csv -o look-alikes', 'only in other films'],
    ['giallo topk Sintel | jq -c .neighbors[0]', 'the nearest of each frame of a film'],
  ]);
  return command.action(async (names: readonly string[], flags: TopkFlags) => {
    const filters = filtersOf(command, flags);
    const chosen: DumpFormat = flags.csv ? 'csv' : flags.npz ? 'npz' : 'ndjson';
    if (chosen === 'npz' && flags.output === undefined)
      command.error("error: option '--npz' needs '-o <dir>'");
    if (flags.force && flags.output === undefined) command.error("error: option '--force' needs '-o <dir>'");
    const session = startSession(io, flags);
    const collection = await session.open();
    const [{ resolveFilms }, { planTopk }] = await Promise.all([
      import('../collection/resolve-film.js'),
      import('../reports/topk.js'),
    ]);
    const films = names.length > 0 ? await resolveFilms(collection, names) : collection.films;
    const scope = flags.in
      ? { in: await resolveFilms(collection, flags.in) }
      : flags.others
        ? 'others'
        : 'all';
    const request: TopkRequest = { ...filters, films, scope };
    const plan = await planTopk(collection, request, session.context);
    if (flags.output === undefined) await streamDump(session, plan, chosen === 'csv');
    else await writeDump(session, plan, flags.output, chosen, request, flags.force === true);
    await session.reportSkipped(plan.skipped);
  });
}

async function streamDump({ io }: Session, plan: TopkPlan, isCsv: boolean): Promise<void> {
  const { topkCsv, topkCsvHeader, topkNdjson } = await import('../render/topk.js');
  if (isCsv) await io.stdout.write(topkCsvHeader);
  await plan.run(
    () => true,
    async (_, frames) => {
      for (const line of isCsv ? topkCsv(frames) : topkNdjson(frames)) await io.stdout.write(line);
    },
  );
}

async function writeDump(
  session: Session,
  plan: TopkPlan,
  folder: string,
  format: DumpFormat,
  request: TopkRequest,
  force: boolean,
): Promise<void> {
  const [{ dump }, { dumpForm }] = await Promise.all([import('../dump/dump.js'), import('../dump/forms.js')]);
  const { k, metric, perFilm, perShot, cutoff, excludeNear, shotThreshold, scope } = request;
  const parameters = {
    format,
    k,
    metric,
    scope: typeof scope === 'string' ? scope : scope.in.map(({ name }) => name).join(', '),
    excludeNear,
    perFilm: perFilm ?? null,
    perShot: perShot ?? null,
    cutoff: cutoff ?? null,
    shotThreshold: shotThreshold ?? null,
  };
  session.io.signal.addEventListener('abort', () => {
    void session.notices.hint(`${folder}: what is finished stays; run the same command again to go on`);
  });
  const onNotice = session.notices.hint;
  const { written, kept } = await dump(plan, {
    folder,
    form: dumpForm(format, k),
    parameters,
    force,
    onNotice,
  });
  await session.notices.endProgress();
  await session.notices.hint(`${folder}: ${written} files written${kept > 0 ? `, ${kept} were there` : ''}`);
}
