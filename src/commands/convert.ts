/** `giallo convert`: between the forms that people keep embeddings in. */
import type { Outcome } from '../convert/convert-files.js';
import { GialloError } from '../errors.js';
import { outputPlace } from '../files/outputs.js';
import { counted } from '../render/tabular.js';
import { defineCommand } from './command.js';
import { optionSets } from './options/taken-options.js';
import type { Session } from './session/session.js';

export const convertCommand = defineCommand({
  name: 'convert',
  description:
    'Converts files of embeddings. --to or the ending of -o names the format to write; the default is npz, or JSON if the input is npz. A conversion that fails leaves no incomplete file. Existing files are kept unless --force is given.',
  arguments: [{ flags: '<file...>', help: 'files ending in .npz, .npy, .json, .csv or .parquet' }],
  options: [
    'to',
    'output',
    'merge',
    'force',
    ['dtype', { default: 'float32' }],
    'stored',
    'nan',
    'onDuplicate',
    ...optionSets.reading,
    ['jobs', { help: 'files converted at the same time (default: all cores)' }],
    'quiet',
  ],
  examples: [
    ['giallo convert *.json', 'each into an .npz beside it'],
    ['giallo convert film.npz --to json', 'a dictionary: {filename: [numbers]}'],
    ['giallo convert data_embeddings/*.npz --merge -o all.npy', 'the whole collection as one array'],
    ['giallo convert film.npz -o film.parquet', 'for DuckDB, Polars, Spark'],
    ['giallo convert film.npz --to csv -o - | head', 'a table in a pipe'],
  ],
  async run({ session, words, flags }) {
    const { convertRequested } = await import('../convert/convert-files.js');
    const { reading, signal, onProgress } = session.context;
    const outcomes = await convertRequested({ ...flags, inputs: words, reading }, { signal, onProgress });
    await session.notices.endProgress();
    for (const outcome of outcomes) await printOutcome(session, outcome, outcomes.length);
    requireAllDone(outcomes);
    return undefined;
  },
});

async function printOutcome({ notices }: Session, outcome: Outcome, count: number): Promise<void> {
  if ('error' in outcome) {
    // If the only file failed, its error is thrown.
    if (count > 1) await notices.fail(outcome.error);
    return;
  }
  const { warnings, frames, dim, paths } = outcome.converted;
  for (const warning of warnings) await notices.warn(warning);
  await notices.hint(`${paths.map(outputPlace).join(', ')}: ${counted(frames, 'frame')} of ${dim} numbers`);
}

function requireAllDone(outcomes: readonly Outcome[]): void {
  const failed = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const [first] = failed;
  if (!first) return;
  if (outcomes.length === 1) throw first;
  throw new GialloError(first.code, `${failed.length} of ${outcomes.length} conversions failed`);
}
