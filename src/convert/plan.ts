/**
 * Turns a request into conversions: which file becomes which, in which form. Looks at the disk only to see whether the
 * output is a folder.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { pathOnDisk } from '../collection/resolve-film.js';
import { GialloError } from '../errors.js';
import { shortFileName } from '../files/file-names.js';
import { eitherOf } from '../word-lists.js';
import type { Conversion, ConvertOptions, Source } from './convert-file.js';
import { type FormName, formNames, formOfPath, withoutEnding } from './forms.js';

export interface ConversionRequest {
  /** At least one path. */
  readonly inputs: readonly string[];
  /** Undefined: what `output` ends in, else npz, or JSON from npz. */
  readonly to?: FormName | undefined;
  /**
   * A file, `-` for stdout; a folder where several files are made, or where it is one or ends in a slash. Undefined:
   * alongside.
   */
  readonly output?: string | undefined;
  /** Whether all inputs become one file. */
  readonly merge?: boolean | undefined;
}

/**
 * Plans conversions, one for each input in their order, or one for all of them; `folder` must exist before they begin.
 * Errors: `usage` for an input of unknown form, for two inputs that become the same file, for one that is to be joined
 * twice, for an output without form, and for options that would do nothing.
 */
export async function planConversions(
  request: ConversionRequest,
  options: ConvertOptions,
): Promise<{ conversions: readonly Conversion[]; folder: string | undefined }> {
  const sources = request.inputs.map((input) => sourceOf(pathOnDisk(input)));
  const folder = await folderOf(request);
  await refuseUnfit(request, folder);
  const conversions = request.merge
    ? [mergeOf(sources, request)]
    : sources.map((source) => conversionOf(source, folder, request));
  refuseSameTarget(conversions);
  for (const conversion of conversions) refuseIdleOptions(conversion, options);
  return { conversions, folder };
}

function sourceOf(path: string): Source {
  const form = formOfPath(path);
  if (form !== undefined) return { path, form };
  const hint = 'convert takes files; `giallo films --csv` lists the paths of films';
  throw new GialloError('usage', `${path}: the name must end in ${endings()}`, { hint });
}

/**
 * Refuses outputs that cannot be meant. Several files need a folder, and a name with the ending of a form is hardly
 * meant as a new folder. An `.npy` cannot be sent to stdout, a pipe or a device, since its names go into a file beside
 * it.
 */
async function refuseUnfit(
  { inputs, output, to, merge }: ConversionRequest,
  folder: string | undefined,
): Promise<void> {
  if (output === undefined) return;
  const isOneFile = output === '-' || (formOfPath(output) !== undefined && !(await isFolder(output)));
  if (isOneFile && inputs.length > 1 && !merge) {
    const hint = 'name a folder with -o, or join them with --merge';
    throw new GialloError('usage', `-o ${output}: several files need a folder`, { hint });
  }
  if (to !== 'npy' || folder !== undefined) return;
  const found = await stat(output).catch(() => undefined);
  if (output !== '-' && (found === undefined || found.isFile())) return;
  const message = `${output}: an .npy needs a file of names beside it, which cannot be written here`;
  throw new GialloError('usage', message, { hint: '--to npz writes both into one file' });
}

async function folderOf({ inputs, output, merge }: ConversionRequest): Promise<string | undefined> {
  if (output === undefined || merge || output === '-') return undefined;
  if (inputs.length > 1 || output.endsWith('/') || output.endsWith(sep)) return output;
  return (await isFolder(output)) ? output : undefined;
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

function mergeOf(sources: readonly Source[], { to, output }: ConversionRequest): Conversion {
  if (output === undefined) {
    throw new GialloError('usage', '--merge needs a file to write', {
      hint: 'name it with -o all.npy',
    });
  }
  const places = sources.map(({ path }) => resolve(path));
  const again = sources.find((_, i) => places.indexOf(places[i]) < i);
  if (again) throw new GialloError('usage', `${again.path}: named twice, and a film is joined once`);
  return { sources, isMerge: true, target: output, to: to ?? formOfOutput(output) };
}

function conversionOf(
  source: Source,
  folder: string | undefined,
  { to, output }: ConversionRequest,
): Conversion {
  if (output !== undefined && folder === undefined) {
    return { sources: [source], isMerge: false, target: output, to: to ?? formOfOutput(output) };
  }
  const form = to ?? (source.form === 'npz' ? 'json' : 'npz');
  // The names of an .npy go into a file that ends in .txt or .json.
  const name = shortFileName(withoutEnding(basename(source.path)), `.${form}`, '.json'.length);
  return { sources: [source], isMerge: false, target: join(folder ?? dirname(source.path), name), to: form };
}

function formOfOutput(output: string): FormName {
  const form = formOfPath(output);
  if (form !== undefined) return form;
  throw new GialloError('usage', `${output}: the name must end in ${endings()}`, {
    hint: '--to names the format',
  });
}

function refuseSameTarget(conversions: readonly Conversion[]): void {
  const sourceOfTarget = new Map<string, string>();
  for (const { target, sources } of conversions) {
    const path = sources[0]?.path ?? '';
    const other = sourceOfTarget.get(resolve(target));
    if (other !== undefined) {
      const message = `${target}: both ${other} and ${path} would be written to it`;
      throw new GialloError('usage', message);
    }
    sourceOfTarget.set(resolve(target), path);
  }
}

/** Refuses options that would change nothing, since the user expects them to have an effect. */
function refuseIdleOptions({ sources, to, target }: Conversion, options: ConvertOptions): void {
  const hasJson = to === 'json' || sources.some(({ form }) => form === 'json');
  const idle =
    (options.dtype !== 'float32' &&
      to !== 'npz' &&
      to !== 'npy' &&
      '--dtype applies only to output in .npz or .npy') ||
    (options.compression === 'stored' && to !== 'npz' && '--stored applies only to output in .npz') ||
    (options.nan === 'null' && !hasJson && '--nan applies only to JSON') ||
    (options.onDuplicate === 'suffix' && !hasJson && '--on-duplicate applies only to JSON');
  if (idle) throw new GialloError('usage', `${target}: ${idle}`);
}

function endings(): string {
  return eitherOf(formNames.map((name) => `.${name}`));
}
