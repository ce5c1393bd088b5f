/**
 * Loads the WebAssembly kernel. Its source is `assembly/`, its binary is built to `dist/kernel/kernel.wasm`, and it works
 * on shared memory that comes from outside, so that workers can share one.
 */
import { readFileSync } from 'node:fs';
import { GialloError } from '../errors.js';
import type { LaneKernel } from './lane-kernel.js';
import type { ProjectionKernel } from './projection.js';
import type { TileKernel } from './tile-kernel.js';

/** The most a memory may hold, in pages of 64 KiB: the 4 GiB that the kernel was compiled for. */
export const maximumPages = 65_536;

export const pageBytes = 65_536;

/** What a shared memory of at least `bytes` is made of. */
export function pagesFor(bytes: number): { initial: number; maximum: number; shared: true } {
  return { initial: Math.ceil(bytes / pageBytes), maximum: maximumPages, shared: true };
}

/**
 * The kernel on a shared memory, which the caller owns.
 * Throws `file-unreadable` when the binary is missing, which is a fault of the installation.
 */
export function instantiateKernel(memory: WebAssembly.Memory): LaneKernel & TileKernel & ProjectionKernel {
  compiled ??= new WebAssembly.Module(readKernel());
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return exports as unknown as LaneKernel & TileKernel & ProjectionKernel;
}

/** Whether this processor and this Node run WebAssembly SIMD. */
export function isSimdSupported(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(simdProbe);
}

let compiled: WebAssembly.Module | undefined;

function readKernel(): Buffer<ArrayBuffer> {
  // The same step from src/kernel and from dist/kernel.
  const url = new URL('../../dist/kernel/kernel.wasm', import.meta.url);
  try {
    return readFileSync(url);
  } catch (cause) {
    throw new GialloError('file-unreadable', `${url.pathname}: expected the compiled kernel, found none`, {
      hint: 'build it with `npm run build:kernel`',
      cause,
    });
  }
}

// (module (func (result v128) i32.const 0 i8x16.splat))
const simdProbe = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b], // one type: () -> v128
  ...[0x03, 0x02, 0x01, 0x00], // one function of that type
  ...[0x0a, 0x08, 0x01, 0x06, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x0b], // its body
);
