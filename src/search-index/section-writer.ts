/**
 * Writes index files under a temporary name and renames them when whole, so that readers and other writers see all of a
 * file or none of it; of two writers the last one wins.
 */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { withFileError } from '../errors.js';
import { openWithRetriesSync } from '../files/open-files.js';
import { renameInto, temporaryPath } from '../files/temporary-files.js';
import { ending, type Footer, type Section, tailLength } from './section-file.js';

export interface SectionWriter<Meta> {
  /** Adds to the section begun last, or begins another. An unchecked section gets no CRC-32. */
  append(name: string, values: ArrayBufferView, unchecked?: 'unchecked'): void;
  /** Writes the JSON, and gives the file its name. */
  finish(meta: Meta): void;
  /** Removes what was written; does nothing after `finish`. */
  abandon(): void;
}

const alignment = 64;

/** Begins a file of a kind. Errors, also of its methods: `file-unwritable`. */
export function createSectionFile<Meta>(path: string, kind: string): SectionWriter<Meta> {
  const temporary = temporaryPath(dirname(path));
  const sections: Record<string, Section> = {};
  const descriptor = withFileError('write', path, () => openWithRetriesSync(() => openSync(temporary, 'wx')));
  let isOpen = true;
  let isFinished = false;
  let at = 0;

  const write = (bytes: Uint8Array) => {
    for (let done = 0; done < bytes.length; ) {
      done += withFileError('write', path, () => writeSync(descriptor, bytes, done));
    }
    at += bytes.length;
  };
  const close = () => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };

  return {
    append(name, { buffer, byteOffset: start, byteLength }, unchecked) {
      const bytes = new Uint8Array(buffer, start, byteLength);
      if (!sections[name]) write(new Uint8Array((alignment - (at % alignment)) % alignment));
      const { byteOffset, crc32: sum } = sections[name] ?? { byteOffset: at };
      write(bytes);
      const place = { byteOffset, byteLength: at - byteOffset };
      sections[name] = unchecked ? place : { ...place, crc32: crc32(bytes, sum ?? 0) };
    },
    finish(meta) {
      const footer: Footer<Meta> = { kind, contentLength: at, sections, meta };
      const json = Buffer.from(JSON.stringify(footer));
      const tail = Buffer.alloc(tailLength);
      tail.writeUInt32LE(json.length, 0);
      tail.writeUInt32LE(crc32(json), 4);
      ending.copy(tail, 8);
      write(json);
      write(tail);
      close();
      renameInto(temporary, path);
      isFinished = true;
    },
    abandon() {
      if (isFinished) return;
      close();
      rmSync(temporary, { force: true });
    },
  };
}
