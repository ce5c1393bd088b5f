/** `giallo times`: the command and its view. */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { withoutFilmEnding } from '../collection/names.js';
import { resolveFilm } from '../collection/resolve-film.js';
import { GialloError } from '../errors.js';
import { counted, tableOf } from '../render/tabular.js';
import type { View } from '../render/view.js';
import type { TimesReport } from '../reports/times.js';
import { formatMoment } from '../times/moments.js';
import { defineCommand } from './command.js';
import type { AnyFlags } from './options/option-table.js';
import { optionSets } from './options/taken-options.js';

export const timesCommand = defineCommand({
  name: 'times',
  description:
    'Shows the moment of each frame of a film, and where the moments come from: an array “times” in its file, or films.json in its folder. With --fps, --interval, --start, --video or --rate it first writes these into films.json. If the filenames end in numbers that only grow, giallo counts by these numbers, else by the index.',
  arguments: [{ flags: '<film>', help: 'a name, a part of one, or a path' }],
  options: [
    ['fps', { help: 'screenshots a second' }],
    ['interval', { help: 'seconds from one screenshot to the next' }],
    'start',
    'video',
    'rate',
    ...optionSets.collection,
    'timesKey',
    ...optionSets.formatsWithNames,
  ],
  examples: [
    ['giallo times Sintel', 'the moment of each frame'],
    [
      'giallo times Sintel --fps 2.5 --video ../films/Sintel.mp4',
      'write the rate and the video into films.json',
    ],
    ['giallo times Sintel --rate 24/1', 'the video’s own frame rate, for --edl'],
  ],
  async run({ session, words, flags }) {
    const [word] = words as [string];
    const film = resolveFilm(await session.open({ films: [word] }), word);
    const isWritten = await writeEntry(film.path, flags);
    const [{ openTimes }, { times }] = await Promise.all([
      import('../times/times-of-films.js'),
      import('../reports/times.js'),
    ]);
    const { timesKey } = flags;
    const { context } = session;
    const report = await times(
      film,
      openTimes({
        reading: context.reading,
        timesKey,
        folder: session.dataFolder,
        onProblem: ({ message }) => void session.notices.warn(message),
      }),
      context,
    ).catch((error: unknown) => {
      // The options are written to films.json even if they do not give the times.
      if (isWritten && error instanceof GialloError && error.code === 'usage') return undefined;
      throw error;
    });
    if (report === undefined) {
      await session.notices.hint(
        `${film.name}: written to films.json; its times are not known without --fps or --interval`,
      );
      return undefined;
    }
    if (isWritten && report.source === 'archive')
      await session.notices.hint('giallo uses the times in the archive, not those in films.json');
    return { view: timesView(report) };
  },
});

/** Whether anything was given, and is in films.json now. Errors: `usage` for a video that is not there. */
async function writeEntry(path: string, flags: AnyFlags): Promise<boolean> {
  const { fps, interval, start, video, rate } = flags;
  const entry = { fps, interval, start, video, rate };
  if (Object.values(entry).every((value) => value === undefined)) return false;
  if (video !== undefined && !(await stat(video).catch(() => undefined))?.isFile())
    throw new GialloError('usage', `--video: ${video}: no such file`);
  const { writeFilmEntry } = await import('../times/films-json.js');
  // In films.json a film has the name of its file, also if it is shown with its path.
  await writeFilmEntry(dirname(path), withoutFilmEnding(basename(path)), entry);
  return true;
}

function timesView(report: TimesReport): View {
  const { film, frames, video, rate } = report;
  return {
    report,
    records: frames,
    names: { rows: frames.map(({ filename }) => ({ film, filename })), isAcrossFilms: false },
    table: tableOf(
      frames.map((frame) => ({ ...frame, time: formatMoment(frame.seconds) })),
      [
        { key: 'index', align: 'right' },
        { key: 'time', align: 'right' },
        { key: 'seconds', align: 'right', isDispensable: true },
        { key: 'filename', cuttable: 'start' },
      ],
      {
        caption: [`${film}  ${sourceOf(report)}`],
        footer: [
          `${counted(frames.length, 'frame')}; video: ${video ?? 'not known (--video <file>)'}, rate: ${rate ?? 'not known (--rate <x>)'}`,
        ],
      },
    ),
  };
}

const places = { option: 'the command line', archive: 'the archive', 'films.json': 'films.json' } as const;

function sourceOf({ source, counted: how, step }: TimesReport): string {
  const from = `from ${places[source]}`;
  if (how === null) return `times ${from}`;
  const seconds = Math.round(step * 1e6) / 1e6;
  return `a frame every ${seconds} s, by ${how === 'index' ? 'index' : 'the numbers in the filenames'}, ${from}`;
}
