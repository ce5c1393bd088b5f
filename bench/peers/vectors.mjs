// Reads the array that merge.py writes in blocks, since Node reads at most 2 GiB of a file at once.
import { closeSync, openSync, readSync } from 'node:fs';

/** @param {string} path of an `.npy` of float32 [rows x dim] @returns its shape, and what reads its rows */
export function openVectors(path) {
  const descriptor = openSync(path);
  const head = Buffer.alloc(1024);
  readSync(descriptor, head, 0, head.length, 0);
  const offset = 10 + head.readUInt16LE(8);
  const [, rows, dim] = /'shape': \((\d+), (\d+)\)/.exec(head.toString('latin1')).map(Number);
  return {
    rows,
    dim,
    read(first, count) {
      const values = new Float32Array(count * dim);
      const bytes = new Uint8Array(values.buffer);
      for (let done = 0; done < bytes.length; )
        done += readSync(descriptor, bytes, done, bytes.length - done, offset + first * dim * 4 + done);
      return values;
    },
    close: () => closeSync(descriptor),
  };
}
