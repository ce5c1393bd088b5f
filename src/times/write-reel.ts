/**
 * Playlists of clips. mpv's: "EDL files" (DOCS/edl-mpv.rst), a segment a line, `file,start,length`; a value that holds
 * special characters is written `%<bytes>%<value>`. ffmpeg's: the concat demuxer's script (ffmpeg-formats, "concat"),
 * `ffconcat version 1.0`, then `file`, `inpoint` and `outpoint` for each clip.
 */
import { GialloError } from '../errors.js';
import { type Clip, plainText, requireVideo, secondsRange } from './clips.js';
import { formatMoment } from './moments.js';

/** A playlist that mpv plays as one film, with a chapter for each clip. Errors: `usage` if a video is missing. */
export function writeMpvEdl(clips: readonly Clip[], title: string): string {
  const lines = clips.map((clip) => {
    const { start, end } = secondsRange(clip);
    const chapter = `${plainText(clip.film)} ${formatMoment(start)}`;
    return `${guarded(requireVideo(clip))},${decimal(start)},${decimal(end - start)},title=${guarded(chapter)}`;
  });
  return `${['# mpv EDL v0', `# ${plainText(title)}`, ...lines].join('\n')}\n`;
}

/** "the value has to be guarded by a length specifier", counted in bytes. */
function guarded(value: string): string {
  return `%${Buffer.byteLength(value)}%${value}`;
}

/**
 * How ffmpeg makes a film of the script, in a comment. Frames that come before an inpoint are shown too without the
 * filters, which need the script's own clock (-copyts).
 */
const rendering = `# ffmpeg -copyts -safe 0 -segment_time_metadata 1 -i THIS_FILE -vf select=concatdec_select \\
#   -af aselect=concatdec_select,aresample=async=1 reel.mp4`;

/** A script for ffmpeg's concat demuxer. Errors: `usage` if a video is missing, or its path has a line break. */
export function writeFfconcat(clips: readonly Clip[], title: string): string {
  const lines = clips.flatMap((clip) => {
    const { start, end } = secondsRange(clip);
    const video = requireVideo(clip);
    if (/[\n\r\0]/.test(video)) {
      const message = `${plainText(video)}: an ffconcat file cannot name a path with a line break`;
      throw new GialloError('usage', message, { hint: 'write the playlist for mpv, without .ffconcat' });
    }
    return [`file ${quoted(video)}`, `inpoint ${decimal(start)}`, `outpoint ${decimal(end)}`];
  });
  return `${['ffconcat version 1.0', `# ${plainText(title)}`, rendering, ...lines].join('\n')}\n`;
}

/** "Quoting and escaping" (ffmpeg-utils): all between two ' is literal, and \' stands for one of them outside. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", "'\\''")}'`;
}

/** Seconds to the microsecond, which is what ffmpeg counts in. */
function decimal(seconds: number): string {
  return String(Math.round(seconds * 1e6) / 1e6);
}
