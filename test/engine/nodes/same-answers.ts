/** Checks that an engine and the folder give the same bits for seeded questions with every filter. */
import assert from 'node:assert/strict';
import type { Collection } from '../../../src/collection/collection.js';
import { openFilm } from '../../../src/collection/film.js';
import type { Engine } from '../../../src/engine/engine.js';
import { catchGiallo, GialloError } from '../../../src/errors.js';
import { metrics } from '../../../src/ranking/metric.js';
import { searchVectors } from '../../../src/reports/search.js';
import { type SimilarOptions, type SimilarReport, similar } from '../../../src/reports/similar.js';
import { randomFrom } from '../../seeded-numbers.js';

export interface Agreement {
  readonly answered: number;
  readonly refused: number;
  readonly results: number;
}

/**
 * Asks both the same questions, and asserts that the answers are equal. Returns how many questions of each kind there
 * were.
 */
export async function assertSameAnswers(
  collection: Collection,
  engine: Engine,
  { questions, seed }: { readonly questions: number; readonly seed: number },
): Promise<Agreement> {
  const random = randomFrom(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const frames = await framesOf(collection);
  const names = [...frames.keys()];
  const agreement = { answered: 0, refused: 0, results: 0 };
  for (let number = 0; number < questions; number++) {
    const film = pick(names);
    const asked = Array.from({ length: pick([1, 1, 1, 2, 3]) }, () => {
      const other = random() < 0.8 ? film : pick(names);
      return { film: other, frame: Math.floor(random() * (frames.get(other) as number)) };
    });
    const options: SimilarOptions = {
      scope: pick(['own', 'all', 'all', 'others', { in: [pick(names), film] }]),
      metric: pick(metrics),
      combine: pick(['mean', 'max']),
      k: pick([1, 3, 10, 40, number % 10 === 0 ? 1000 : 5]),
      excludeNear: pick([0, 0, 2, 'shot']),
      perFilm: pick([undefined, undefined, 1, 3]),
      perShot: pick([undefined, undefined, 1, 2]),
    };
    const place = `question ${number}: ${JSON.stringify({ asked, options })}`;
    const found = await assertSame(collection, engine, asked, options, place);
    if (found instanceof GialloError) agreement.refused++;
    else {
      agreement.answered++;
      agreement.results += found.results.length;
      // A limit that is exactly the score of one of the results.
      const { score } = pick(found.results) ?? {};
      if (score !== undefined && number % 4 === 0) {
        await assertSame(collection, engine, asked, { ...options, cutoff: score }, `${place}, to ${score}`);
      }
    }
  }
  return agreement;
}

/** The same for several query vectors at once. */
export async function assertSameForVectors(
  collection: Collection,
  engine: Engine,
  vectors: readonly Float32Array[],
): Promise<void> {
  for (const metric of metrics) {
    const filters = { metric, k: 25, perFilm: 10 };
    const [expected, found] = await Promise.all([
      searchVectors(collection.films, vectors, filters),
      searchVectors(engine.collection.films, vectors, filters, { engine }),
    ]);
    assert.deepEqual(withoutPlaces(found), withoutPlaces(expected));
  }
}

async function assertSame(
  collection: Collection,
  engine: Engine,
  asked: Parameters<typeof similar>[1],
  options: SimilarOptions,
  place: string,
): Promise<SimilarReport | GialloError> {
  const expected = await catchGiallo(() => similar(collection, asked, options));
  const found = await catchGiallo(() => similar(engine.collection, asked, options, { engine }));
  assert.deepEqual(comparable(found), comparable(expected), place);
  return expected;
}

function comparable(answer: SimilarReport | GialloError): unknown {
  return answer instanceof GialloError ? { code: answer.code } : withoutPlaces(answer);
}

/** Removes the paths of films, which differ; everything else must be the same. */
function withoutPlaces<Report extends { readonly skipped: SimilarReport['skipped'] }>(
  report: Report,
): object {
  return { ...report, skipped: report.skipped.map(({ film, code }) => ({ film, code })) };
}

async function framesOf({ films }: Collection): Promise<Map<string, number>> {
  const frames = new Map<string, number>();
  for (const entry of films) {
    const film = await openFilm(entry);
    await film.close();
    if (film.frames > 0) frames.set(entry.name, film.frames);
  }
  return frames;
}
