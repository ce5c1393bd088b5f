/**
 * Measures how the cost of giallo grows as films are added: for building the index, for one question to it, and for the
 * nearest frames of every frame. There are no peers and no goals; the result is an exponent.
 */
import type { Contender, Workbench } from './case.js';
import { isMeasured, type Outcome } from './measure.js';
import { table } from './table.js';

export interface SizedContender {
  readonly work: string;
  readonly films: number;
  readonly contender: Contender;
}

/** Contenders for each kind of work and each number of films. */
export async function planGrowth(
  sizes: readonly number[],
  bench: Workbench,
): Promise<readonly SizedContender[]> {
  const planned: SizedContender[] = [];
  for (const films of sizes) {
    const collection = await bench.collection({ films });
    const { folder, filmNames, frames } = collection;
    const [cache, newCache] = [await bench.index(collection), bench.output('new-index')];
    const add = (work: string, ofWork: Omit<Contender, 'name'>) =>
      planned.push({ work, films, contender: { name: `${work}, ${films} films`, ...ofWork } });
    add('index build', {
      command: bench.giallo('index', 'build', '--data', folder, '--json'),
      cache: newCache,
      writes: [newCache],
    });
    add('similar --all', {
      command: bench.giallo('similar', filmNames[0], `${frames >> 1}`, '--all', '--data', folder, '--json'),
      cache,
    });
    add('topk --all', { command: bench.giallo('topk', '--all', '--data', folder), cache });
    add('compare', { command: bench.giallo('compare', '--json', '--data', folder), cache });
  }
  return planned;
}

/**
 * A table with a column for each measure of each kind of work. It has a line for each number of films, then two lines
 * with the exponent b of cost = a * films ^ b: over all numbers, and between the last two, where the constant cost of
 * starting matters least.
 */
export function growthTable(planned: readonly SizedContender[], outcomes: readonly Outcome[]): string {
  const measured = new Map(outcomes.filter(isMeasured).map((outcome) => [outcome.contender, outcome]));
  const sizes = [...new Set(planned.map(({ films }) => films))];
  const works = [...new Set(planned.map(({ work }) => work))];
  const outcomeOf = (work: string, films: number) => {
    const sized = planned.find((one) => one.work === work && one.films === films);
    return sized && measured.get(sized.contender);
  };
  const columns = works.flatMap((work) => {
    const points = sizes.map((films) => ({ films, outcome: outcomeOf(work, films) }));
    return [
      column(
        work,
        'ms',
        points.map(({ films, outcome }) => ({ films, cost: outcome?.wallMs })),
      ),
      column(
        '',
        'MB',
        points.map(({ films, outcome }) => ({ films, cost: outcome && outcome.peakBytes / 1e6 })),
      ),
    ];
  });
  const heads = ['films', '', ...sizes.map(String), 'exponent', 'of the last step'];
  return table(heads.map((head, line) => [head, ...columns.map((cells) => cells[line])]));
}

interface Point {
  readonly films: number;
  readonly cost: number | undefined;
}

/** The exponent b of the curve cost = a * films ^ b that fits the points best, by least squares of the logarithms. */
export function exponent(points: readonly { readonly films: number; readonly cost: number }[]): number {
  const xs = points.map(({ films }) => Math.log(films));
  const ys = points.map(({ cost }) => Math.log(cost));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const covariance = xs.reduce((sum, x, i) => sum + (x - meanX) * (ys[i] - meanY), 0);
  return covariance / xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
}

function column(work: string, unit: string, points: readonly Point[]): readonly string[] {
  const known = points.flatMap(({ films, cost }) => (cost === undefined ? [] : [{ films, cost }]));
  const shown = (some: typeof known) => (some.length < 2 ? '-' : exponent(some).toFixed(2));
  const costs = points.map(({ cost }) => (cost === undefined ? 'failed' : cost.toFixed(0)));
  return [work, unit, ...costs, shown(known), shown(known.slice(-2))];
}
