/** P1i: one frame against its film, with the search index. Most of the time is start-up. */
import { resultScores } from '../answers.js';
import type { BenchCase } from '../case.js';

const giallo = 'giallo similar';
const description = "the description's script";
const nothing = 'node -e 0';

export const similarInOneIndexedFilm: BenchCase = {
  id: 'P1i',
  title: 'similar, in one film, with the search index',
  async plan(bench) {
    const collection = await bench.collection({ films: 1 });
    const frame = `${collection.frames >> 1}`;
    return {
      contenders: [
        {
          name: giallo,
          command: bench.giallo('similar', collection.film(0), frame, '--data', collection.folder, '--json'),
          cache: await bench.index(collection),
          answer: resultScores,
        },
        {
          name: description,
          command: bench.peer('similar_in_film.py', collection.film(0), frame),
          modules: ['numpy'],
          answer: resultScores,
        },
        { name: nothing, command: bench.node('-e', '0') },
      ],
      goals: [{ measure: 'wall', of: giallo, against: [description], atMost: 0.45 }],
    };
  },
};
