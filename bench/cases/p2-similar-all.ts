/** P2: one frame against all films, from the archives. Memory must not grow with the number of films. */
import { resultScores } from '../answers.js';
import type { BenchCase } from '../case.js';

const giallo = 'giallo similar --all';
const gialloFewer = 'giallo, a quarter of the films';
const batchLoading = 'numpy, batch loading';

export const similarInAllFilms: BenchCase = {
  id: 'P2',
  title: 'similar --all, no index',
  films: 20,
  async plan(bench) {
    const all = await bench.collection();
    const quarter = await bench.collection({ films: Math.ceil(all.films / 4) });
    // A frame of the first film: its index is also its row among the rows of all films.
    const frame = `${all.frames >> 1}`;
    const similarAll = (data: string) =>
      bench.giallo('similar', all.filmNames[0], frame, '--all', '--data', data, '--json');
    return {
      contenders: [
        { name: giallo, command: similarAll(all.folder), answer: resultScores },
        { name: gialloFewer, command: similarAll(quarter.folder) },
        {
          name: batchLoading,
          command: bench.peer('batch_loading.py', all.folder, frame, '5'),
          modules: ['numpy'],
          answer: resultScores,
        },
      ],
      goals: [
        { measure: 'wall', of: giallo, against: [batchLoading], atMost: 0.4 },
        { measure: 'MB', of: giallo, atMost: 300 },
        { measure: 'memory', of: giallo, against: [gialloFewer], atMost: 1.2 },
      ],
    };
  },
};
