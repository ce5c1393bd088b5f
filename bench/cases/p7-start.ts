/** P7: how long giallo takes to start, compared with an empty Node program. */
import type { BenchCase } from '../case.js';

const nothing = 'node -e 0';

export const start: BenchCase = {
  id: 'P7',
  title: 'start-up',
  async plan(bench) {
    const options = ['--version', '--help'];
    return {
      contenders: [
        ...options.map((option) => ({ name: `giallo ${option}`, command: bench.giallo(option) })),
        { name: nothing, command: bench.node('-e', '0') },
      ],
      goals: options.map((option) => ({
        measure: 'wall',
        of: `giallo ${option}`,
        against: [nothing],
        atMost: 1.6,
      })),
    };
  },
};
