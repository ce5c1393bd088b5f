/** `giallo vector`. */
import { GialloError } from '../errors.js';
import type { OutputOptions } from '../files/outputs.js';
import type { FrameVector } from '../reports/vector.js';
import { defineCommand } from './command.js';
import { oneFrameAsked } from './inputs/frame-words.js';
import type { AnyFlags } from './options/option-table.js';
import { optionSets } from './options/taken-options.js';
import type { Session } from './session/session.js';

export const vectorCommand = defineCommand({
  name: 'vector',
  description: 'Prints the vector of a frame: a JSON array, or an .npy array of shape (dim,).',
  arguments: [
    { flags: '<film>', help: 'a name, a part of one, or a path; or film:frame' },
    { flags: '[frame]', help: 'index, moment (@1:12.5) or filename' },
  ],
  options: [
    'fps',
    'interval',
    ...optionSets.collection,
    'timesKey',
    [
      'output',
      { group: 'output', help: 'write to a file instead of stdout; an .npy file if its name ends in .npy' },
    ],
    'npy',
    ['force', { group: 'output', help: 'write over an existing file', needs: 'output' }],
    'quiet',
  ],
  examples: [
    ['giallo vector Sintel 40', 'a JSON array'],
    ['giallo vector Sintel 40 -o query.npy', 'for numpy'],
    ["giallo vector Sintel 40 | jq 'length'", 'how many numbers it has'],
  ],
  check({ io, flags }) {
    const { output = '' } = flags;
    if (/\.(npz|csv|parquet)$/i.test(output)) {
      throw new GialloError('usage', `${output}: vector writes JSON, or .npy if the name ends so`, {
        hint: 'name another file with -o',
      });
    }
    if (!isNpy(flags) || flags.output !== undefined || !io.stdout.isTerminal) return;
    throw new GialloError('usage', '--npy writes bytes, and stdout is a terminal', {
      hint: 'name a file with -o, or use a pipe',
    });
  },
  async run({ session, io, words, flags }) {
    const { vector } = await import('../reports/vector.js');
    const { collection, frame } = await oneFrameAsked(session, words);
    const found = await vector(collection, frame, session.context);
    const data = isNpy(flags) ? await npyOf(found) : jsonOf(found);
    if (flags.output === undefined) await io.stdout.write(data);
    else await writeWhole(flags.output, data, { force: flags.force === true, sources: [found.path] });
    if (!isNpy(flags)) await warnOfNulls(found, session);
    return undefined;
  },
});

function isNpy({ npy, output }: AnyFlags): boolean {
  return npy === true || /\.npy$/i.test(output ?? '');
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
  await notices.warn(
    `${film} frame ${index}: ${numbers} NaN or Inf, written as null in JSON; --npy keeps them`,
  );
}

/** As `JSON.stringify`, but with the sign of -0, which JSON can hold. */
function jsonOf({ vector }: FrameVector): string {
  const numbers = Array.from(vector, (value) => (Object.is(value, -0) ? '-0' : JSON.stringify(value)));
  return `[${numbers.join()}]\n`;
}

async function npyOf({ vector }: FrameVector): Promise<Uint8Array> {
  const { dump } = await import('npyjs');
  return new Uint8Array(dump(vector, [vector.length]));
}
