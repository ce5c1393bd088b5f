/**
 * The container of all index files: named sections of bytes, then a JSON that describes them.
 *
 *     section | section | ... | JSON | length of the JSON, its CRC-32, "giallo\n", number of the format (16 bytes)
 *
 * Sections begin at multiples of 64 bytes. Everything is synchronous: index files are read from the page cache, where a
 * call takes microseconds and a promise takes longer.
 */
import { crc32 } from 'node:zlib';
import { fileError, GialloError } from '../errors.js';
import { OpenFile } from '../files/open-files.js';

/** Where a section is; a section without `crc32` is checked by its reader, in parts. */
export interface Section {
  readonly byteOffset: number;
  readonly byteLength: number;
  readonly crc32?: number;
}

/** The JSON of a file. */
export interface Footer<Meta> {
  readonly kind: string;
  /** Bytes before the JSON. */
  readonly contentLength: number;
  readonly sections: Readonly<Record<string, Section>>;
  readonly meta: Meta;
}

export interface SectionFile<Meta> {
  readonly path: string;
  /** Bytes of the whole file. */
  readonly byteLength: number;
  readonly meta: Meta;
  /** Reads a whole section, and checks it: into new memory, or into `target` of the same length. */
  read(name: string, target?: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>;
  /** Reads a part of a section until `target` is full, without a check. */
  readInto(name: string, byteOffset: number, target: Uint8Array): void;
  /** The CRC-32 that a section must have; undefined for an unchecked one. */
  storedCrc32(name: string): number | undefined;
  close(): void;
}

/** The last byte is the number of the format. A file of an older format counts as missing, and is written again. */
export const ending = Buffer.from('giallo\n\x04', 'latin1');
export const tailLength = 16;
/** Bytes that are read at once from the end of a file: in most, the JSON and all sections of a few bytes a row. */
const firstReadLength = 2 ** 14;

/**
 * Opens a file of this kind; undefined if there is none, or one of an older format. Errors, also of its methods:
 * `index-damaged` (not an index file, truncated, changed), `file-unreadable`.
 */
export function openSectionFile<Meta>(path: string, kind: string): SectionFile<Meta> | undefined {
  const file = openIfThere(path);
  if (!file) return undefined;
  try {
    const byteLength = Number(file.stats.size);
    const end = new Uint8Array(Math.min(byteLength, firstReadLength));
    readFully(file, byteLength - end.length, end);
    const read = (byteOffset: number, target: Uint8Array) => {
      const at = byteOffset - (byteLength - end.length);
      if (at >= 0) target.set(end.subarray(at, at + target.length));
      else readFully(file, byteOffset, target);
    };
    if (isOlder(end)) {
      file.close();
      return undefined;
    }
    const { sections, meta } = readFooter<Meta>(path, byteLength, kind, read);
    const sectionOf = (name: string) => {
      if (!sections[name]) throw damaged(path, `section ${name} is missing`);
      return sections[name];
    };
    return {
      path,
      byteLength,
      meta,
      read(name, target) {
        const section = sectionOf(name);
        const bytes = target ?? new Uint8Array(section.byteLength);
        if (bytes.length !== section.byteLength) throw damaged(path, `section ${name} has another length`);
        read(section.byteOffset, bytes);
        if (crc32(bytes) !== section.crc32) throw damaged(path, `section ${name} was changed`);
        return bytes;
      },
      readInto(name, byteOffset, target) {
        const section = sectionOf(name);
        if (byteOffset + target.length > section.byteLength) throw damaged(path, `section ${name} is short`);
        read(section.byteOffset + byteOffset, target);
      },
      storedCrc32: (name) => sectionOf(name).crc32,
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The error for an index file that does not hold what it should. */
export function damaged(path: string, found: string): GialloError {
  return new GialloError('index-damaged', `${path}: the index file is damaged: ${found}`);
}

function openIfThere(path: string): OpenFile | undefined {
  try {
    return OpenFile.openSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError('read', path, error);
  }
}

function isOlder(end: Uint8Array): boolean {
  const before = ending.subarray(0, -1);
  const format = end.at(-1) ?? 0;
  return before.equals(end.subarray(-ending.length, -1)) && format > 0 && format < ending[before.length];
}

function readFooter<Meta>(
  path: string,
  byteLength: number,
  kind: string,
  read: (byteOffset: number, target: Uint8Array) => void,
): Footer<Meta> {
  const tail = Buffer.alloc(tailLength);
  if (byteLength >= tailLength) read(byteLength - tailLength, tail);
  if (!tail.subarray(-ending.length).equals(ending))
    throw damaged(path, 'it does not end as an index file of this version');
  const jsonLength = tail.readUInt32LE(0);
  if (jsonLength + tailLength > byteLength) throw damaged(path, 'it is cut off');
  const json = Buffer.alloc(jsonLength);
  read(byteLength - tailLength - jsonLength, json);
  if (crc32(json) !== tail.readUInt32LE(4)) throw damaged(path, 'the checksum of its description is wrong');
  const footer = JSON.parse(json.toString()) as Footer<Meta>;
  if (footer.kind !== kind) throw damaged(path, `it holds ${footer.kind}`);
  if (footer.contentLength + jsonLength + tailLength !== byteLength) throw damaged(path, 'it is cut off');
  return footer;
}

function readFully(file: OpenFile, byteOffset: number, target: Uint8Array): void {
  for (let done = 0; done < target.length; ) {
    const count = readOnce(file, target, done, byteOffset + done);
    if (count === 0) throw damaged(file.path, 'it is cut off');
    done += count;
  }
}

function readOnce(file: OpenFile, target: Uint8Array, done: number, at: number): number {
  try {
    return file.readSync(target, done, target.length - done, at);
  } catch (cause) {
    throw fileError('read', file.path, cause);
  }
}
