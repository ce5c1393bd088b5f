/**
 * A worker thread that converts, seen from the thread that started it: `convertFile` with the same contract, elsewhere.
 */
import { Worker } from 'node:worker_threads';
import { type ErrorCode, GialloError } from '../errors.js';
import type { Conversion, Converted, ConvertOptions, Watching } from './convert-file.js';

/** What a worker is told. */
export type Order =
  | { readonly kind: 'convert'; readonly conversion: Conversion; readonly options: ConvertOptions }
  | { readonly kind: 'abort' };

/** What a worker tells; classes are lost on the way, so a GialloError goes as its parts. */
export type Reply =
  | { readonly kind: 'progress'; readonly sourceBytes: number }
  | { readonly kind: 'converted'; readonly converted: Converted }
  | { readonly kind: 'aborted' }
  | {
      readonly kind: 'refused';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | undefined;
    }
  | { readonly kind: 'broken'; readonly error: unknown };

export class ConvertThread {
  readonly #worker = startWorker();

  /** As `convertFile`; one at a time. */
  async convert(
    conversion: Conversion,
    options: ConvertOptions,
    { signal, onProgress }: Watching,
  ): Promise<Converted> {
    signal?.throwIfAborted();
    const worker = this.#worker;
    const order = (order: Order) => worker.postMessage(order);
    const abort = () => order({ kind: 'abort' });
    const listening = new AbortController();
    signal?.addEventListener('abort', abort, { signal: listening.signal });
    try {
      return await new Promise<Converted>((resolve, reject) => {
        worker.on('message', (reply: Reply) => {
          if (reply.kind === 'progress') onProgress?.(reply.sourceBytes);
          else if (reply.kind === 'converted') resolve(reply.converted);
          else reject(errorOf(reply, signal));
        });
        worker.on('error', reject);
        order({ kind: 'convert', conversion, options });
      });
    } finally {
      worker.removeAllListeners('message');
      worker.removeAllListeners('error');
      listening.abort();
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

function errorOf(reply: Exclude<Reply, { kind: 'progress' | 'converted' }>, signal?: AbortSignal): unknown {
  if (reply.kind === 'aborted') return signal?.reason;
  if (reply.kind === 'broken') return reply.error;
  return new GialloError(reply.code, reply.message, { hint: reply.hint });
}

function startWorker(): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./convert-worker.js', import.meta.url));
  // Run from the sources through tsx, whose hooks do not reach worker threads on Node 20.
  const entry = new URL('./convert-worker.ts', import.meta.url).href;
  const run = `import('tsx/esm/api').then((tsx) => (tsx.register(), import('${entry}')))`;
  return new Worker(run, { eval: true });
}
