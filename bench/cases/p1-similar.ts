/** P1: one frame against its film, from the compressed archive; start-up included. */
import { resultScores } from '../answers.js';
import type { BenchCase } from '../case.js';

const giallo = 'giallo similar';
const description = "the description's script";
const bareNode = 'bare node';
const isNode20 = process.versions.node.startsWith('20.');

export const similarInOneFilm: BenchCase = {
  id: 'P1',
  title: 'similar, in one compressed film',
  async plan(bench) {
    const collection = await bench.collection({ films: 1 });
    const question = [collection.film(0), `${collection.frames >> 1}`];
    return {
      contenders: [
        { name: giallo, command: bench.giallo('similar', ...question, '--json'), answer: resultScores },
        {
          name: description,
          command: bench.peer('similar_in_film.py', ...question),
          modules: ['numpy'],
          answer: resultScores,
        },
        { name: bareNode, command: bench.peer('bare-node.mjs', ...question), answer: resultScores },
      ],
      goals: [{ measure: 'wall', of: giallo, against: [description], atMost: isNode20 ? 0.9 : 0.6 }],
    };
  },
};
