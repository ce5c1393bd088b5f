/** Reads the files in a folder, to compare them with those in another. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The content of every file below a folder, by its path from there, in their order. */
export async function filesIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const files = paths
    .map((path) => relative(folder, path))
    .sort()
    .map(async (path) => [path, await readFile(join(folder, path), 'latin1')] as const);
  return new Map(await Promise.all(files));
}
