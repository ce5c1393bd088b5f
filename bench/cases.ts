/** The cases, in the order in which they run. */
import type { BenchCase } from './case.js';
import { similarInOneIndexedFilm } from './cases/p1-indexed.js';
import { similarInOneFilm } from './cases/p1-similar.js';
import { similarInAllFilms } from './cases/p2-similar-all.js';
import { similarByIndex } from './cases/p3-indexed.js';
import { nearestOfEveryFrame } from './cases/p4-topk.js';
import { indexBuild } from './cases/p5-index-build.js';
import { convertJson } from './cases/p6-convert.js';
import { start } from './cases/p7-start.js';
import { comparison, nearestOfMany, pairsAndDuplicates } from './cases/p8-batch.js';
import { manySmallFilms } from './cases/p11-small-films.js';
import { memoryOfTopk } from './cases/p12-memory.js';
import { BenchFailure } from './failure.js';

const benchCases: readonly BenchCase[] = [
  similarInOneFilm,
  similarInOneIndexedFilm,
  similarInAllFilms,
  similarByIndex,
  nearestOfEveryFrame,
  indexBuild,
  convertJson,
  start,
  nearestOfMany,
  comparison,
  pairsAndDuplicates,
  manySmallFilms,
  memoryOfTopk,
];

/** The cases with these ids; all if `only` is undefined. Throws a `BenchFailure` if no case has an id. */
export function chooseCases(only: readonly string[] | undefined): readonly BenchCase[] {
  const ids = benchCases.map((benchCase) => benchCase.id);
  const unknown = only?.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    throw new BenchFailure(`--only: expected ids among ${ids.join(', ')}, found ${unknown}`);
  }
  return benchCases.filter((benchCase) => only?.includes(benchCase.id) ?? true);
}
