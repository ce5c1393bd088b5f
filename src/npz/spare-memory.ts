/**
 * Memory that is used again from film to film. What reading a film needs for a moment would else wait for the garbage
 * collector, so that a search over many films would take more memory than over a few.
 */

/** Two pieces of a file and a block of rows for each of some films that are read at the same time. */
const mostSpare = 8;
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
 * Frees the memory of a piece that zlib made, where it ends with the piece: zlib goes on in other memory then, and may
 * write to it before. Without effect in Node.js 20, which cannot.
 */
export function freePiece({ buffer, byteOffset, byteLength }: Uint8Array): void {
  if (byteOffset + byteLength < buffer.byteLength || byteLength < smallestFreed) return;
  (buffer as { transfer?: (byteLength: number) => ArrayBuffer }).transfer?.(0);
}

/** Smaller ones may lie in memory that Node shares among many. */
const smallestFreed = 1 << 16;
