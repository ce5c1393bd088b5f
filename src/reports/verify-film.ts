/** Everything that is wrong or odd with one film, found by reading its file to the end. */
import { becameInfiniteWarning, type Film, type FilmEntry, openFilm } from '../collection/film.js';
import { checkOtherArrays } from '../collection/other-arrays.js';
import { GialloError, orError } from '../errors.js';
import type { SearchContext } from '../search/context.js';
import { type Finding, type FindingCode, findingOf, isFindingCode } from './finding.js';

export interface VerifiedFilm {
  readonly entry: FilmEntry;
  /** As its headers say; 0 where the film cannot be opened. */
  readonly frames: number;
  readonly dim: number;
  /** Of the file; 0 where the film cannot be opened. */
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

/**
 * Reads a film's names, its vectors and its other arrays to the end, each whatever became of those before. Memory:
 * the names and about 1 MiB. Throws what is no finding: the signal's reason, bugs.
 */
export async function verifyFilm(entry: FilmEntry, context: SearchContext = {}): Promise<VerifiedFilm> {
  const film = await orError(() => openFilm(entry, context.reading));
  if (film instanceof GialloError) {
    return { entry, frames: 0, dim: 0, bytes: 0, findings: [errorFinding(entry, film)] };
  }
  try {
    const parts = [
      await orError(() => checkNames(film)),
      await orError(() => checkVectors(film, context.signal)),
      await orError(() => checkRest(entry, context)),
    ];
    const findings = parts.flatMap((part) =>
      part instanceof GialloError ? [errorFinding(entry, part)] : part,
    );
    return { entry, frames: film.frames, dim: film.dim, bytes: film.bytes, findings };
  } finally {
    await film.close();
  }
}

function errorFinding(entry: FilmEntry, error: GialloError): Finding {
  if (!isFindingCode(error.code)) throw error;
  return findingOf(entry, 'error', error.code, error);
}

async function checkNames(film: Film): Promise<Finding[]> {
  const { filenames, warnings } = await film.readFilenames();
  const odd = warnings.map(({ code, message }) => findingOf(film, 'warning', code, { message }));
  return [...odd, ...repeatedNames(film, filenames)];
}

function repeatedNames(film: FilmEntry, filenames: readonly string[]): Finding[] {
  const rowsOf = new Map<string, number[]>();
  for (const [row, name] of filenames.entries()) {
    const rows = rowsOf.get(name);
    if (rows) rows.push(row);
    else rowsOf.set(name, [row]);
  }
  const repeated = [...rowsOf].filter(([, rows]) => rows.length > 1);
  const [first] = repeated;
  if (!first) return [];
  const [name, rows] = first;
  const names = repeated.length === 1 ? '1 name stands' : `${repeated.length} names stand`;
  const example = `${JSON.stringify(name)} for ${firstOf(rows)}`;
  const message = `${film.path}: ${names} for several rows: ${example}`;
  const indices = repeated.flatMap(([, rows]) => rows).slice(0, listed);
  return [findingOf(film, 'warning', 'duplicate-names', { message, count: repeated.length, indices })];
}

async function checkVectors(film: Film, signal: AbortSignal | undefined): Promise<Finding[]> {
  const nan: number[] = [];
  const infinite: number[] = [];
  const zero: number[] = [];
  let becameInfinite = 0;
  for await (const block of film.readBlocks(signal)) {
    becameInfinite += block.becameInfinite;
    for (let i = 0; i < block.rows; i++) {
      const row = block.values.subarray(i * film.dim, (i + 1) * film.dim);
      const { isAllZero, isAllFinite } = lookAt(row);
      if (isAllZero) zero.push(block.firstRow + i);
      if (isAllFinite) continue;
      if (row.some(Number.isNaN)) nan.push(block.firstRow + i);
      if (row.some((x) => Math.abs(x) === Number.POSITIVE_INFINITY)) infinite.push(block.firstRow + i);
    }
  }
  const tooLarge = becameInfinite === 0 ? [] : [becameInfiniteWarning(film.path, becameInfinite)];
  return [
    ...film.warnings.map(({ code, message }) => findingOf(film, 'warning', code, { message })),
    ...tooLarge.map(({ code, message }) =>
      findingOf(film, 'warning', code, { message, count: becameInfinite }),
    ),
    ...rowsFinding(film, 'nan', nan, ['has NaN', 'have NaN']),
    ...rowsFinding(film, 'infinite', infinite, ['has Inf', 'have Inf']),
    ...rowsFinding(film, 'zero-rows', zero, ['is all zero', 'are all zero']),
  ];
}

/** One pass over a row: x - x is 0 for finite numbers, and NaN for all others, which no sum gets rid of. */
function lookAt(row: Float32Array): { isAllZero: boolean; isAllFinite: boolean } {
  let isAllZero = true;
  let defect = 0;
  for (let i = 0; i < row.length; i++) {
    const x = row[i];
    if (x !== 0) isAllZero = false;
    defect += x - x;
  }
  return { isAllZero, isAllFinite: defect === 0 };
}

/** A finding about rows, where there are any, with what is said of one and of several. */
function rowsFinding(
  film: Film,
  code: FindingCode,
  rows: readonly number[],
  [ofOne, ofSeveral]: readonly [string, string],
): Finding[] {
  const count = rows.length;
  if (count === 0) return [];
  const said = `${count} of ${film.frames} rows ${count === 1 ? ofOne : ofSeveral}: ${firstOf(rows)}`;
  const message = `${film.path}: ${said}`;
  return [findingOf(film, 'warning', code, { message, count, indices: rows.slice(0, listed) })];
}

async function checkRest(entry: FilmEntry, { reading, signal }: SearchContext): Promise<Finding[]> {
  const problems = await checkOtherArrays(entry, reading, signal);
  return problems.map((problem) => errorFinding(entry, problem));
}

/** Rows that a finding names. */
const listed = 10;

function firstOf(rows: readonly number[]): string {
  const more = rows.length > listed ? ` and ${rows.length - listed} more` : '';
  return `${rows.slice(0, listed).join(', ')}${more}`;
}
