/**
 * Loads the files of the bundled program, and keeps what V8 has compiled of them. Compiling takes a question a third of
 * its time. Unlike Node.js, which keeps only what is compiled as a file is loaded, and only since version 22, this also
 * keeps the functions that a command has run.
 *
 * Whoever can write to the folder where it is kept can make giallo run their code. So it is a folder that only the user
 * can write to: neither `$GIALLO_CACHE`, which may be shared, nor the folder for temporary files.
 */
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { orUndefined } from './errors.js';
import { userCache } from './user-folders.js';

export interface ProgramLoader {
  /** What a file of the program exports. */
  load(name: string): unknown;
  /** Keeps what this run had to compile for the next run of the same command. */
  keepCompiled(): void;
}

/** What has not been made anew for so long is deleted: it may be of a version that is no longer there. */
const keptFor = 30 * 24 * 60 * 60 * 1000;

/** A loader of the files in a folder. What each command compiles is kept apart, since each runs other functions. */
export function createProgramLoader(folder: string, process: NodeJS.Process): ProgramLoader {
  const cache = join(userCache(process.env), 'compiled');
  const isKept = !process.env.NODE_DISABLE_COMPILE_CACHE && isOwnFolder(cache, process);
  const [, , word = ''] = process.argv;
  const command = /^[a-z-]+$/i.test(word) ? word : 'other';
  const keptName = (name: string) => `${process.version}-${process.arch}-${command}-${name}`;
  const modules = new Map<string, { exports: unknown }>();
  const compiled = new Map<string, Script>();

  function load(name: string): unknown {
    const known = modules.get(name);
    if (known) return known.exports;
    const file = join(folder, name);
    // V8 compares only lengths of sources, so other content must have another name.
    const canKeep = isKept && /-[\w-]{8}\.cjs$/.test(name);
    const [head, tail] = [
      '(function (exports, require, module, __filename, __dirname, importModule) {',
      '\n})',
    ];
    const script = new Script(head + readFileSync(file, 'utf8') + tail, {
      filename: file,
      columnOffset: -head.length,
      cachedData: canKeep ? readKept(join(cache, keptName(name))) : undefined,
    });
    if (canKeep && script.cachedDataRejected !== false) compiled.set(name, script);
    const module = { exports: {} };
    modules.set(name, module);
    script.runInThisContext()(module.exports, require, module, file, folder, importModule);
    return module.exports;
  }

  /** The program requires its own files, as `./start.cjs`, and modules of Node.js. */
  const require = (id: string) => (id.startsWith('./') ? load(id.slice(2)) : process.getBuiltinModule(id));

  /**
   * Stands for `import()` in the program, since scripts can import nothing. Packages have bare names; a URL is that of
   * the program's file with the tasks of a worker thread.
   */
  const importModule = async (name: string) =>
    name.startsWith('file:') ? load(basename(name)) : import(name);

  return {
    load,
    keepCompiled() {
      if (compiled.size === 0) return;
      try {
        mkdirSync(cache, { recursive: true, mode: 0o700 });
        removeOld(cache);
        for (const [name, script] of compiled) {
          writeKept(join(cache, keptName(name)), script.createCachedData());
        }
      } catch {
        // It cannot be kept: the program is compiled anew each time.
      }
    },
  };
}

/**
 * Whether only the user can write to a folder. If there is none, it must not be made in the folder of another user: with
 * `sudo`, the home folder can be that of the person who typed it, who could not write there afterwards.
 */
function isOwnFolder(folder: string, process: NodeJS.Process): boolean {
  const user = process.getuid?.();
  if (user === undefined) return true;
  const stat = orUndefined(() => statSync(folder));
  if (stat) return stat.uid === user && (stat.mode & 0o022) === 0;
  let parent = dirname(folder);
  while (!existsSync(parent)) parent = dirname(parent);
  const owner = orUndefined(() => statSync(parent).uid);
  return owner === user || owner === 0;
}

function removeOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    // Another process may have renamed or deleted it since.
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat && Date.now() - stat.mtimeMs > keptFor) rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Writes data and a copy of it. V8 does not check what it reads, and damaged data can make it crash or never end.
 * Comparing two halves takes a tenth of a millisecond; loading a module of Node.js that has checksums takes four.
 */
function writeKept(path: string, data: Buffer): void {
  const temporary = `${path}.${process.pid}`;
  try {
    writeFileSync(temporary, Buffer.concat([data, data]), { mode: 0o600 });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** What `writeKept` has written; undefined if there is none, or if it is damaged. */
function readKept(path: string): Buffer | undefined {
  const bytes = orUndefined(() => readFileSync(path)) ?? Buffer.of();
  const half = bytes.subarray(0, bytes.length / 2);
  return half.length > 0 && half.equals(bytes.subarray(half.length)) ? half : undefined;
}
