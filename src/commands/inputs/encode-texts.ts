/** `giallo search "a black glove"`: the vectors of texts, by the program that `$GIALLO_ENCODER` names. */
import { spawn } from 'node:child_process';
import { isPictureFile } from '../../collection/names.js';
import { GialloError, machineError } from '../../errors.js';
import { commandLine, onOneLine, shellLine } from '../../escape.js';
import type { Io } from '../../io.js';
import { endlessVector, maxStreamBytes, vectorsIn } from './vector-input.js';

/**
 * One vector a text, in order: the program is run once for each, with the text on its stdin, and writes a vector to its
 * stdout as `--vector -` reads it. Errors: `usage` without the variable or its program; `query-unusable`, with what the
 * program said, where it fails; `input-malformed` for what is not one vector.
 */
export async function encodeTexts(
  io: Io,
  texts: readonly string[],
  isRaw: boolean,
): Promise<readonly Float32Array[]> {
  const line = io.env.GIALLO_ENCODER ?? '';
  requireNoShell(line);
  const [program, ...args] = splitWords(line, '$GIALLO_ENCODER');
  if (!program) {
    const picture = texts.find(isPictureFile);
    const hint = picture
      ? `if it is a screenshot of a film that is here: \`${commandLine('similar', [picture], ['--all'])}\``
      : 'docs/your-own-films.md has encoders that work; --vector <file> searches with a vector';
    throw new GialloError('usage', 'a text needs an encoder: name its program in $GIALLO_ENCODER', { hint });
  }
  const vectors: Float32Array[] = [];
  for (const text of texts) {
    const output = await outputOf(io, program, args, text);
    const found = await vectorsIn(output, `$GIALLO_ENCODER (${program})`, isRaw);
    const [vector] = found;
    if (vector === undefined || found.length > 1)
      throw new GialloError(
        'input-malformed',
        `$GIALLO_ENCODER (${program}): expected one vector for a text, found ${found.length}`,
      );
    vectors.push(vector);
  }
  return vectors;
}

/** Refuses signs that only a shell obeys: without a shell, the program would get them as arguments. */
function requireNoShell(line: string): void {
  const bare = line.replace(/'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]/g, '_');
  const [sign] = /(?:^|\s)(?:\||&&?|;|\d?[<>]|\$[\w({]|~|`)\S*/.exec(bare) ?? [];
  if (sign === undefined) return;
  const message = `$GIALLO_ENCODER: ${sign.trim()} works only in a shell, and giallo starts the program without one`;
  throw new GialloError('usage', message, {
    hint: `to run it in a shell, write: ${shellLine(['sh', '-c', line])}`,
  });
}

/** What is kept of what a failing program says. */
const longestComplaint = 1000;

/** Runs without a shell; ends the program when the work is ended. */
function outputOf(
  { signal, env }: Io,
  program: string,
  args: readonly string[],
  text: string,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { signal, env: { ...process.env, ...env } });
    const output: Buffer[] = [];
    let said = '';
    let length = 0;
    child.stdout.on('data', (piece: Buffer) => {
      output.push(piece);
      length += piece.length;
      if (length <= maxStreamBytes) return;
      reject(endlessVector(`$GIALLO_ENCODER (${program})`));
      child.kill();
    });
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      said = (said + piece).slice(-longestComplaint);
    });
    // A program that reads no text may have closed its stdin.
    child.stdin.on('error', () => {});
    child.stdin.end(text);
    child.once('error', (cause: NodeJS.ErrnoException) => {
      if (signal.aborted) return reject(signal.reason);
      const known: Readonly<Record<string, string>> = {
        ENOENT: 'no such program',
        EACCES: 'not a program, or you may not run it',
      };
      const what = known[cause.code ?? ''] ?? cause.message;
      const failure = new GialloError('usage', `$GIALLO_ENCODER: ${program}: ${what}`, { cause });
      reject(machineError(cause) ?? failure);
    });
    child.once('close', (code, killedBy) => {
      if (code === 0) return resolve(Buffer.concat(output));
      const complaint = said.trim() === '' ? '' : `: ${onOneLine(said)}`;
      const message = `$GIALLO_ENCODER: ${program} ended with ${code ?? killedBy}${complaint}`;
      reject(signal.aborted ? signal.reason : new GialloError('query-unusable', message));
    });
  });
}

/**
 * The words of a command line, split at spaces; quotes and backslashes hold them together as in a shell, and nothing
 * else is special. Errors: `usage` for a quote that does not end, with the `place` of the line.
 */
export function splitWords(line: string, place: string): string[] {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    let word = '';
    for (let part = nextPart(rest); part !== undefined; part = nextPart(rest)) {
      if (part === 'open') throw new GialloError('usage', `${place}: a quote does not end: ${line}`);
      word += part.text;
      rest = rest.slice(part.length);
    }
    words.push(word);
    rest = rest.trimStart();
  }
  return words;
}

/** The next part of a word; undefined at its end, `open` if a quote does not end. */
function nextPart(rest: string): { readonly text: string; readonly length: number } | 'open' | undefined {
  const [all, single, double, escaped, plain] =
    /^(?:'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^\s'"\\]+))/.exec(rest) ?? [];
  if (all === undefined) {
    return rest === '' || /^\s/.test(rest) ? undefined : 'open';
  }
  const text = single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '';
  return { text, length: all.length };
}
