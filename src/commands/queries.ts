/** `giallo similar --queries`: many questions, answered in batches so that each film is read once a batch. */
import { createReadStream } from 'node:fs';
import { addAbortSignal, type Readable } from 'node:stream';
import { fileError, GialloError } from '../errors.js';
import { escapeJsonForTerminal } from '../render/escape.js';
import { counted } from '../render/tabular.js';
import type { SimilarOptions, SimilarReport } from '../reports/similar.js';
import type { FrameName } from '../search/query-frames.js';
import type { SkippedFilm } from '../search/search.js';
import type { Session } from './session.js';

/** Questions answered in one pass over the films. */
const batchSize = 256;

/**
 * Reads `film<TAB>frame` lines and prints one JSON object a line: the answer, or `{v, line, error}` where a question
 * has none. Errors: when all are done, that of the first question without an answer.
 */
export async function answerQueries(session: Session, file: string, options: SimilarOptions): Promise<void> {
  const { similarBatch } = await import('../reports/similar.js');
  const { stdin, stdout } = session.io;
  const collection = await session.open();
  if (file === '-' && stdin.isTTY)
    await session.notices.hint('lines of film<TAB>frame, please; Ctrl-D ends them');
  const skipped = new Map<string, SkippedFilm>();
  const failures: { readonly line: number; readonly error: GialloError }[] = [];
  let line = 0;
  for await (const lines of batchesOfLines(session, file)) {
    const questions = lines.map(parseQuestion);
    const asked = questions.flatMap((question) => (question instanceof GialloError ? [] : [[question]]));
    const answers = await similarBatch(collection, asked, options, session.context);
    let text = '';
    for (const question of questions) {
      line++;
      const answer =
        question instanceof GialloError ? question : (answers.shift() as SimilarReport | GialloError);
      if (answer instanceof GialloError) failures.push({ line, error: answer });
      else for (const film of answer.skipped) skipped.set(film.path, film);
      text += `${JSON.stringify(answer instanceof GialloError ? failureRecord(line, answer) : answer)}\n`;
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
