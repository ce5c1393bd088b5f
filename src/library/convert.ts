/** The function `convert`, and the type of its report. */
import { convertRequested } from '../convert/convert-files.js';
import type { ErrorCode } from '../errors.js';
import { checkedOptions, checkPath, checkPaths } from './arguments.js';
import type { ConvertOptions } from './options.js';

/** The files that were converted, and those that could not be. */
export interface ConversionReport {
  readonly converted: readonly Conversion[];
  /** Files that could not be converted. For these, nothing is written. */
  readonly failed: readonly {
    readonly sources: readonly string[];
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string | undefined;
  }[];
}

/** A conversion that succeeded. */
export interface Conversion {
  readonly sources: readonly string[];
  /** The files that were written. */
  readonly paths: readonly string[];
  readonly frames: number;
  readonly dim: number;
  readonly warnings: readonly string[];
}

/**
 * Converts files (one path or URL, or several) between npz, npy, JSON, CSV and Parquet. A file that cannot be converted
 * leaves no incomplete output; it is listed in `failed`. Errors: `usage`, and whatever prevents the whole call, such as
 * a target that exists.
 *
 * ```js
 * const { converted } = await convert('data_embeddings/Krank.Red.Sea.npz', { output: 'krank.json' });
 * console.log(converted[0].frames);
 * ```
 */
export async function convert(
  files: string | URL | readonly (string | URL)[],
  options?: ConvertOptions,
): Promise<ConversionReport> {
  const inputs = checkPaths('convert: files', files);
  const given = checkedOptions('convert', options);
  const { output: target, signal, onProgress, ...asked } = given;
  const output = target === undefined ? undefined : checkPath('convert: option output', target);
  const outcomes = await convertRequested({ ...asked, inputs, output }, { signal, onProgress });
  const converted: Conversion[] = [];
  const failed: ConversionReport['failed'][number][] = [];
  for (const outcome of outcomes) {
    const sources = outcome.conversion.sources.map(({ path }) => path);
    if ('converted' in outcome) converted.push({ sources, ...outcome.converted });
    else {
      const { code, message, hint } = outcome.error;
      failed.push({ sources, code, message, hint });
    }
  }
  return { converted, failed };
}
