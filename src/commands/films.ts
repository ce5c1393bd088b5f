/** `giallo films`. */
import { GialloError } from '../errors.js';
import { counted } from '../render/tabular.js';
import { defineCommand } from './command.js';
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
    const [{ films }, { filmsView }] = await Promise.all([
      import('../reports/films.js'),
      import('../render/films.js'),
    ]);
    const report = await films(collection, session.context);
    const { skipped } = report;
    const isBroken = report.films.length === 0 && skipped.length > 0;
    const message = `${collection.folder}: none of ${counted(skipped.length, 'film')} could be read`;
    return {
      view: filmsView(report),
      skipped,
      failure: isBroken ? new GialloError('films-skipped', message) : undefined,
    };
  },
});
