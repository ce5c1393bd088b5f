/**
 * Memory that is used again from film to film. Otherwise what one film needs for a moment would wait for the garbage
 * collector, and a search over many films would take more memory than one over a few.
 */

/** Two pieces of a file and a block of rows for each of the films that are read at the same time: by default eight at most. */
const mostSpare = 24;
/** Longer rows than this are rare. */
const mostLength = 1 << 21;

const spare: Uint8Array<ArrayBuffer>[] = [];

/** Memory that was given back, of exactly this length, whatever it holds; undefined where there is none. */
export function takeSpare(byteLength: number): Uint8Array<ArrayBuffer> | undefined {
  const at = spare.findIndex(({ length }) => length === byteLength);
  return at < 0 ? undefined : spare.splice(at, 1)[0];
}

/** Gives back memory of its own that nobody looks at any more. */
export function giveSpare(memory: Uint8Array<ArrayBuffer>): void {
  if (memory.length > mostLength) return;
  spare.push(memory);
  if (spare.length > mostSpare) spare.shift();
}

/**
 * Frees the memory of a piece that zlib made, where it ends with the piece, or zlib `hasEnded`: else it may still write
 * to it. A message to a port that is closed takes memory along to nowhere, which works in Node.js 20 as well; left to the
 * garbage collector, it would be gigabytes of new memory for the system to clear.
 */
export function freePiece(
  { buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>,
  hasEnded?: 'zlib has ended',
): void {
  if ((byteOffset + byteLength < buffer.byteLength && !hasEnded) || byteLength < smallestFreed) return;
  closedPort ??= makeClosedPort();
  closedPort.postMessage(undefined, [buffer]);
}

let closedPort: Port | undefined;

type Port = InstanceType<typeof MessageChannel>['port1'];

function makeClosedPort(): Port {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
}

/** Smaller ones may lie in memory that Node shares among many. */
const smallestFreed = 1 << 16;
