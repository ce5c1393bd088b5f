/**
 * Memory that is used for one film after the other. Otherwise the memory of each film would wait for the garbage
 * collector, and a search over many films would take more memory than one over a few.
 */

/**
 * Two pieces of a file and a block of rows for each film that is read at the same time: by default at most eight films.
 */
const mostSpare = 24;
/** Longer pieces are not kept: rows that need them are rare. */
const mostLength = 1 << 21;

const spare: Uint8Array<ArrayBuffer>[] = [];

/** Memory of exactly this length that was given back, not cleared; undefined if there is none. */
export function takeSpare(byteLength: number): Uint8Array<ArrayBuffer> | undefined {
  const at = spare.findIndex(({ length }) => length === byteLength);
  return at < 0 ? undefined : spare.splice(at, 1)[0];
}

/** Gives back memory that is not used any more. It must be the whole of its buffer. */
export function giveSpare(memory: Uint8Array<ArrayBuffer>): void {
  if (memory.length > mostLength) return;
  spare.push(memory);
  if (spare.length > mostSpare) spare.shift();
}

/**
 * Frees the memory of a piece that zlib made, unless zlib may still write to the rest of it: that is, unless the piece
 * ends where the memory ends, or zlib `hasEnded`. Left to the garbage collector, it would be gigabytes of new memory for
 * the system to clear.
 */
export function freePiece(
  { buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>,
  hasEnded?: 'zlib has ended',
): void {
  if ((byteOffset + byteLength < buffer.byteLength && !hasEnded) || byteLength < smallestFreed) return;
  if (hasTransfer(buffer)) {
    buffer.transfer(0);
    return;
  }
  // A message to a closed port frees the memory that it brings.
  closedPort ??= makeClosedPort();
  closedPort.postMessage(undefined, [buffer]);
}

/** Node.js 20 has no `transfer`. */
function hasTransfer(buffer: ArrayBuffer): buffer is ArrayBuffer & { transfer(length: number): ArrayBuffer } {
  return 'transfer' in buffer;
}

let closedPort: Port | undefined;

type Port = InstanceType<typeof MessageChannel>['port1'];

function makeClosedPort(): Port {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}

/** Smaller pieces may be parts of a buffer that Node.js shares among several. */
const smallestFreed = 1 << 16;
