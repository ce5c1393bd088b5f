/** Which folders are meant where none is typed: those that the environment names, else those of the user. */
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Variables by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of films: the one that was typed, else `$GIALLO_DATA`, else `./data_embeddings`. */
export function dataFolderOf(typed: string | undefined, env: Environment): string {
  return typed ?? (env.GIALLO_DATA || './data_embeddings');
}

/** The folder of all search indexes: `$GIALLO_CACHE`, which people may share, else the user's own for caches. */
export function cacheRoot(env: Environment, platform?: NodeJS.Platform): string {
  return env.GIALLO_CACHE || userCache(env, platform);
}

/** The user's own folder for what giallo keeps, where the platform has caches. */
export function userCache(env: Environment, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'giallo');
  // A relative one counts for nothing, as its specification says: it would be another in each folder.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'giallo');
  const home = homeFolder();
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'giallo') : join(home, '.cache', 'giallo');
}

/** The user's folder, also where $HOME is there and empty. */
export function homeFolder(): string {
  return homedir() || userInfo().homedir;
}
