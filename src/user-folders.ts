/** The folders that giallo uses if none is typed: those that the environment names, or else those of the user. */
import { homedir, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Environment variables by their names. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of films: the one that was typed, else `$GIALLO_DATA`, else `./data_embeddings`. */
export function dataFolderOf(typed: string | undefined, env: Environment): string {
  return typed ?? (env.GIALLO_DATA || './data_embeddings');
}

/** The folder of all search indexes: `$GIALLO_CACHE`, which people may share, else the user's own for caches. */
export function cacheRoot(env: Environment, platform?: NodeJS.Platform): string {
  return env.GIALLO_CACHE || userCache(env, platform);
}

/** giallo's folder among the user's caches, where the platform keeps these. */
export function userCache(env: Environment, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'giallo');
  // The XDG specification says that relative paths must be ignored.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'giallo');
  const home = homeFolder();
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'giallo') : join(home, '.cache', 'giallo');
}

/**
 * The home folder of the user, also if $HOME is empty, or a relative path, which would be another one in each folder. A
 * user whom the system does not know, as in a container, has the root folder, which is what Docker sets $HOME to.
 */
export function homeFolder(): string {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : userInfo().homedir;
  } catch {
    return '/';
  }
}
