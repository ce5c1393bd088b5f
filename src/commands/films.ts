/** `giallo films`. */
import { Command } from 'commander';
import { GialloError } from '../errors.js';
import type { Io } from '../io.js';
import { addEngineOptions, type EngineFlags, engineUrlOf } from './options/engine-options.js';
import {
  addCollectionOptions,
  addExamples,
  addFormatOptions,
  addManyFilmsOptions,
  type CommonOptions,
} from './options/options.js';
import { startSession } from './session/session.js';

export function filmsCommand(io: Io): Command {
  const command = new Command('films').description(
    'Lists the films of the collection with their frames, dims and sizes. Reads the archives’ directories and array headers only.',
  );
  addCollectionOptions(command);
  addEngineOptions(command);
  addFormatOptions(command, ['json', 'ndjson', 'csv']);
  addManyFilmsOptions(command);
  addExamples(command, [
    ['giallo films', 'the collection in ./data_embeddings'],
    ['giallo films -d /archive/giallo', 'another one'],
    ["giallo films --json | jq '.totals.frames'", 'how many frames there are in all'],
  ]);
  return command.action(async (options: CommonOptions & EngineFlags) => {
    const session = startSession(io, options, engineUrlOf(io, options));
    const collection = await session.open();
    const [{ films }, { filmsView }] = await Promise.all([
      import('../reports/films.js'),
      import('../render/films.js'),
    ]);
    const report = await films(collection, session.context);
    await session.print(filmsView(report));
    await session.reportSkipped(report.skipped);
    if (report.films.length === 0 && report.skipped.length > 0) {
      throw new GialloError(
        'films-skipped',
        `${collection.folder}: none of ${report.skipped.length} films could be read`,
      );
    }
  });
}
