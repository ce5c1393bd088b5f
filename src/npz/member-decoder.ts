/**
 * fflate's `Unzip` as the zip layer, with node:zlib behind it as the decoder for deflate: the container stays
 * fflate's, the bytes come at native speed from zlib's thread pool. `Unzip` is fed a local header made from the
 * directory's entry instead of the file's own, since with the file's own header or data descriptor it cuts payloads
 * that happen to hold a zip signature.
 */
import { createInflateRaw, type InflateRaw, inflateRawSync } from 'node:zlib';
import { Unzip, type UnzipDecoder, type UnzipDecoderConstructor } from 'fflate';
import { freePiece } from './spare-memory.js';
import type { ZipEntry } from './zip-directory.js';

/** Takes a member's compressed bytes piece by piece and gives its content; `close` releases everything at any time. */
export interface MemberDecoder {
  /** Takes the next compressed bytes, in order, after `pull` has answered `undefined`. */
  push(compressed: Uint8Array): void;
  /**
   * The next bytes of the content, valid until they are pulled again, or `undefined` when more compressed bytes are
   * wanted or nothing is left.
   */
  pull(): Promise<Uint8Array | undefined>;
  /** How many of the pushed bytes the content did not need: if any, there are bytes after its end. */
  unusedBytes(): number;
  close(): void;
}

/**
 * The most raw bytes that zlib makes at once; at most two such pieces wait for their reader. Handing over long ones takes
 * less time. But if nothing else is read meanwhile, the reader and zlib wait less for each other if they are short.
 */
const outputLength = 1 << 21;
const shortOutputLength = 1 << 19;

/** Opens a decoder for a stored or deflated member of any size. */
export function openMemberDecoder(entry: ZipEntry, { isReadAlone = false } = {}): MemberDecoder {
  const most = isReadAlone ? shortOutputLength : outputLength;
  const ready: Uint8Array<ArrayBuffer>[] = [];
  let failure: Error | undefined;
  let inflater: Inflater | undefined;
  let pushedBytes = 0;
  let given: Uint8Array<ArrayBuffer> | undefined;

  const unzip = new Unzip((file) => {
    file.ondata = (error, data) => {
      if (error) failure = error;
      else if (data.length > 0) ready.push(data as Uint8Array<ArrayBuffer>);
    };
    file.start();
  });
  const makeClass = isSmall(entry) ? inflaterAtOnce : inflaterClass;
  unzip.register(
    makeClass(Math.max(64, Math.min(most, entry.rawSize + 1)), (made) => {
      inflater = made;
    }),
  );
  unzip.push(localHeader(entry));

  return {
    push(compressed) {
      pushedBytes += compressed.length;
      // `Unzip` holds a header back until a byte follows it, and would then copy what came with that byte.
      const first = pushedBytes === compressed.length ? 1 : 0;
      if (first) unzip.push(compressed.subarray(0, 1));
      if (compressed.length > first) unzip.push(compressed.subarray(first));
    },
    async pull() {
      const before = given;
      given = undefined;
      if (before && inflater) freePiece(before);
      while (ready.length === 0 && failure === undefined && inflater?.isBusy()) await inflater.turn();
      if (failure !== undefined) throw failure;
      given = ready.shift();
      if (before && !given && inflater?.hasEnded()) freePiece(before, 'zlib has ended');
      return given;
    },
    unusedBytes: () => (inflater === undefined ? 0 : pushedBytes - inflater.usedBytes()),
    close: () => inflater?.terminate(),
  };
}

/**
 * A local header (APPNOTE.TXT 4.3.7) with a one-letter name and the sizes in a zip64 extra, so that members over
 * 4 GiB go the same way as all others.
 */
function localHeader(entry: ZipEntry): Uint8Array {
  const bytes = new Uint8Array(30 + 1 + 20);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x04034b50, true);
  view.setUint16(8, entry.method, true);
  view.setUint32(18, 0xffffffff, true);
  view.setUint32(22, 0xffffffff, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 20, true);
  bytes[30] = 0x6d;
  view.setUint16(31, 0x0001, true);
  view.setUint16(33, 16, true);
  view.setBigUint64(35, BigInt(entry.rawSize), true);
  view.setBigUint64(43, BigInt(entry.compressedSize), true);
  return bytes;
}

/**
 * Whether a member is inflated on the reading thread: handing a small one to zlib's threads takes longer. A long member
 * that is compressed well, as names are, is small too.
 */
function isSmall({ compressedSize, rawSize }: ZipEntry): boolean {
  return compressedSize <= 1 << 16 && rawSize <= 1 << 18;
}

interface Inflater extends UnzipDecoder {
  terminate(): void;
  /** Compressed bytes are being inflated, or their end is awaited. */
  isBusy(): boolean;
  /** Lets zlib go on; resolves when it has given bytes, taken all its input, ended or failed. */
  turn(): Promise<void>;
  /** All of its content was given. */
  hasEnded(): boolean;
  usedBytes(): number;
}

/** fflate makes the decoder itself, from a class: `announce` is how its maker gets hold of it. */
function inflaterClass(chunkSize: number, announce: (inflater: Inflater) => void): UnzipDecoderConstructor {
  return class ZlibInflater implements Inflater {
    static readonly compression = 8;
    ondata: UnzipDecoder['ondata'] = () => {};
    readonly #stream: InflateRaw = createInflateRaw({ chunkSize });
    #unfinishedWrites = 0;
    #hasEnded = false;
    #wake = () => {};

    constructor() {
      announce(this);
      this.#stream.on('data', (data: Buffer<ArrayBuffer>) => {
        // One piece at a time: zlib inflates the next while this one is used, and then waits.
        this.#stream.pause();
        // No Buffer, whose slices would be views of memory that is freed.
        this.ondata(null, new Uint8Array(data.buffer, data.byteOffset, data.byteLength), false);
        this.#wake();
      });
      this.#stream.on('end', () => this.#end(null));
      this.#stream.on('error', (error) => this.#end(error));
    }

    push(chunk: Uint8Array, isFinal: boolean): void {
      this.#unfinishedWrites++;
      this.#stream.write(chunk, () => {
        this.#unfinishedWrites--;
        this.#wake();
      });
      if (isFinal) this.#stream.end();
    }

    isBusy(): boolean {
      if (this.#hasEnded) return false;
      return this.#unfinishedWrites > 0 || this.#stream.writableEnded || this.#stream.readableLength > 0;
    }

    turn(): Promise<void> {
      return new Promise((resolve) => {
        this.#wake = resolve;
        this.#stream.resume();
      });
    }

    hasEnded(): boolean {
      return this.#hasEnded;
    }

    usedBytes(): number {
      return this.#stream.bytesWritten;
    }

    terminate(): void {
      this.#stream.destroy();
    }

    #end(error: Error | null): void {
      this.#hasEnded = true;
      this.ondata(error as never, new Uint8Array(0), true);
      this.#wake();
    }
  };
}

/** The same for a small member: its content is one piece, of `mostBytes` where it holds more. */
function inflaterAtOnce(mostBytes: number, announce: (inflater: Inflater) => void): UnzipDecoderConstructor {
  return class ZlibAtOnce implements Inflater {
    static readonly compression = 8;
    ondata: UnzipDecoder['ondata'] = () => {};
    readonly #chunks: Uint8Array[] = [];
    #usedBytes = 0;

    constructor() {
      announce(this);
    }

    push(chunk: Uint8Array, isFinal: boolean): void {
      this.#chunks.push(chunk);
      if (!isFinal) return;
      try {
        this.ondata(null, this.#inflate(), true);
      } catch (error) {
        const isTooLong = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
        this.ondata(isTooLong ? null : (error as never), new Uint8Array(isTooLong ? mostBytes : 0), true);
      }
    }

    #inflate(): Uint8Array<ArrayBuffer> {
      const limits = { chunkSize: mostBytes, maxOutputLength: mostBytes };
      const inflated: unknown = inflateRawSync(Buffer.concat(this.#chunks), { ...limits, info: true });
      const { buffer, engine } = inflated as {
        buffer: Buffer<ArrayBuffer>;
        engine: { bytesWritten: number };
      };
      this.#usedBytes = engine.bytesWritten;
      return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    }

    isBusy = () => false;
    turn = async () => {};
    hasEnded = () => true;
    usedBytes = () => this.#usedBytes;
    terminate = () => {};
  };
}
