/** The view of `giallo times`. */
import type { TimesReport } from '../reports/times.js';
import { formatMoment } from '../times/moments.js';
import { counted } from './tabular.js';
import type { View } from './view.js';

export function timesView(report: TimesReport): View {
  const { film, frames, video, rate } = report;
  return {
    report,
    records: frames,
    names: { rows: frames.map(({ filename }) => ({ film, filename })), isAcrossFilms: false },
    table: {
      caption: [`${film}  ${sourceOf(report)}`],
      columns: [
        { key: 'index', align: 'right' },
        { key: 'time', align: 'right' },
        { key: 'seconds', align: 'right', isDispensable: true },
        { key: 'filename', cuttable: 'start' },
      ],
      rows: frames.map(({ index, filename, seconds }) => [index, formatMoment(seconds), seconds, filename]),
      footer: [
        `${counted(frames.length, 'frame')}; video: ${video ?? 'not known (--video <file>)'}, rate: ${rate ?? 'not known (--rate <x>)'}`,
      ],
    },
  };
}

const places = { option: 'the command line', archive: 'the archive', 'films.json': 'films.json' } as const;

function sourceOf({ source, counted: how, step }: TimesReport): string {
  const from = `from ${places[source]}`;
  if (how === null) return `times ${from}`;
  const seconds = Math.round(step * 1e6) / 1e6;
  return `a frame every ${seconds} s, by ${how === 'index' ? 'index' : 'the numbers in the filenames'}, ${from}`;
}
