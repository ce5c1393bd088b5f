/** Pages of every kind about the sample films, made by giallo itself. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { main } from '../../src/cli.js';
import { recordingIo } from '../recording-io.js';

const data = join(import.meta.dirname, '../../data_embeddings');

/** The command line of each page. Vectors come from stdin. */
export const samplePages = {
  similar: ['similar', 'Sintel', '60', '--all', '-k', '30'],
  several: ['similar', 'Sintel', '60', '20', '--and', 'Bunny:30', '--all', '-k', '8'],
  search: ['search', '--vector', '-', '-k', '8'],
  pairs: ['pairs', '-k', '12'],
  duplicates: ['duplicates'],
  compare: ['compare'],
  shots: ['shots', 'Sintel'],
  nothing: ['similar', 'Sintel', '60', '--min-score', '1'],
} as const;

/** Makes the page of a command line in `folder`, and returns its path. */
export async function makePage(folder: string, name: string, words: readonly string[]): Promise<string> {
  const file = join(folder, `${name}.html`);
  const stdin = words[0] === 'search' ? await vectorsOf() : '';
  const recording = recordingIo({ stdin });
  const status = await main([words[0], '-d', data, ...words.slice(1), '--html', file], recording.io);
  assert.equal(status, 0, recording.stderr());
  return file;
}

/** The vectors of two frames, as NDJSON. */
async function vectorsOf(): Promise<string> {
  const vectors: string[] = [];
  for (const index of ['20', '60']) {
    const recording = recordingIo();
    await main(['vector', '-d', data, 'Sintel', index], recording.io);
    vectors.push(recording.stdout());
  }
  return vectors.join('');
}
