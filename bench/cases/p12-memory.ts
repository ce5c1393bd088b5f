/** P12: the peak memory of topk over many films. They have few frames, so that this takes only a minute. */
import type { BenchCase } from '../case.js';

const many = 'giallo topk --all';
const few = 'giallo topk --all, an eighth of the films';

export const memoryOfTopk: BenchCase = {
  id: 'P12',
  title: 'memory of topk --all -k 10 as films are added, films of 300 frames',
  films: 160,
  async plan(bench) {
    const frames = Math.min(300, bench.size.frames);
    const contenders = [];
    for (const [name, films] of [
      [many, bench.size.films],
      [few, Math.ceil(bench.size.films / 8)],
    ] as const) {
      const collection = await bench.collection({ films, frames });
      const command = bench.giallo('topk', '--all', '-k', '10', '--data', collection.folder, '--quiet');
      contenders.push({ name, command, cache: await bench.index(collection) });
    }
    return { contenders, goals: [{ measure: 'memory', of: many, against: [few], atMost: 1.2 }] };
  },
};
