/**
 * All errors of giallo: their codes, the exit status of each code, and the class that carries them. The code of giallo
 * throws them; only `cli.ts` catches and prints them.
 */

/** Exit statuses of the process, as docs/output.md lists them. */
export const exitStatus = {
  answered: 0,
  data: 1,
  usage: 2,
  bug: 70,
} as const;

/** The exit status of a process that a signal ended: 128 plus the signal's number, as in shells. */
export const signalStatus = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The exit status of each code. A test compares the codes with docs/errors.md. */
const statusByCode = {
  // the command line
  usage: exitStatus.usage,
  'collection-missing': exitStatus.usage,
  'film-unknown': exitStatus.usage,
  'film-ambiguous': exitStatus.usage,
  'frame-unknown': exitStatus.usage,
  'frame-ambiguous': exitStatus.usage,
  'output-exists': exitStatus.usage,
  'dump-differs': exitStatus.usage,
  // files and what is in them
  'file-unreadable': exitStatus.data,
  'file-unwritable': exitStatus.data,
  'open-files-limit': exitStatus.data,
  'not-an-archive': exitStatus.data,
  'archive-truncated': exitStatus.data,
  'archive-corrupt': exitStatus.data,
  'archive-encrypted': exitStatus.data,
  'member-repeated': exitStatus.data,
  'compression-unsupported': exitStatus.data,
  'size-absurd': exitStatus.data,
  'header-invalid': exitStatus.data,
  'array-missing': exitStatus.data,
  'dtype-unsupported': exitStatus.data,
  'shape-mismatch': exitStatus.data,
  'names-unreadable': exitStatus.data,
  'index-damaged': exitStatus.data,
  'memory-exhausted': exitStatus.data,
  // conversions and dumps
  'input-malformed': exitStatus.data,
  'names-duplicate': exitStatus.data,
  'value-unrepresentable': exitStatus.data,
  'output-too-large': exitStatus.data,
  'dump-locked': exitStatus.data,
  // questions that have no answer
  'query-unusable': exitStatus.data,
  'dim-mismatch': exitStatus.data,
  'films-skipped': exitStatus.data,
  'films-broken': exitStatus.data,
  // an engine across the network
  'engine-unreachable': exitStatus.data,
  'engine-denied': exitStatus.data,
  'engine-database-missing': exitStatus.data,
  'engine-schema': exitStatus.data,
  'engine-shard-down': exitStatus.data,
  'engine-timeout': exitStatus.data,
  'engine-tls': exitStatus.data,
  'engine-busy': exitStatus.data,
  'engine-mismatch': exitStatus.data,
  'engine-failed': exitStatus.data,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof statusByCode;

export const errorCodes = Object.keys(statusByCode) as readonly ErrorCode[];

/** What an error may carry: a hint how to mend it, and the error that caused it. */
interface ErrorDetails {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The one error of giallo. `message` reads `<file or place>: <what is wrong>`, one line, and may hold names from files:
 * whoever prints it escapes control characters.
 */
export class GialloError extends Error {
  override readonly name = 'GialloError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
  }
}

/** The exit status of an error, which depends only on its code. */
export function exitStatusOf(code: ErrorCode): number {
  return statusByCode[code];
}

/**
 * Whether the machine is at fault, and not a film: such an error ends the work, and never counts as a film that could
 * not be read.
 */
export function isMachineError({ code }: GialloError): boolean {
  return code === 'open-files-limit' || code === 'memory-exhausted';
}

/**
 * The result of `work`, or the GialloError that it throws. Errors of the machine are thrown, and so is everything that
 * is not a GialloError (a bug, an abort).
 */
export async function catchGiallo<T>(work: () => T | Promise<T>): Promise<T | GialloError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof GialloError && !isMachineError(error)) return error;
    throw error;
  }
}

/** The same for synchronous work. */
export function catchGialloSync<T>(work: () => T): T | GialloError {
  try {
    return work();
  } catch (error) {
    if (error instanceof GialloError && !isMachineError(error)) return error;
    throw error;
  }
}

/** The result of `work`; undefined if it fails, for whatever reason. */
export function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** An error of the file system as a GialloError, with the place and what was tried. */
export function fileError(verb: 'read' | 'write', path: string, cause: unknown): GialloError {
  if (cause instanceof GialloError) return cause;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return (
    machineError(cause) ??
    new GialloError(
      verb === 'read' ? 'file-unreadable' : 'file-unwritable',
      `${path}: cannot ${verb}: ${fileErrorWords[code] ?? message}${code === 'ENOENT' ? ifNotUtf8(path) : ''}`,
      { cause },
    )
  );
}

/** The result of `work`. Errors of the file system are thrown as `fileError` makes them. */
export function withFileError<T>(verb: 'read' | 'write', path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw fileError(verb, path, cause);
  }
}

/**
 * An error of Node.js as a GialloError, if it says that the machine is short of something, or that the working folder
 * is gone; undefined for other errors.
 */
export function machineError(cause: unknown): GialloError | undefined {
  const { code: ownCode, message = '', syscall } = (cause ?? {}) as NodeJS.ErrnoException;
  // A thread that cannot be started has the code of the cause at the end of its message only.
  const code = ownCode === 'ERR_WORKER_INIT_FAILED' ? message.split(' ').at(-1) : ownCode;
  if (syscall === 'uv_cwd') {
    const gone = 'the folder that giallo was started in no longer exists';
    return new GialloError('file-unreadable', gone, { hint: 'cd to another folder', cause });
  }
  if (code === 'EMFILE' || code === 'ENFILE') {
    const whose =
      code === 'EMFILE'
        ? 'this process has reached its limit (ulimit -n)'
        : 'the system has reached its limit';
    const hint = 'raise the limit with ulimit -n, or use fewer threads with -j';
    return new GialloError('open-files-limit', `too many open files: ${whose}`, { hint, cause });
  }
  if (code === 'EAGAIN' && ownCode === 'ERR_WORKER_INIT_FAILED') {
    const message = 'cannot start a thread: not enough memory, or too many processes (ulimit -u)';
    return new GialloError('memory-exhausted', message, {
      hint: 'end other programs, or raise the limit',
      cause,
    });
  }
  const isMemory =
    code === 'ENOMEM' ||
    code === 'ERR_WORKER_OUT_OF_MEMORY' ||
    code === 'ERR_MEMORY_ALLOCATION_FAILED' ||
    (cause instanceof RangeError && beyondMemory.test(message));
  return isMemory ? memoryError(cause) : undefined;
}

/** The messages of V8 if memory is short, or if an array, a text, a Map or a Set is larger than V8 can make. */
const beyondMemory =
  /allocation failed|could not allocate|cannot allocate|unable to grow|array length: \d{10,}|invalid string length|maximum size exceeded/i;

/** For `catch`: gives `value` instead of the error, but throws an error of the machine. */
export function unlessMachine<T>(value: T): (cause: unknown) => T {
  return (cause) => {
    const machine = machineError(cause);
    if (machine) throw machine;
    return value;
  };
}

/**
 * The error of a machine that has too little memory for the work. For each memory of WebAssembly, Node.js reserves ten
 * gigabytes of address space, unless that option says not to.
 */
function memoryError(cause: unknown): GialloError {
  const threads = 'use fewer threads with -j';
  const isReserved = /^WebAssembly\.(Memory|Instance)\(\)/.test((cause as Error).message);
  const hint = isReserved
    ? `if \`ulimit -v\` limits the address space, set NODE_OPTIONS=--disable-wasm-trap-handler, and ${threads}`
    : `${threads}, or ask for less at a time: fewer films, or a lower -k`;
  return new GialloError('memory-exhausted', 'not enough memory for this work', { hint, cause });
}

/**
 * The end of a message about a path that leads nowhere: if its bytes are not UTF-8, Node.js has replaced them by
 * U+FFFD.
 */
export function ifNotUtf8(path: string): string {
  return path.includes('\ufffd') ? '; its name is not UTF-8: rename it' : '';
}

const fileErrorWords: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EBUSY: 'it is in use',
  EDQUOT: 'your share of the disk is used up',
  EEXIST: 'a file of that name already exists',
  EFBIG: 'the file would be larger than the disk allows',
  EINVAL: 'the disk does not support this',
  EIO: 'the disk reported an input/output error',
  EISDIR: 'it is a folder',
  // The name that Node.js gives it in `rm`.
  ERR_FS_EISDIR: 'it is a folder',
  ELOOP: 'the symbolic links form a loop',
  ENAMETOOLONG: 'the name is too long',
  ENODEV: 'there is no such device',
  ENOENT: 'no such file or folder',
  EBADF: 'it is closed',
  ENOSPC: 'no space left on the disk',
  ENOTDIR: 'a part of the path is not a folder',
  ENOTEMPTY: 'the folder is not empty',
  ENXIO: 'there is no such device',
  EPERM: 'operation not permitted',
  EROFS: 'the disk is read-only',
  ESTALE: 'the network disk no longer knows the file',
  ETIMEDOUT: 'the network disk does not answer',
  ETXTBSY: 'it is a running program',
  EXDEV: 'it is on another disk',
};
