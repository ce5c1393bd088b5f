/**
 * P4: the nearest frames of every frame, with the search index; the peers have all vectors in the memory of one
 * process.
 */
import { arrayScores, neighborScores } from '../answers.js';
import type { BenchCase, Contender } from '../case.js';
import { packagePeersOfMany } from '../package-peers.js';

const giallo = 'giallo topk --all';
const matmul = 'numpy, matmul + argpartition';
const faiss = 'FAISS, IndexFlatIP';
const k = '10';

export const nearestOfEveryFrame: BenchCase = {
  id: 'P4',
  title: `topk --all -k ${k}, with the search index`,
  films: 20,
  async plan(bench) {
    const collection = await bench.collection();
    const vectors = await bench.vectors(collection);
    const peer = (name: string, script: string, modules: readonly string[]): Contender => {
      const scores = bench.output(`${script}.npy`);
      return {
        name,
        command: bench.peer(script, vectors, k, scores),
        modules,
        writes: [scores],
        answer: () => arrayScores(scores),
      };
    };
    return {
      contenders: [
        {
          name: giallo,
          command: bench.giallo('topk', '--all', '-k', k, '--data', collection.folder),
          cache: await bench.index(collection),
          answer: neighborScores,
        },
        peer(matmul, 'nearest_matmul.py', ['numpy']),
        peer(faiss, 'nearest_faiss.py', ['numpy', 'faiss']),
        ...(await packagePeersOfMany(bench, collection, k)),
      ],
      goals: [{ measure: 'wall', of: giallo, against: [matmul, faiss], atMost: 0.1 }],
    };
  },
};
