/** `giallo info`: the command, and its two views: facts about a film's file and vectors, and the list of its frames. */
import { resolveFilm } from '../collection/resolve-film.js';
import { counted, fourDigits, humanBytes, tableOf } from '../render/tabular.js';
import type { View } from '../render/view.js';
import type { FramesReport, InfoReport } from '../reports/info.js';
import { defineCommand } from './command.js';
import { optionSets } from './options/taken-options.js';

export const infoCommand = defineCommand({
  name: 'info',
  description:
    'Shows the arrays of a film’s file, and what its vectors are like: lengths, all-zero and non-finite rows, exact repeats, cosine of consecutive frames.',
  arguments: [{ flags: '<film>', help: 'a name, a part of one, or a path' }],
  options: [
    'frames',
    ['times', { needs: 'frames' }],
    ['fps', { needs: 'frames' }],
    ['interval', { needs: 'frames' }],
    ...optionSets.collection,
    'timesKey',
    'json',
    'ndjson',
    'csv',
    ['names', { needs: 'frames' }],
    'null',
    ...optionSets.notices,
  ],
  examples: [
    ['giallo info Sintel', 'the film with Sintel in its name'],
    ['giallo info Sintel --frames | grep 000041', 'find a frame’s index'],
    ['giallo info ./new/Opera.1987.mkv.npz --json', 'a file outside the collection'],
  ],
  async run({ session, words, flags }) {
    const [word] = words as [string];
    const reports = await import('../reports/info.js');
    const film = resolveFilm(await session.open({ films: [word] }), word);
    const { context } = session;
    const films = new Map([[film.name, film]]);
    if (flags.frames) return { view: framesView(await reports.frames(film, context)), films };
    const report = await reports.info(film, context);
    return { view: infoView(report), note: vectorsMeasured(report).join('; '), films };
  },
});

function infoView(report: InfoReport): View {
  const { film, path, frames, dim, dtype, arrays } = report;
  return {
    report,
    records: arrays,
    table: tableOf(
      arrays.map(({ shape, fortranOrder, ...array }) => ({
        ...array,
        shape: `(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`,
        fortranOrder: String(fortranOrder),
      })),
      [
        { key: 'name', cuttable: true },
        { key: 'dtype' },
        { key: 'shape' },
        { key: 'fortranOrder', isDispensable: true },
        { key: 'compression', isDispensable: true },
        { key: 'bytes', align: 'right', show: humanBytes },
        { key: 'rawBytes', align: 'right', show: humanBytes, isDispensable: true },
        { key: 'crc32', isDispensable: true },
      ],
      {
        caption: [film, `${counted(frames, 'frame')} of ${dim} numbers, ${dtype}, in ${path}`],
        footer: vectorsMeasured(report).map((line, i) => (i === 0 ? line : `         ${line}`)),
      },
    ),
  };
}

/** `vectors: lengths 1.0000 to 1.0000, mean 1.0000`, then odd values among them, and how alike consecutive rows are. */
function vectorsMeasured({ norms, zero, nonFinite, repeats, consecutive }: InfoReport): string[] {
  const lengths = norms
    ? `lengths ${fourDigits(norms.min)} to ${fourDigits(norms.max)}, mean ${fourDigits(norms.mean)}`
    : 'no vector to measure';
  const counts = [
    counted(zero, 'all-zero row'),
    `${counted(nonFinite, 'row')} with NaN or Inf`,
    counted(repeats, 'exact repeat'),
  ];
  const steps = consecutive
    ? [
        `consecutive frames: median cosine ${fourDigits(consecutive.median)}, 5th percentile ${fourDigits(consecutive.p5)}`,
      ]
    : [];
  return [`vectors: ${lengths}`, counts.join(', '), ...steps];
}

function framesView(report: FramesReport): View {
  const { film, frames } = report;
  return {
    report,
    records: frames,
    names: { rows: frames.map(({ filename }) => ({ film, filename })), isAcrossFilms: false },
    table: tableOf(frames, [
      { key: 'index', align: 'right' },
      { key: 'filename', cuttable: 'start' },
    ]),
  };
}
