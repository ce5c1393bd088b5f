/**
 * Memory with a lane kernel on it, lent to one scorer at a time. A process may make thousands of scorers, and only the
 * garbage collector frees the address space of a WebAssembly memory. So one memory is kept and lent again.
 */
import { GialloError, machineError } from '../errors.js';
import { scalarKernel } from './scalar.js';
import {
  instantiateKernel,
  type KernelImplementation,
  type LaneKernel,
  pageBytes,
  pagesFor,
} from './wasm.js';

export interface KernelMemory {
  readonly kernel: LaneKernel;
  /** At least as many bytes as were asked for, not cleared. */
  readonly buffer: ArrayBufferLike;
  /** Gives the memory back, so that the next `takeMemory` can lend it. */
  release(): void;
}

/**
 * Memory of at least `bytes`. Errors: `size-absurd` if no memory can be as large, `memory-exhausted` if this machine
 * has too little, `file-unreadable` if the compiled kernel is missing.
 */
export function takeMemory(bytes: number, implementation: KernelImplementation): KernelMemory {
  try {
    return implementation === 'simd' ? takeShared(bytes) : allocate(bytes);
  } catch (cause) {
    // Beyond its maximum, WebAssembly.Memory throws a TypeError or a RangeError, depending on the version of V8.
    if (!(cause instanceof RangeError || cause instanceof TypeError)) throw cause;
    const message = `needs ${bytes} bytes of memory at once, more than there can be`;
    throw machineError(cause) ?? new GialloError('size-absurd', message, { cause });
  }
}

interface SharedKernel {
  readonly kernel: LaneKernel;
  readonly memory: WebAssembly.Memory;
}

let idle: SharedKernel | undefined;

function takeShared(bytes: number): KernelMemory {
  const pages = Math.ceil(bytes / pageBytes);
  const shared = idle ?? createShared(pages);
  const missing = pages - shared.memory.buffer.byteLength / pageBytes;
  if (missing > 0) {
    shared.memory.grow(missing);
  }
  idle = undefined;
  return {
    kernel: shared.kernel,
    buffer: shared.memory.buffer,
    release() {
      idle = shared;
    },
  };
}

function createShared(pages: number): SharedKernel {
  const memory = new WebAssembly.Memory(pagesFor(pages * pageBytes));
  return { memory, kernel: instantiateKernel(memory) };
}

function allocate(bytes: number): KernelMemory {
  const buffer = new ArrayBuffer(Math.ceil(bytes / 8) * 8);
  return { kernel: scalarKernel(buffer), buffer, release() {} };
}
