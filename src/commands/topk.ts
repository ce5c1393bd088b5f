/** `giallo topk`: the batch dump. */
import { filmsNamed } from '../collection/named-films.js';
import type { DumpOptions } from '../dump/dump.js';
import type { DumpFormat } from '../dump/forms.js';
import type { Parameter } from '../dump/manifest.js';
import { GialloError } from '../errors.js';
import type { TopkPlan, TopkRequest } from '../reports/topk.js';
import { batchDefaults, questionDefaults } from '../search/question.js';
import { type TimesByName, timesByName } from '../times/film-times.js';
import { defineCommand } from './command.js';
import { vectorsLeftOut } from './inputs/frame-words.js';
import { checkFilters, filtersOf } from './options/flag-meanings.js';
import type { AnyFlags } from './options/option-table.js';
import { optionSets, takenOption } from './options/taken-options.js';
import { resumable } from './outputs/resumable.js';
import type { Session } from './session/session.js';

export const topkCommand = defineCommand({
  name: 'topk',
  description:
    'Finds the nearest frames of every frame of the named films, or of all. With -o it writes one file for each film into a folder. After an interruption, run it again: it continues where it stopped.',
  arguments: [{ flags: '[film...]', help: 'the films whose frames to ask about (default: all)' }],
  options: [
    ...optionSets.scope,
    ['top', { help: 'how many nearest frames of each frame', default: batchDefaults.topk.k }],
    ...optionSets.filters,
    ['excludeNear', { default: 0 }],
    ['metric', { default: questionDefaults.metric }],
    [
      'times',
      { help: 'add the time of each frame to CSV (NDJSON and Parquet always have it)', conflicts: ['npz'] },
    ],
    'fps',
    'interval',
    ...optionSets.collection,
    'timesKey',
    [
      'output',
      { group: 'output', help: 'folder to write <film>.ndjson (.csv, .npz, .parquet) and manifest.json to' },
    ],
    ['ndjson', { help: 'one frame a line, with its neighbours (the default)' }],
    ['csv', { help: 'one neighbour a line' }],
    'npz',
    'parquet',
    'atlas',
    [
      'force',
      {
        group: 'output',
        help: 'start over in a folder that holds another dump: its files are removed',
        needs: 'output',
      },
    ],
    'quiet',
    ...optionSets.search,
  ],
  groupNotes: { scope: 'default: every film' },
  examples: [
    ['giallo topk -o neighbours', 'ten neighbours of every frame, one file for each film'],
    ['giallo topk --others --exclude-near shot -k 3 --csv -o look-alikes', 'only in other films'],
    ['giallo topk --parquet -o tables', "for DuckDB: SELECT * FROM 'tables/*.parquet'"],
    ["giallo topk Sintel | jq -c '.neighbors[0]'", 'the nearest of each frame of a film'],
  ],
  check({ flags }) {
    checkFilters(flags);
    if (flags.output === '-') {
      const hint = 'without -o, NDJSON and CSV go to stdout';
      throw new GialloError('usage', '-o -: a dump goes into a folder', { hint });
    }
    if (flags.atlas && flags.metric === 'dot') {
      const hint = 'use --metric cosine or euclidean';
      throw new GialloError('usage', '--atlas: dot products are not distances', { hint });
    }
  },
  async run({ session, words, flags }) {
    const format = (['csv', 'npz', 'parquet', 'atlas'] as const).find((one) => flags[one]) ?? 'ndjson';
    if (format === 'parquet' || format === 'atlas') {
      // A missing library is reported before hours of work, not after.
      await (await import('../convert/parquet-library.js')).loadParquet();
    }
    const needs = { films: [...words, ...(flags.in ?? [])], isSearched: words.length === 0 || !flags.in };
    const collection = await session.open(needs);
    const { planTopk } = await import('../reports/topk.js');
    const films = filmsNamed(collection, words);
    const everywhere = flags.others ? 'others' : 'all';
    const scope = flags.in ? { in: filmsNamed(collection, flags.in, films) } : everywhere;
    const without = await vectorsLeftOut(session, collection, flags.without);
    const request: TopkRequest = { ...filtersOf(flags), without, films, scope };
    const plan = await planTopk(collection, request, session.context);
    if (words.length > 0) session.askAbout(films);
    const times = await timesByName(timedFilms(plan, format, flags.times), session.context.times.of);
    if (flags.times && times.size === 0 && plan.films.length > 0) {
      await (await import('./outputs/timed-view.js')).hintNoTimes(session);
    }
    const { output: folder, force = false } = flags;
    if (folder === undefined) await streamDump(session, plan, format === 'csv' ? 'csv' : 'ndjson', times);
    else {
      const { dumpForm } = await import('../dump/forms.js');
      const parameters = parametersOf(request, format, flags);
      const form = dumpForm(format, { ...request, times, films: plan.films });
      await writeDump(session, plan, { folder, form, parameters, without, force });
    }
    await session.reportSkipped(plan.skipped);
    return undefined;
  },
});

/** The films whose times a dump holds. */
function timedFilms({ films }: TopkPlan, format: DumpFormat, areAsked: boolean | undefined) {
  return holdsTimes(format, areAsked) ? films.map(({ entry }) => entry) : [];
}

function holdsTimes(format: DumpFormat, areAsked: boolean | undefined): boolean {
  return format === 'csv' ? areAsked === true : format !== 'npz';
}

/** The given options that say how films are read, and which times the files of a dump have. */
function readingOf(flags: AnyFlags, format: DumpFormat): string[] {
  const ofTimes = ['fps', 'interval', 'timesKey'] as const;
  const names = [
    ...(['embeddingsKey', 'filenamesKey', 'assume'] as const),
    ...(format === 'csv' ? (['times'] as const) : []),
    ...(holdsTimes(format, flags.times) ? ofTimes : []),
  ];
  return names.flatMap((name) => {
    const value = flags[name];
    if (value === undefined) return [];
    const { long } = takenOption(name);
    return value === true ? long : `${long} ${value}`;
  });
}

/** Prints the films in their order, each as soon as it and those before it are finished. */
async function streamDump(
  { io: { stdout }, notices }: Session,
  plan: TopkPlan,
  format: 'ndjson' | 'csv',
  times: TimesByName,
): Promise<void> {
  const [{ inPieces, topkLines }, { escapeJsonForTerminal, escapeForTerminal }] = await Promise.all([
    import('../render/topk.js'),
    import('../escape.js'),
  ]);
  const escapeLine = (line: string) =>
    format === 'csv' ? `${escapeForTerminal(line.slice(0, -1))}\n` : escapeJsonForTerminal(line);
  const print = async (lines: Iterable<string>) => {
    await notices.endProgress();
    if (stdout.isTerminal) for (const line of lines) await stdout.write(escapeLine(line));
    else for (const piece of inPieces(lines)) await stdout.write(piece);
  };
  await print(topkLines(format, [], 'first', times));
  await plan.run(
    () => true,
    (_, frames) => print(topkLines(format, frames, 'later', times)),
  );
  await notices.endProgress();
}

/** Writes what is missing of a dump, and says how it went or, after Ctrl-C, how to go on. */
async function writeDump(
  session: Session,
  plan: TopkPlan,
  options: Omit<DumpOptions, 'onNotice' | 'onFile'>,
): Promise<void> {
  const { notices } = session;
  const { dump } = await import('../dump/dump.js');
  const howFar = (files: number) =>
    `${options.folder}: ${files} of ${plan.targets.length} files are complete`;
  const { written, kept } = await resumable(session, howFar, (onFile) =>
    dump(plan, { ...options, onNotice: notices.warn, onFile }),
  );
  const added = kept > 0 ? `, ${kept} made before` : '';
  await notices.hint(`${howFar(written + kept)}${added}`);
}

/**
 * Everything that the answers depend on beside the films. Names of films are sorted, since their order changes nothing.
 */
function parametersOf(
  request: TopkRequest,
  format: DumpFormat,
  flags: AnyFlags,
): ReadonlyMap<string, Parameter> {
  const { k, metric, perFilm, perShot, cutoff, ceiling, excludeNear, shotThreshold, scope } = request;
  const without = [...(flags.without ?? [])].sort();
  return new Map(
    Object.entries({
      format,
      k,
      metric,
      scope: typeof scope === 'string' ? scope : scope.in.map(({ name }) => name).sort(),
      excludeNear,
      perFilm: perFilm ?? null,
      perShot: perShot ?? null,
      cutoff: cutoff ?? null,
      shotThreshold: shotThreshold ?? null,
      reading: readingOf(flags, format),
      // Left out if not given: manifests of earlier versions do not have them.
      ...(ceiling === undefined ? {} : { ceiling }),
      ...(without.length === 0 ? {} : { without }),
    }),
  );
}
