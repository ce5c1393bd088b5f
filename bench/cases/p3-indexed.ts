/** P3: one frame against all films, with the search index; numpy has its vectors in one memory-mapped array. */
import { resultScores } from '../answers.js';
import type { BenchCase } from '../case.js';
import { packagePeersOfOne } from '../package-peers.js';

const giallo = 'giallo similar --all';
const memoryMapped = 'numpy, memory-mapped';
const nothing = 'node -e 0';

export const similarByIndex: BenchCase = {
  id: 'P3',
  title: 'similar --all, with the search index',
  films: 110,
  async plan(bench) {
    const collection = await bench.collection();
    const { folder, filmNames, frames } = collection;
    // A frame of the first film: its index is also its row among the rows of all films.
    const frame = `${frames >> 1}`;
    return {
      contenders: [
        {
          name: giallo,
          command: bench.giallo('similar', filmNames[0], frame, '--all', '--data', folder, '--json'),
          cache: await bench.index(collection),
          answer: resultScores,
        },
        {
          name: memoryMapped,
          command: bench.peer('memory_mapped.py', await bench.vectors(collection), frame, '5'),
          modules: ['numpy'],
          answer: resultScores,
        },
        { name: nothing, command: bench.node('-e', '0') },
        ...(await packagePeersOfOne(bench, collection, frame, '5')),
      ],
      goals: [
        { measure: 'wall', of: giallo, against: [memoryMapped], atMost: 0.5 },
        { measure: 'wall', of: giallo, against: [nothing], atMost: 2.2 },
        { measure: 'MB', of: giallo, atMost: 250 },
      ],
    };
  },
};
