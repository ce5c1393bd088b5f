/** `giallo convert`: between the forms that people keep embeddings in. */
import { stat } from 'node:fs/promises';
import { Command, Option } from 'commander';
import type { Outcome } from '../convert/convert-files.js';
import { type FormName, formNames } from '../convert/forms.js';
import { GialloError } from '../errors.js';
import type { Io } from '../io.js';
import { addExamples, addReadingOptions, type CommonOptions, wholeNumber } from './options/options.js';
import { type Session, startSession } from './session/session.js';

interface ConvertFlags extends CommonOptions {
  readonly to?: FormName;
  readonly output?: string;
  readonly merge?: boolean;
  readonly force?: boolean;
  readonly dtype: 'float32' | 'float16';
  readonly stored?: boolean;
  readonly nan?: 'null';
  readonly onDuplicate?: 'suffix';
}

export function convertCommand(io: Io): Command {
  const command = new Command('convert')
    .description(
      'Converts files of embeddings. The form of the target is what --to says, else the ending of -o, else npz, or JSON from npz. A file is written whole or not at all, and never over another without --force.',
    )
    .argument('<file...>', 'files ending in .npz, .npy, .json, .csv or .parquet')
    .optionsGroup('Target:')
    .addOption(new Option('--to <form>', 'the form to write').choices(formNames))
    .option('-o, --output <path>', 'the file to write, or a folder for several (default: alongside)')
    .option('--merge', 'join all films into one file; filenames become film:filename')
    .option('--force', 'write over existing files')
    .optionsGroup('Numbers and names:')
    .addOption(
      new Option('--dtype <dtype>', 'of the vectors in npz and npy')
        .choices(['float32', 'float16'])
        .default('float32'),
    )
    .option('--stored', 'an npz without compression, whose rows can be read by position')
    .addOption(
      new Option('--nan <how>', 'NaN in JSON: written as null, and null read as NaN').choices(['null']),
    )
    .addOption(
      new Option('--on-duplicate <how>', 'a filename that comes again gets a suffix').choices(['suffix']),
    );
  addReadingOptions(command)
    .optionsGroup('Work:')
    .option('-j, --jobs <n>', 'files converted at the same time (default: all cores)', wholeNumber(1))
    .option('-q, --quiet', 'no hints and no progress on stderr');
  addExamples(command, [
    ['giallo convert *.json', 'each into an .npz beside it'],
    ['giallo convert film.npz --to json', 'a dictionary: {filename: [numbers]}'],
    ['giallo convert data_embeddings/*.npz --merge -o all.npy', 'the whole collection as one array'],
    ['giallo convert film.npz -o film.parquet', 'for DuckDB, Polars, Spark'],
  ]);
  return command.action(async (inputs: readonly string[], flags: ConvertFlags) => {
    const session = startSession(io, flags);
    await convertAll(session, inputs, flags);
  });
}

async function convertAll(session: Session, inputs: readonly string[], flags: ConvertFlags): Promise<void> {
  const [{ planConversions }, { convertFiles }, { availableParallelism }] = await Promise.all([
    import('../convert/plan.js'),
    import('../convert/convert-files.js'),
    import('node:os'),
  ]);
  const options = {
    force: flags.force === true,
    dtype: flags.dtype,
    compression: flags.stored ? 'stored' : 'deflated',
    nan: flags.nan ?? 'refuse',
    onDuplicate: flags.onDuplicate ?? 'refuse',
    reading: session.context.reading ?? {},
  } as const;
  const { to, output, merge } = flags;
  const plan = await planConversions({ inputs, to, output, isMerge: merge === true }, options);
  if (plan.folder !== undefined) (await import('../files/temporary-files.js')).makeFolder(plan.folder);
  const totalMegabytes = toMegabytes(await totalBytes(inputs));
  const outcomes = await convertFiles(plan.conversions, options, {
    jobs: flags.jobs ?? availableParallelism(),
    signal: session.io.signal,
    onProgress: (bytes) =>
      session.notices.progress({ done: toMegabytes(bytes), total: totalMegabytes, unit: 'MB' }),
  });
  await session.notices.endProgress();
  for (const outcome of outcomes) await say(session, outcome, outcomes.length);
  requireAllDone(outcomes);
}

async function say({ notices }: Session, outcome: Outcome, count: number): Promise<void> {
  if ('error' in outcome) {
    // A single failure is the command's own error, printed by the program with its hint.
    if (count > 1) await notices.fail(outcome.error.message);
    return;
  }
  const { warnings, frames, dim, paths } = outcome.converted;
  for (const warning of warnings) await notices.warn(warning);
  await notices.hint(`${paths.join(', ')}: ${frames} ${frames === 1 ? 'frame' : 'frames'} of ${dim} numbers`);
}

function requireAllDone(outcomes: readonly Outcome[]): void {
  const failed = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const [first] = failed;
  if (!first) return;
  if (outcomes.length === 1) throw first;
  throw new GialloError(first.code, `${failed.length} of ${outcomes.length} conversions failed`);
}

async function totalBytes(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function toMegabytes(bytes: number): number {
  return Math.round(bytes / 1e6);
}
