/** `giallo films`: the command and its view. */
import { counted, grouped, humanBytes, tableOf } from '../render/tabular.js';
import type { View } from '../render/view.js';
import type { FilmsReport } from '../reports/films.js';
import { defineCommand, noneReadFailure } from './command.js';
import { optionSets } from './options/taken-options.js';

export const filmsCommand = defineCommand({
  name: 'films',
  description:
    'Lists the films of the collection with their frames, dims and sizes. Reads only the archives’ directories and array headers.',
  arguments: [],
  options: [...optionSets.collection, ...optionSets.engine, ...optionSets.formats, ...optionSets.work],
  examples: [
    ['giallo films', 'the collection in ./data_embeddings'],
    ['giallo films -d /archive/giallo', 'another one'],
    ["giallo films --json | jq '.totals.frames'", 'how many frames there are in all'],
  ],
  async run({ session }) {
    const collection = await session.open();
    const { films } = await import('../reports/films.js');
    const report = await films(collection, session.context);
    const failure = noneReadFailure(collection.folder, report.films.length, report.skipped);
    return { view: filmsView(report), failure };
  },
});

function filmsView(report: FilmsReport): View {
  const { films, totals } = report;
  const percent = (ratio: number) => `${Math.round(ratio * 100)} %`;
  return {
    report,
    records: films,
    table: tableOf(
      films,
      [
        { key: 'film', cuttable: true },
        { key: 'path', isHidden: true },
        { key: 'frames', align: 'right', show: grouped },
        { key: 'dim', align: 'right' },
        { key: 'dtype', isDispensable: true },
        { key: 'compression', isHidden: true },
        { key: 'bytes', align: 'right', show: humanBytes },
        { key: 'rawBytes', align: 'right', show: humanBytes, isDispensable: true },
        { key: 'ratio', align: 'right', show: percent, isDispensable: true },
      ],
      {
        footer: [
          `${counted(totals.films, 'film')}, ${counted(totals.frames, 'frame')}, ` +
            `${humanBytes(totals.bytes)}${totals.rawBytes > 0 ? ` (${humanBytes(totals.rawBytes)} raw)` : ''}`,
        ],
      },
    ),
  };
}
