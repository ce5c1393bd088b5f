/** `giallo vector`. */
import { Command } from 'commander';
import type { OutputOptions } from '../files/outputs.js';
import type { Io } from '../io.js';
import type { FrameVector } from '../reports/vector.js';
import { addCollectionOptions, addExamples, type CommonOptions } from './options/options.js';
import { type Session, startSession } from './session/session.js';

interface VectorOptions extends CommonOptions {
  readonly npy?: boolean;
  readonly output?: string;
  readonly force?: boolean;
}

export function vectorCommand(io: Io): Command {
  const command = new Command('vector')
    .description('Prints the vector of a frame: a JSON array, or an .npy array of shape (dim,).')
    .argument('<film>', 'a name, a part of one, or a path')
    .argument('<frame>', 'index or filename');
  addCollectionOptions(command)
    .optionsGroup('Output:')
    .option('--npy', 'an .npy file, as numpy.load reads it')
    .option('-o, --output <file>', 'write to a file instead of stdout; .npy by its ending')
    .option('--force', 'write over an existing file')
    .option('-q, --quiet', 'no hints on stderr');
  addExamples(command, [
    ['giallo vector Sintel 40', 'a JSON array'],
    ['giallo vector Sintel 40 -o query.npy', 'for numpy'],
    ["giallo vector Sintel 40 | jq 'length'", 'how many numbers it has'],
  ]);
  return command.action(async (film: string, frame: string, options: VectorOptions) => {
    if (options.force && options.output === undefined) {
      command.error("error: option '--force' needs '-o <file>'");
    }
    const isNpy = options.npy === true || options.output?.endsWith('.npy') === true;
    if (isNpy && options.output === undefined && io.stdout.isTerminal) {
      command.error(
        "error: option '--npy' writes bytes, and stdout is a terminal\n(name a file with -o, or use a pipe)",
      );
    }
    const session = startSession(io, options);
    const { vector } = await import('../reports/vector.js');
    const found = await vector(await session.open({ films: [film] }), { film, frame }, session.context);
    const data = isNpy ? await npyOf(found) : jsonOf(found);
    if (options.output === undefined) await io.stdout.write(data);
    else await writeWhole(options.output, data, { force: options.force === true, sources: [found.path] });
    if (!isNpy) await warnOfNulls(found, session);
  });
}

async function writeWhole(file: string, data: string | Uint8Array, options: OutputOptions): Promise<void> {
  const { withOutputs } = await import('../files/outputs.js');
  await withOutputs(options, async (outputs) => (await outputs.create(file)).writeFile(data));
}

/** JSON has no NaN and no Inf. */
async function warnOfNulls({ film, index, vector }: FrameVector, { notices }: Session): Promise<void> {
  const count = vector.filter((value) => !Number.isFinite(value)).length;
  if (count === 0) return;
  const numbers = count === 1 ? '1 number is' : `${count} numbers are`;
  await notices.warn(`${film} frame ${index}: ${numbers} NaN or Inf, null in JSON; --npy keeps them`);
}

function jsonOf({ vector }: FrameVector): string {
  return `${JSON.stringify([...vector])}\n`;
}

async function npyOf({ vector }: FrameVector): Promise<Uint8Array> {
  const { dump } = await import('npyjs');
  return new Uint8Array(dump(vector, [vector.length]));
}
