/**
 * P8 to P10: every frame of many films against every other, with the search index. Each compares two commands of
 * giallo.
 */
import type { BenchCase, Contender, Workbench } from '../case.js';
import type { Collection } from '../collection.js';

const k = '10';
const topk = `giallo topk --all -k ${k}`;
const topkOfHalf = 'giallo topk, half of the films';
const compare = 'giallo compare';
const pairs = 'giallo pairs';
const duplicates = 'giallo duplicates';

const words: Readonly<Record<string, readonly string[]>> = {
  [topk]: ['topk', '--all', '-k', k],
  [compare]: ['compare', '--json'],
  [pairs]: ['pairs', '--json'],
  [duplicates]: ['duplicates', '--json'],
};

/** One run takes minutes, so medians of five would take hours; and such long runs vary little. */
const rounds = 1;

export const nearestOfMany: BenchCase = {
  id: 'P8',
  title: `topk --all -k ${k} of many films, with the search index`,
  films: 110,
  rounds,
  async plan(bench) {
    const half = await bench.collection({ films: Math.ceil(bench.size.films / 2) });
    return {
      contenders: [
        ...(await contendersOf([topk], bench)),
        { ...contenderOf(topk, bench, half, await bench.index(half)), name: topkOfHalf },
      ],
      // Twice as many films have four times as many pairs of frames.
      goals: [{ measure: 'wall', of: topk, against: [topkOfHalf], atMost: 4 }],
    };
  },
};

export const comparison: BenchCase = {
  id: 'P9',
  title: 'compare, against topk over the same films',
  films: 110,
  rounds,
  async plan(bench) {
    return {
      contenders: await contendersOf([topk, compare], bench),
      goals: [{ measure: 'wall', of: compare, against: [topk], atMost: 1 }],
    };
  },
};

export const pairsAndDuplicates: BenchCase = {
  id: 'P10',
  title: 'pairs and duplicates, against topk over the same films',
  films: 110,
  rounds,
  async plan(bench) {
    return {
      contenders: await contendersOf([topk, pairs, duplicates], bench),
      goals: [
        { measure: 'wall', of: pairs, against: [topk], atMost: 1 },
        { measure: 'wall', of: duplicates, against: [topk], atMost: 0.6 },
      ],
    };
  },
};

async function contendersOf(names: readonly string[], bench: Workbench): Promise<Contender[]> {
  const collection = await bench.collection();
  const cache = await bench.index(collection);
  return names.map((name) => contenderOf(name, bench, collection, cache));
}

function contenderOf(name: string, bench: Workbench, { folder }: Collection, cache: string): Contender {
  return { name, command: bench.giallo(...words[name], '--data', folder, '--quiet'), cache };
}
