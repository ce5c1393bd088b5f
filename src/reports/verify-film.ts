/** Finds everything that is wrong or unusual with one film, by reading its file to the end. */
import { type Film, type FilmEntry, openFilm } from '../collection/film.js';
import { infiniteWarnings } from '../collection/film-warning.js';
import { catchGiallo, GialloError } from '../errors.js';
import { groupBy } from '../group-by.js';
import type { SearchContext } from '../search/context.js';
import { readStoredTimes, usualTimesKey } from '../times/times-of-films.js';
import { firstOf } from '../word-lists.js';
import { type Finding, type FindingCode, findingOf, isFindingCode } from './finding.js';

export interface VerifiedFilm {
  readonly entry: FilmEntry;
  /** As its headers say; 0 if the film cannot be opened. */
  readonly frames: number;
  readonly dim: number;
  /** Of the file; 0 if the film cannot be opened. */
  readonly bytes: number;
  readonly findings: readonly Finding[];
}

/**
 * Reads the names, the vectors and the other arrays of a film to the end, each of them also if others fail. Takes
 * memory for the names and about 1 MiB. Errors: those that are no findings, such as the signal's reason.
 */
export async function verifyFilm(entry: FilmEntry, context: SearchContext = {}): Promise<VerifiedFilm> {
  const film = await catchGiallo(() => openFilm(entry, context.reading));
  if (film instanceof GialloError) {
    return { entry, frames: 0, dim: 0, bytes: 0, findings: [errorFinding(entry, film)] };
  }
  try {
    const parts = [
      await catchGiallo(() => checkNames(film)),
      await catchGiallo(() => checkVectors(film, context.signal)),
      await catchGiallo(() => checkTimes(film)),
      await catchGiallo(() => checkOtherArrays(film, context.signal)),
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
  const odd = warnings.map((warning) => findingOf(film, 'warning', warning.code, warning));
  return [
    ...odd,
    ...repeatedNames(film, filenames),
    ...similarNames(film, filenames),
    ...unusableNames(film, filenames),
  ];
}

function repeatedNames(film: FilmEntry, filenames: readonly string[]): Finding[] {
  const rowsOf = groupBy(filenames.keys(), (row) => filenames[row]);
  const repeated = [...rowsOf].filter(([, rows]) => rows.length > 1);
  const [first] = repeated;
  if (!first) return [];
  const [name, rows] = first;
  const names = repeated.length === 1 ? '1 name stands' : `${repeated.length} names stand`;
  const example = `${JSON.stringify(name)} for ${firstOf(rows, mostNamed)}`;
  const message = `${film.path}: ${names} for several rows: ${example}`;
  const indices = repeated.flatMap(([, rows]) => rows).slice(0, mostNamed);
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
      for (const rows of kindsOf(row, { nan, infinite, zero })) rows.push(block.firstRow + i);
    }
  }
  return [
    ...film.warnings.map(({ code, message }) => findingOf(film, 'warning', code, { message })),
    ...infiniteWarnings(film.path, becameInfinite).map(({ code, message }) =>
      findingOf(film, 'warning', code, { message, count: becameInfinite }),
    ),
    ...rowsFinding(film, 'nan', nan, ['has NaN', 'have NaN']),
    ...rowsFinding(film, 'infinite', infinite, ['has Inf', 'have Inf']),
    ...rowsFinding(film, 'zero-rows', zero, ['is all zero', 'are all zero']),
  ];
}

/** Those of the three kinds that a row belongs to. */
function kindsOf<T>(row: Float32Array, { nan, infinite, zero }: Record<'nan' | 'infinite' | 'zero', T>): T[] {
  const { isAllZero, isAllFinite } = inspectRow(row);
  if (isAllZero) return [zero];
  if (isAllFinite) return [];
  const isInfinite = row.some((x) => Math.abs(x) === Number.POSITIVE_INFINITY);
  return [...(row.some(Number.isNaN) ? [nan] : []), ...(isInfinite ? [infinite] : [])];
}

/** Looks at a row in one pass: x - x is 0 for finite numbers and NaN for all others, and a sum with NaN stays NaN. */
function inspectRow(row: Float32Array): { isAllZero: boolean; isAllFinite: boolean } {
  let isAllZero = true;
  let defect = 0;
  for (let i = 0; i < row.length; i++) {
    const x = row[i];
    if (x !== 0) isAllZero = false;
    defect += x - x;
  }
  return { isAllZero, isAllFinite: defect === 0 };
}

/** A finding about rows, if there are any; its message says `ofOne` of one row and `ofSeveral` of more. */
function rowsFinding(
  film: Film,
  code: FindingCode,
  rows: readonly number[],
  [ofOne, ofSeveral]: readonly [string, string],
): Finding[] {
  const count = rows.length;
  if (count === 0) return [];
  const said = `${count} of ${film.frames} rows ${count === 1 ? ofOne : ofSeveral}: ${firstOf(rows, mostNamed)}`;
  const message = `${film.path}: ${said}`;
  return [findingOf(film, 'warning', code, { message, count, indices: rows.slice(0, mostNamed) })];
}

/** A finding about an array of times of which no frame gets its time. */
async function checkTimes(film: Film): Promise<Finding[]> {
  const times = await catchGiallo(() => readStoredTimes(film));
  // What else is wrong with the array is found with the other arrays.
  if (!(times instanceof GialloError) || !['shape-mismatch', 'dtype-unsupported'].includes(times.code))
    return [];
  return [findingOf(film, 'warning', 'times-unusable', times)];
}

/** Findings about the arrays that searches do not read; a repeated one is only a warning. */
async function checkOtherArrays(film: Film, signal: AbortSignal | undefined): Promise<Finding[]> {
  const problems = await film.checkOtherArrays(signal);
  const found = problems.map((problem) =>
    problem.code === 'member-repeated'
      ? findingOf(film, 'warning', problem.code, problem)
      : errorFinding(film, problem),
  );
  const pickled = film.arrays.filter(
    ({ name, dtype }) => dtype === 'object' && film.otherArrays.includes(name) && name !== usualTimesKey,
  );
  return [
    ...found,
    ...pickled.map(({ name }) => {
      const message = `${film.path}: the array ${name} is a Python pickle; giallo does not read it`;
      return findingOf(film, 'warning', 'array-pickled', { message });
    }),
  ];
}

/** A finding about names that differ only in case or Unicode form, and so are one name on some file systems. */
function similarNames(film: FilmEntry, filenames: readonly string[]): Finding[] {
  const spellings = groupBy(new Set(filenames), caselessForm);
  const alike = [...spellings.values()].filter(({ length }) => length > 1);
  if (alike.length === 0) return [];
  const [first, second] = alike[0].map((name) => JSON.stringify(name));
  const which = `${first} and ${second}`;
  const message = `${film.path}: names that differ only in their case or Unicode form: ${which}${andMore(alike.length)}`;
  const rows = filenames.flatMap((name, row) =>
    (spellings.get(caselessForm(name))?.length ?? 0) > 1 ? [row] : [],
  );
  return [
    findingOf(film, 'warning', 'names-alike', {
      message,
      count: alike.length,
      indices: rows.slice(0, mostNamed),
    }),
  ];
}

/** A form of a name that is equal for names that differ only in case or Unicode form. */
export function caselessForm(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** The longest name that the usual file systems hold, in bytes. */
const maxFileName = 255;

/** A finding about names that no file of a picture can have. */
function unusableNames(film: FilmEntry, filenames: readonly string[]): Finding[] {
  const rows = filenames.flatMap((name, row) => (isFileName(name) ? [] : [row]));
  const [first] = rows;
  if (first === undefined) return [];
  const which = `frame ${first}, ${JSON.stringify(filenames[first]).slice(0, 80)}`;
  const message = `${film.path}: names that no file can have: ${which}${andMore(rows.length)}`;
  return [
    findingOf(film, 'warning', 'names-no-file', {
      message,
      count: rows.length,
      indices: rows.slice(0, mostNamed),
    }),
  ];
}

/**
 * Whether a file below some folder can have this name: relative, without NUL, no part of it empty, dots or too long.
 */
function isFileName(name: string): boolean {
  if (name.includes('\0')) return false;
  return name
    .split('/')
    .every((part) => !['', '.', '..'].includes(part) && Buffer.byteLength(part) <= maxFileName);
}

function andMore(count: number): string {
  return count > 1 ? ` and ${count - 1} more` : '';
}

/** The most rows that a finding names. */
const mostNamed = 10;
