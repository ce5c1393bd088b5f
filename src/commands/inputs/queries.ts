/** `giallo similar --queries`: many questions, answered in batches, so that each film is read once for a batch. */
import type { Collection } from '../../collection/collection.js';
import { type FrameName, printedFrame, splitAtColon } from '../../collection/frame-name.js';
import { entriesOf, type FilmsByName, filmsByName, NamedFilms } from '../../collection/named-films.js';
import { catchGialloSync, fileError, GialloError } from '../../errors.js';
import { escapeJsonForTerminal } from '../../escape.js';
import { inputStream } from '../../files/input-stream.js';
import { isUtf16, notUtf8 } from '../../npz/text-file.js';
import { counted } from '../../render/tabular.js';
import type { View } from '../../render/view.js';
import type { SimilarOptions, SimilarReport } from '../../reports/similar.js';
import type { SkippedFilm } from '../../search/answer.js';
import type { SearchContext } from '../../search/context.js';
import type { Output } from '../../standard-output.js';
import { letSignalsIn } from '../../threads/concurrency.js';
import { filmNames, timesByName, withSeconds } from '../../times/film-times.js';
import type { AnyFlags } from '../options/option-table.js';
import type { Session } from '../session/session.js';
import { expandRange, vectorsLeftOut } from './frame-words.js';

/** Questions answered in one pass over the films. */
const batchSize = 256;

interface Queries {
  /** `-` for stdin. */
  readonly file: string;
  readonly options: SimilarOptions;
  readonly viewOf: (report: SimilarReport) => View;
}

/**
 * Reads `film<TAB>frame` or `film:frame` lines, or lines that `--names` printed, and prints one JSON object a question:
 * the answer, or `{v, line, error}` where it has none. Empty lines and comments are ignored. Errors: when all are done,
 * that of the first question without an answer.
 */
export async function answerQueries(
  session: Session,
  flags: AnyFlags,
  { file, options, viewOf }: Queries,
): Promise<void> {
  const { stdin, stdout } = session.io;
  const collection = await session.open();
  const recordOf = flags.paths ? await picturedRecords(session, flags, { collection, viewOf }) : asItIs;
  if (file === '-' && stdin.isTTY)
    await session.notices.hint('reading film<TAB>frame lines; press Ctrl-D to finish');
  const timed = async (record: object, films: FilmsByName) => {
    const entries = entriesOf(filmNames(record), films);
    return withSeconds(record, await timesByName(entries, session.context.times.of));
  };
  const without = await vectorsLeftOut(session, collection, flags.without);
  const asked = { ...options, without };
  // In all answers, the films of --in have the same names, and those of earlier lines too.
  const named = new NamedFilms(collection);
  for (const name of flags.in ?? []) named.take(name);
  const skipped = new Map<string, SkippedFilm>();
  const failures: Failure[] = [];
  let answered = 0;
  let before = 0;
  for await (const lines of batchesOfLines(session, file)) {
    await letSignalsIn(session.context.signal);
    const questions = questionsIn(collection, lines, before);
    before += lines.length;
    let text = '';
    const answers = await answersTo(questions, collection, asked, session.context, named);
    const films = filmsByName(collection, named.films);
    for (const { line, answer } of answers) {
      answered++;
      if (answer instanceof GialloError) failures.push({ line, error: answer });
      else addSkipped(skipped, answer.skipped);
      const isFailure = answer instanceof GialloError;
      const record = isFailure
        ? await failureRecord(line, answer, session)
        : await timed(await recordOf(answer), films);
      text += `${JSON.stringify(record)}\n`;
    }
    await session.notices.endProgress();
    await stdout.write(escapedFor(stdout, text));
  }
  if (answered === 0) await session.notices.warn(`${placeOf(file)}: no questions in it`);
  await session.reportSkipped([...skipped.values()]);
  requireAllAnswered(failures, answered);
}

function addSkipped(known: Map<string, SkippedFilm>, skipped: readonly SkippedFilm[]): void {
  for (const film of skipped) known.set(film.path, film);
}

function escapedFor({ isTerminal }: Output, text: string): string {
  return isTerminal ? escapeJsonForTerminal(text) : text;
}

interface Failure {
  readonly line: number;
  readonly error: GialloError;
}

function requireAllAnswered(failures: readonly Failure[], count: number): void {
  const [first] = failures;
  if (!first) return;
  const { code, message, hint } = first.error;
  const unanswered = `${failures.length} of ${counted(count, 'question')} could not be answered`;
  throw new GialloError(code, `${unanswered}; line ${first.line}: ${message}`, { hint });
}

interface NumberedQuestion {
  /** From 1. */
  readonly line: number;
  readonly frames: readonly FrameName[] | GialloError;
}

function questionsIn(collection: Collection, lines: readonly string[], before: number): NumberedQuestion[] {
  return lines.flatMap((text, i) => {
    const line = Buffer.from(text, 'latin1').toString('utf8');
    if (/^\s*$/.test(line) || isComment(collection, line)) return [];
    const isUtf8 = Buffer.from(line, 'utf8').toString('latin1') === text;
    const frames = isUtf8
      ? parseQuestion(collection, line)
      : new GialloError('input-malformed', `not UTF-8: ${JSON.stringify(line)}`);
    return { line: before + i + 1, frames };
  });
}

/** Whether a line begins with `#`, and not with the whole name of a film that begins so. */
function isComment({ films }: Collection, line: string): boolean {
  const beginsLine = (name: string) => line.startsWith(name) && /^[\t:/]/.test(line.slice(name.length));
  return /^\s*#/.test(line) && !films.some(({ name }) => beginsLine(name));
}

/** Answers the questions in one pass over the films; a question without an answer gets its error. */
async function answersTo(
  questions: readonly NumberedQuestion[],
  collection: Collection,
  options: SimilarOptions,
  context: SearchContext,
  named: NamedFilms,
): Promise<{ readonly line: number; readonly answer: SimilarReport | GialloError }[]> {
  const { similarBatch } = await import('../../reports/similar.js');
  const asked = questions.flatMap(({ frames }) => (frames instanceof GialloError ? [] : [frames]));
  const answers = asked.length === 0 ? [] : await similarBatch(collection, asked, options, context, named);
  let next = 0;
  return questions.map(({ line, frames }) => ({
    line,
    answer: frames instanceof GialloError ? frames : (answers[next++] as SimilarReport | GialloError),
  }));
}

type RecordOf = (answer: SimilarReport) => object | Promise<object>;

const asItIs: RecordOf = (answer) => answer;

/** Adds the paths of pictures to answers. */
async function picturedRecords(
  session: Session,
  flags: AnyFlags,
  { collection, viewOf }: Pick<Queries, 'viewOf'> & { readonly collection: Collection },
): Promise<RecordOf> {
  const [{ pictureFolderOf }, { withPicturePaths }] = await Promise.all([
    import('../outputs/show-answer.js'),
    import('../outputs/pictures.js'),
  ]);
  const folder = await pictureFolderOf(session, flags, collection);
  return async (answer) => (await withPicturePaths(viewOf(answer), folder)).report;
}

async function failureRecord(
  line: number,
  { code, message, hint }: GialloError,
  { completeHint }: Session,
): Promise<object> {
  return { v: 1, line, error: { code, message, hint: hint && (await completeHint(hint)) } };
}

function parseQuestion(collection: Collection, line: string): readonly FrameName[] | GialloError {
  const name =
    printedFrame(collection, line) ?? (line.includes('\t') ? splitAtTab(line) : splitAtColon(line));
  if (name?.film && name.frame) return catchGialloSync(() => expandRange(name));
  return new GialloError('usage', `expected film<TAB>frame, found ${JSON.stringify(line)}`);
}

function splitAtTab(line: string): FrameName | undefined {
  const [film, frame, ...rest] = line.split('\t');
  return rest.length === 0 ? { film, frame } : undefined;
}

/** The most characters of a line: far more than two names have. */
const maxLineLength = 1 << 20;

/**
 * Yields the lines that have arrived, up to `batchSize` at a time, so that a program that waits for each answer gets it
 * at once. Lines are bytes as Latin-1.
 */
async function* batchesOfLines({ io }: Session, file: string): AsyncGenerator<string[]> {
  const splitter = lineSplitter(placeOf(file));
  try {
    const input = await inputStream(io, file);
    for await (const chunk of input.setEncoding('latin1')) {
      const lines = splitter.linesIn(chunk);
      while (lines.length > 0) yield lines.splice(0, batchSize);
    }
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).syscall) throw error;
    throw fileError('read', placeOf(file), error);
  }
  const rest = splitter.rest();
  if (rest !== '') yield [rest];
}

function placeOf(file: string): string {
  return file === '-' ? 'stdin' : file;
}

/** Splits a text that comes in pieces into lines that end in LF, CRLF or CR. */
function lineSplitter(place: string) {
  let rest: string | undefined;
  let isAfterReturn = false;
  return {
    linesIn(chunk: string): string[] {
      const start = Buffer.from(chunk.slice(0, 2), 'latin1');
      if (rest === undefined && isUtf16(start))
        throw notUtf8('input-malformed', place, start, place === 'stdin');
      const text = rest === undefined ? chunk.replace(/^\xef\xbb\xbf/, '') : rest + chunk;
      // The CR before it has ended the line already.
      const from = isAfterReturn && text.startsWith('\n') ? 1 : 0;
      const lines = text.slice(from).split(/\r\n|\n|\r/);
      isAfterReturn = text.endsWith('\r');
      rest = lines.pop() as string;
      if (rest.length > maxLineLength) throw endlessLineError(place);
      return lines;
    },
    rest: () => rest ?? '',
  };
}

function endlessLineError(place: string): GialloError {
  const message = `${place}: a line is longer than ${maxLineLength} characters, or has no end`;
  return new GialloError('input-malformed', message);
}
