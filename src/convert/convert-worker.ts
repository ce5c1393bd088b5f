/**
 * The worker thread's side of `ConvertThread`: an entry, so it runs at import.
 */
import { parentPort } from 'node:worker_threads';
import { GialloError } from '../errors.js';
import { type Conversion, type ConvertOptions, convertFile } from './convert-file.js';
import type { Order, Reply } from './convert-thread.js';

let aborting = new AbortController();

parentPort?.on('message', async (order: Order) => {
  if (order.kind === 'abort') {
    aborting.abort();
    return;
  }
  aborting = new AbortController();
  reply(await convert(order.conversion, order.options, aborting.signal));
});

async function convert(conversion: Conversion, options: ConvertOptions, signal: AbortSignal): Promise<Reply> {
  const onProgress = (sourceBytes: number) => reply({ kind: 'progress', sourceBytes });
  try {
    return { kind: 'converted', converted: await convertFile(conversion, options, { signal, onProgress }) };
  } catch (error) {
    if (signal.aborted) return { kind: 'aborted' };
    if (!(error instanceof GialloError)) return { kind: 'broken', error };
    const { code, message, hint } = error;
    return { kind: 'refused', code, message, hint };
  }
}

function reply(message: Reply): void {
  parentPort?.postMessage(message);
}
