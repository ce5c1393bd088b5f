/** P11: many small films, where the cost of opening a film matters most, against numpy with all films in memory. */
import { arrayScores, neighborScores } from '../answers.js';
import type { BenchCase } from '../case.js';

const giallo = 'giallo topk --all';
const numpy = 'numpy, load + product + partition';
const k = '7';

export const manySmallFilms: BenchCase = {
  id: 'P11',
  title: `topk --all -k ${k}, films of 12 frames of 32 numbers`,
  films: 300,
  async plan(bench) {
    const { folder } = await bench.collection({ frames: 12, dim: 32 });
    const scores = bench.output('small-films.npy');
    return {
      contenders: [
        {
          name: giallo,
          command: bench.giallo('topk', '--all', '-k', k, '--data', folder, '--quiet'),
          answer: neighborScores,
        },
        {
          name: numpy,
          command: bench.peer('small_films.py', folder, k, scores),
          modules: ['numpy'],
          writes: [scores],
          answer: () => arrayScores(scores),
        },
      ],
      goals: [{ measure: 'wall', of: giallo, against: [numpy], atMost: 2 }],
    };
  },
};
