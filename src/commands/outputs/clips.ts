/** `--edl`, `--otio`, `--reel` and `--play`: the results of an answer as clips of their films. */
import { spawn } from 'node:child_process';
import { basename, resolve } from 'node:path';
import { entriesOf, typedFilm } from '../../collection/named-films.js';
import { GialloError, machineError } from '../../errors.js';
import { shellLine } from '../../escape.js';
import { writeWhole } from '../../files/outputs.js';
import type { Io } from '../../io.js';
import { filmOfReport, type View } from '../../render/view.js';
import type { AnswerFrame } from '../../search/answer.js';
import {
  type Clip,
  type ClipFrame,
  clipAround,
  clipOfRun,
  requireVideo,
  secondsRange,
} from '../../times/clips.js';
import { type FilmTimes, timesByName } from '../../times/film-times.js';
import { timesMissing } from '../../times/times-of-films.js';
import { writeEdl } from '../../times/write-edl.js';
import { writeOtio } from '../../times/write-otio.js';
import { writeFfconcat, writeMpvEdl } from '../../times/write-reel.js';
import { splitWords } from '../inputs/encode-texts.js';
import type { AnyFlags } from '../options/option-table.js';
import type { Session } from '../session/session.js';
import { type FilmFacts, filmFacts } from './film-facts.js';
import type { SeenAnswer } from './show-answer.js';

interface ListForm {
  /** The mark near the beginning of a list that giallo wrote: such a list may be written over. */
  readonly mark: string;
  write(clips: readonly Clip[], title: string): string;
}

const forms = {
  edl: { mark: 'TITLE: giallo ', write: writeEdl },
  otio: { mark: '"name": "giallo ', write: writeOtio },
  reel: { mark: '# giallo ', write: writeMpvEdl },
  ffconcat: { mark: '# giallo ', write: writeFfconcat },
} as const satisfies Readonly<Record<string, ListForm>>;

/** The cutting lists that the flags ask for, each with its file. */
function listsOf(flags: AnyFlags): { readonly file: string; readonly form: ListForm }[] {
  return (['edl', 'otio', 'reel'] as const).flatMap((name) => {
    const file = flags[name];
    if (file === undefined) return [];
    return { file, form: name === 'reel' && file.endsWith('.ffconcat') ? forms.ffconcat : forms[name] };
  });
}

/** Before any work: whether the lists can be written. Errors: `usage`, `output-exists`, `file-unwritable`. */
export async function checkClips(flags: AnyFlags): Promise<void> {
  const lists = listsOf(flags);
  if (lists.length === 0 && flags.handles !== undefined)
    throw new GialloError('usage', '--handles needs --edl, --otio or --reel');
  if (flags.play && flags.reel?.endsWith('.ffconcat'))
    throw new GialloError('usage', '--play cannot play an .ffconcat file', {
      hint: 'name the reel without .ffconcat, for mpv',
    });
  const files = [flags.html ?? [], ...lists.map(({ file }) => file)].flat();
  const twice = files.find((file, i) => files.findIndex((other) => resolve(other) === resolve(file)) < i);
  if (twice !== undefined) throw new GialloError('usage', `${twice}: two outputs cannot be one file`);
  const { requireWritable } = await import('./replaceable.js');
  for (const { file, form } of lists) {
    if (file === '-') throw new GialloError('usage', 'cutting lists go into files, not to stdout');
    await requireWritable(file, form.mark, 'a list');
  }
}

interface ClippedAnswer extends Pick<SeenAnswer, 'collection' | 'films'> {
  readonly view: View;
  readonly argv: readonly string[];
}

/** The lists of an answer, made before the answer is shown and written after it. */
interface MadeClips {
  readonly lists: readonly { readonly file: string; readonly text: string }[];
  /** How many clips each list has. */
  readonly count: number;
  /** What to play: a reel by its path, or a clip. */
  readonly played: string | Clip | undefined;
}

/** Makes the lists of an answer. Errors: `usage` if a time, a rate or a video is missing. */
export async function makeClips(
  session: Session,
  flags: AnyFlags,
  answer: ClippedAnswer,
): Promise<MadeClips> {
  const clips = await clipsOf(session, flags, answer);
  const title = shellLine(['giallo', ...answer.argv]).replaceAll(/\p{Cc}/gu, ' ');
  const lists = listsOf(flags).map(({ file, form }) => ({ file, text: form.write(clips, title) }));
  const played = flags.play ? (flags.reel ?? requireFirst(clips)) : undefined;
  return { lists, count: clips.length, played };
}

/** Writes the lists, and plays the reel or the clip if asked to. Errors: `file-unwritable`; those of `play`. */
export async function writeClips(
  { io, notices }: Session,
  { lists, count, played }: MadeClips,
): Promise<void> {
  for (const { file, text } of lists) {
    await writeWhole(file, text);
    await notices.hint(`${file}: written, ${count === 1 ? '1 clip' : `${count} clips`}`);
  }
  if (played !== undefined) await play(io, played);
}

function requireFirst([first]: readonly Clip[]): Clip {
  if (first === undefined) throw new GialloError('usage', '--play: there is no result to play');
  requireVideo(first);
  return first;
}

async function clipsOf(
  session: Session,
  { handles, shotThreshold }: AnyFlags,
  { collection, films, view }: ClippedAnswer,
): Promise<readonly Clip[]> {
  const frames = framesOf(view);
  const names = frames.map(({ film }) => film);
  const entries = entriesOf(names, films);
  const times = await timesByName(entries, session.context.times.require);
  const missing = names.find((film) => !times.has(film));
  if (missing !== undefined) throw timesMissing(missing, missing);
  const areShotsNeeded = handles === undefined && frames.some(({ last }) => last === undefined);
  const facts = areShotsNeeded
    ? await filmFacts(entries, { shots: true, shotThreshold }, session.context)
    : undefined;
  return frames.map((frame) => {
    const known = times.get(frame.film) as FilmTimes;
    const { index } = frame;
    const clip =
      handles !== undefined
        ? clipAround({ ...frame, first: index, last: index }, known, handles)
        : clipOfRun(runOf(frame, facts), known);
    return { ...clip, typed: typedFilm(frame.film, films, collection) };
  });
}

/** A frame of the answer, with its run if the answer gives one. */
interface AnsweredFrame extends AnswerFrame {
  readonly first?: number;
  readonly last?: number;
}

/** The frames of an answer in its order; pairs give A, B, A, B. */
function framesOf(view: View): AnsweredFrame[] {
  const film = filmOfReport(view);
  return view.records.flatMap((record) => {
    const { a, b, runs } = record as { readonly [Key in 'a' | 'b']?: object } & { readonly runs?: object[] };
    const parts = a && b ? [a, b] : (runs ?? [record]);
    return parts.map((part) => {
      const one = part as Partial<AnsweredFrame> & { readonly representative?: number };
      const index = one.index ?? one.representative ?? one.first;
      return { ...one, film: one.film ?? film, index } as AnsweredFrame;
    });
  });
}

/** A frame with the first and last frame of its run, or else of its shot. Without either, both are the frame itself. */
function runOf(frame: AnsweredFrame, facts: FilmFacts | undefined): ClipFrame {
  const { film, index } = frame;
  if (frame.first !== undefined && frame.last !== undefined) return frame as ClipFrame;
  const shotAt = (one: number) => facts?.shotOf({ film, index: one });
  const shot = shotAt(index);
  let first = index;
  let last = index;
  while (shot !== undefined && first > 0 && shotAt(first - 1) === shot) first--;
  while (shot !== undefined && shotAt(last + 1) === shot) last++;
  return { ...frame, first, last };
}

/** The arguments that tell each player where to begin. */
const startFlags: Readonly<Record<string, string>> = {
  mpv: '--start=',
  vlc: '--start-time=',
  cvlc: '--start-time=',
};

/** Plays a reel by its path, or a clip from its first moment, and waits until the player ends. Errors: `usage`. */
async function play(io: Io, what: string | Clip): Promise<void> {
  const chosen = io.env.GIALLO_PLAYER;
  // vlc cannot play reels.
  const usual = typeof what === 'string' ? [['mpv']] : [['mpv'], ['vlc']];
  const players = chosen ? [splitWords(chosen, '$GIALLO_PLAYER')] : usual;
  for (const [program = '', ...args] of players) {
    if (await runIfInstalled(io, program, [...args, ...wordsFor(program, what)])) return;
  }
  const names = players.map(([program]) => program || '""').join(' and ');
  throw new GialloError('usage', `--play: no player was found; looked for ${names}`, {
    hint: 'install mpv, or name a player in $GIALLO_PLAYER',
  });
}

function wordsFor(program: string, what: string | Clip): string[] {
  // A path that begins with - would be taken for an option.
  if (typeof what === 'string') return [what.startsWith('-') ? `./${what}` : what];
  const flag = startFlags[basename(program)];
  return [...(flag === undefined ? [] : [`${flag}${secondsRange(what).start}`]), requireVideo(what)];
}

/** Returns false if there is no such program. Errors: `usage` if it cannot be run, `file-unreadable` if it fails. */
function runIfInstalled({ signal, env }: Io, program: string, args: readonly string[]): Promise<boolean> {
  if (program === '') return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      signal,
      env: { ...process.env, ...env },
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return resolve(false);
      const failure = machineError(error) ?? new GialloError('usage', `--play: ${program}: ${error.message}`);
      reject(signal.aborted ? signal.reason : failure);
    });
    child.once('close', (code) => {
      if (code === 0 || code === null) resolve(true);
      else reject(new GialloError('file-unreadable', `--play: ${basename(program)} ended with ${code}`));
    });
  });
}
