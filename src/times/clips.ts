/** Clips: pieces of films, as cutting lists name them. A clip never leaves its film and is never empty. */
import { GialloError } from '../errors.js';
import { commandLine } from '../escape.js';
import { endOf, type FilmTimes } from './film-times.js';
import { formatMoment } from './moments.js';
import { isSameRate, type Rate, rateText, secondsOfFrame } from './rates.js';

export interface Clip {
  readonly film: string;
  /** The frame that it is there for. */
  readonly index: number;
  readonly filename: string;
  /** Seconds of the film: from `start` up to, not including, `end`. */
  readonly start: number;
  readonly end: number;
  /** The end of the film, as far as it is known. */
  readonly filmEnd: number;
  readonly video: string | null;
  readonly rate: Rate | null;
  /** What names the film on a command line, where its name does not. */
  readonly typed?: string | undefined;
}

/** What a clip is made of: a frame, and the run of frames that it lies in. */
export interface ClipFrame {
  readonly film: string;
  readonly index: number;
  readonly filename: string;
  /** First and last frame of the clip. */
  readonly first: number;
  readonly last: number;
}

/** The clip of a run of frames: from its first moment to that of the frame after it. */
export function clipOfRun(frame: ClipFrame, times: FilmTimes): Clip {
  const { seconds, step, counted } = times;
  const start = seconds[frame.first];
  const next = seconds[frame.last + 1] ?? endOf(times);
  // A frame that is missing belongs to no shot; times that an archive holds may lie as far apart as they like.
  const end = counted === null ? next : Math.min(next, seconds[frame.last] + step);
  return clip(frame, times, start, end > start ? end : start + step);
}

/** The clip of so many seconds on either side of a frame, as far as the film goes. */
export function clipAround(frame: ClipFrame, times: FilmTimes, handles: number): Clip {
  const moment = times.seconds[frame.index];
  const end = Math.min(endOf(times), moment + handles);
  return clip(frame, times, Math.max(0, moment - handles), end);
}

/** Errors: `usage` for a clip that is not in the video, as the times that an archive holds may say. */
function clip(frame: ClipFrame, times: FilmTimes, start: number, end: number): Clip {
  const { film, index, filename } = frame;
  const moment = Math.min(start, times.seconds[index]);
  if (moment < 0)
    throw new GialloError(
      'usage',
      `${film}: frame ${index} is at ${formatMoment(moment)}, before its video begins`,
    );
  const { video, rate } = times;
  return { film, index, filename, start, end, filmEnd: endOf(times), video, rate };
}

/** A clip in whole frames of its video. */
interface FrameRange {
  readonly first: number;
  /** Not included. */
  readonly end: number;
}

/** The frames of a clip, at least one, none after the end of the film. */
export function frameRange({ start, end, filmEnd }: Clip, { numerator, denominator }: Rate): FrameRange {
  const at = (seconds: number) => (seconds * numerator) / denominator;
  const filmFrames = Math.max(1, Math.floor(at(filmEnd) + 1e-6));
  const last = Math.min(filmFrames, Math.max(Math.round(at(end)), Math.round(at(start)) + 1));
  return { first: Math.min(Math.round(at(start)), last - 1), end: last };
}

/** Start and end in seconds, on whole frames of the video where its rate is known. */
export function secondsRange(one: Clip): { readonly start: number; readonly end: number } {
  if (!one.rate) return { start: one.start, end: one.end };
  const { first, end } = frameRange(one, one.rate);
  return { start: secondsOfFrame(first, one.rate), end: secondsOfFrame(end, one.rate) };
}

/** `frame 66, clip from 0:00:26.4, Sintel_000067.jpg`: where a clip comes from. */
export function clipNote({ index, filename, start }: Clip): string {
  return `frame ${index}, clip from ${formatMoment(start)}, ${plainText(filename)}`;
}

/** A name that is to stand in one line of a text file. */
export function plainText(name: string): string {
  return name.replace(/\p{Cc}/gu, ' ');
}

/** The one rate of all clips, which a list that counts in frames needs. Errors: `usage`, with what to add. */
export function commonRate(clips: readonly Clip[]): Rate {
  for (const { film, rate, typed = film } of clips) {
    if (rate) continue;
    throw new GialloError('usage', `${film}: an EDL needs the frame rate of the video, which is not known`, {
      hint: `\`${commandLine('times', [typed], ['--rate', '24/1'])}\` adds it to films.json`,
    });
  }
  const [first, ...others] = clips;
  const rate = first?.rate ?? { numerator: 24, denominator: 1 };
  const other = others.find((one) => one.rate && !isSameRate(one.rate, rate));
  if (first && other?.rate) {
    const message = `an EDL has one frame rate; found ${rateText(rate)} (${first.film}) and ${rateText(other.rate)} (${other.film})`;
    throw new GialloError('usage', message, { hint: '--otio and --reel take films of several rates' });
  }
  return rate;
}

/** The path of a clip's video. Errors: `usage`, with what to add. */
export function requireVideo({ film, video, typed = film }: Clip): string {
  if (video !== null) return video;
  throw new GialloError('usage', `${film}: the video of this film is not known`, {
    hint: `\`${commandLine('times', [typed], ['--video', 'film.mp4'])}\` adds it to films.json`,
  });
}
