/**
 * CMX 3600 edit decision lists, which every editing program reads. The clauses named here are those of "CMX 3600 Edit
 * Decision List Interchange Format" as editing programs have it:
 * - TITLE: the first line, up to 70 characters.
 * - FCM: DROP FRAME or NON-DROP FRAME, how timecodes count.
 * - Events: number (001 to 999), reel (8 characters), track (V: video), transition (C: cut), source in, source out,
 *   record in, record out. Out is the first frame that is no longer shown.
 * - Comments begin with `*`. FROM CLIP NAME and SOURCE FILE are known to programs; they have the names that a reel's
 *   eight characters cannot hold.
 */
import { GialloError } from '../errors.js';
import { type Clip, clipNote, commonRate, frameRange, plainText } from './clips.js';
import { frameOfFirstHour, hasTimecode, isDropFrame, rateText, timecodeOf } from './rates.js';

const mostEvents = 999;
const dayInSeconds = 24 * 3600;
const elsewhere = '--otio and --reel have no such limit';

/** The list as text. Errors: `usage` if there are more events, or hours, than it can hold, or a rate is missing. */
export function writeEdl(clips: readonly Clip[], title: string): string {
  if (clips.length > mostEvents) {
    throw new GialloError('usage', `an EDL holds up to ${mostEvents} clips; found ${clips.length}`, {
      hint: elsewhere,
    });
  }
  const rate = commonRate(clips);
  if (!hasTimecode(rate)) {
    throw new GialloError('usage', `no timecode of an EDL counts ${rateText(rate)} frames a second`, {
      hint: '--otio and --reel take any rate',
    });
  }
  const reels = reelNames(clips.map(({ film }) => film));
  // Programs start a record at one hour.
  let record = frameOfFirstHour(rate);
  const lines = [
    `TITLE: ${[...plainText(title)].slice(0, 70).join('')}`,
    `FCM: ${isDropFrame(rate) ? 'DROP FRAME' : 'NON-DROP FRAME'}`,
    '',
  ];
  for (const [i, clip] of clips.entries()) {
    const { first, end } = frameRange(clip, rate);
    if (clip.end >= dayInSeconds)
      throw new GialloError('usage', `${clip.film}: the clip is after 24 hours, where timecodes end`);
    const times = [first, end, record, record + end - first].map((number) => timecodeOf(number, rate));
    record += end - first;
    if (record >= 24 * frameOfFirstHour(rate)) {
      const message = `an EDL holds less than 23 hours of clips; found more in ${clips.length} clips`;
      throw new GialloError('usage', message, { hint: elsewhere });
    }
    const event = [
      String(i + 1).padStart(3, '0'),
      '',
      (reels.get(clip.film) as string).padEnd(8),
      'V    ',
      'C       ',
    ];
    lines.push(`${event.join(' ')} ${times.join(' ')}`);
    lines.push(`* FROM CLIP NAME: ${plainText(clip.film)}`);
    if (clip.video !== null) lines.push(`* SOURCE FILE: ${plainText(clip.video)}`);
    lines.push(`* COMMENT: ${clipNote(clip)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Names of up to eight capital letters, digits and `_`, one for each film. */
export function reelNames(films: readonly string[]): ReadonlyMap<string, string> {
  const reels = new Map<string, string>();
  const taken = new Set<string>(['AX', 'BL']); // auxiliary source, and black
  for (const film of new Set(films)) {
    const letters =
      film
        .normalize('NFD')
        .toUpperCase()
        .replace(/[^A-Z0-9]+/g, '')
        .slice(0, 8) || 'FILM';
    let reel = letters;
    for (let n = 2; taken.has(reel); n++) reel = `${letters.slice(0, 8 - String(n).length)}${n}`;
    taken.add(reel);
    reels.set(film, reel);
  }
  return reels;
}
