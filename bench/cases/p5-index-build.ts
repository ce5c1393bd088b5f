/** P5: building the search index, compared with only inflating the same archives. */
import { filmFrames } from '../answers.js';
import type { BenchCase } from '../case.js';

const giallo = 'giallo index build';
const inflating = 'bare node, inflating';

export const indexBuild: BenchCase = {
  id: 'P5',
  title: 'index build',
  films: 110,
  async plan(bench) {
    const { folder } = await bench.collection();
    const cache = bench.output('new-index');
    return {
      contenders: [
        {
          name: giallo,
          command: bench.giallo('index', 'build', '--data', folder, '--json'),
          cache,
          writes: [cache],
          answer: filmFrames,
        },
        { name: inflating, command: bench.peer('inflate.mjs', folder), answer: filmFrames },
      ],
      goals: [{ measure: 'wall', of: giallo, against: [inflating], atMost: 2 }],
    };
  },
};
