/** `giallo similar --queries`: many questions, answered in batches so that each film is read once a batch. */
import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import type { Collection } from '../../collection/collection.js';
import { fileError, GialloError } from '../../errors.js';
import { escapeJsonForTerminal } from '../../render/escape.js';
import { counted } from '../../render/tabular.js';
import type { SimilarOptions, SimilarReport } from '../../reports/similar.js';
import type { SkippedFilm } from '../../search/answer.js';
import type { SearchContext } from '../../search/context.js';
import type { FrameName } from '../../search/query-frames.js';
import type { SeeingFlags } from '../options/seeing-options.js';
import type { Session } from '../session/session.js';

/** Questions answered in one pass over the films. */
const batchSize = 256;

/**
 * Reads `film<TAB>frame` lines and prints one JSON object a line: the answer, or `{v, line, error}` where a question
 * has none. Errors: when all are done, that of the first question without an answer.
 */
export async function answerQueries(
  session: Session,
  file: string,
  flags: SeeingFlags,
  options: SimilarOptions,
): Promise<void> {
  const { stdin, stdout } = session.io;
  const collection = await session.open();
  const recordOf = flags.paths ? await picturedRecords(session, flags, collection) : asItIs;
  if (file === '-' && stdin.isTTY)
    await session.notices.hint('lines of film<TAB>frame, please; Ctrl-D ends them');
  const skipped = new Map<string, SkippedFilm>();
  const failures: { readonly line: number; readonly error: GialloError }[] = [];
  let line = 0;
  for await (const lines of batchesOfLines(session, file)) {
    let text = '';
    for (const answer of await answersTo(lines, collection, options, session.context)) {
      line++;
      if (answer instanceof GialloError) failures.push({ line, error: answer });
      else for (const film of answer.skipped) skipped.set(film.path, film);
      const record = answer instanceof GialloError ? failureRecord(line, answer) : await recordOf(answer);
      text += `${JSON.stringify(record)}\n`;
    }
    await session.notices.endProgress();
    await stdout.write(stdout.isTerminal ? escapeJsonForTerminal(text) : text);
  }
  await session.reportSkipped([...skipped.values()]);
  const [first] = failures;
  if (!first) return;
  const { code, message, hint } = first.error;
  const count = `${failures.length} of ${counted(line, 'question')} could not be answered`;
  throw new GialloError(code, `${count}; line ${first.line}: ${message}`, { hint });
}

/** An answer a line, or why it has none, from one pass over the films. */
async function answersTo(
  lines: readonly string[],
  collection: Collection,
  options: SimilarOptions,
  context: SearchContext,
): Promise<(SimilarReport | GialloError)[]> {
  const { similarBatch } = await import('../../reports/similar.js');
  const questions = lines.map(parseQuestion);
  const asked = questions.flatMap((question) => (question instanceof GialloError ? [] : [[question]]));
  const answers = await similarBatch(collection, asked, options, context);
  let next = 0;
  return questions.map((question) => (question instanceof GialloError ? question : answers[next++]));
}

type RecordOf = (answer: SimilarReport) => object | Promise<object>;

const asItIs: RecordOf = (answer) => answer;

/** Answers with the paths of their pictures. */
async function picturedRecords(
  session: Session,
  flags: SeeingFlags,
  collection: Collection,
): Promise<RecordOf> {
  const [{ folderOf }, { withPicturePaths }, { similarView }] = await Promise.all([
    import('../outputs/show-answer.js'),
    import('../outputs/picture-paths.js'),
    import('../../render/similar.js'),
  ]);
  const folder = await folderOf(session, flags, { collection });
  return async (answer) => (await withPicturePaths(similarView(answer), folder)).report;
}

function failureRecord(line: number, { code, message, hint }: GialloError): object {
  return { v: 1, line, error: { code, message, hint } };
}

function parseQuestion(line: string): FrameName | GialloError {
  const [film, frame, ...rest] = line.split('\t');
  if (film && frame && rest.length === 0) return { film, frame };
  return new GialloError('usage', `expected film<TAB>frame, found ${JSON.stringify(line)}`);
}

/** What has arrived, up to `batchSize` lines at a time: a pipe that waits for each answer gets it at once. */
async function* batchesOfLines({ io }: Session, file: string): AsyncGenerator<string[]> {
  const input: Readable = file === '-' ? io.stdin : createReadStream(file);
  let rest: string | undefined;
  try {
    for await (const chunk of addAbortSignal(io.signal, input.setEncoding('utf8'))) {
      const text = rest === undefined ? chunk.replace(/^\uFEFF/, '') : rest + chunk;
      const lines = text.split(/\r?\n/);
      rest = lines.pop() as string;
      while (lines.length > 0) yield lines.splice(0, batchSize);
    }
  } catch (error) {
    if (!(error as NodeJS.ErrnoException).syscall) throw error;
    throw fileError('read', file === '-' ? 'stdin' : file, error);
  }
  if (rest) yield [rest.replace(/\r$/, '')];
}
