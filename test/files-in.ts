/** What lies in a folder, to be compared with what lies in another. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Every file below a folder with its content, in order of names. */
export async function filesIn(folder: string): Promise<[name: string, content: string][]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const contents = files.map(
    async (path): Promise<[string, string]> => [
      path.slice(folder.length + 1),
      await readFile(path, 'latin1'),
    ],
  );
  return (await Promise.all(contents)).sort(([a], [b]) => (a < b ? -1 : 1));
}
