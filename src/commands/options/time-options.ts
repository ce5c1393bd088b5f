/** The options about times and clips: rows of the option table. */
import { frameRate, interval, moment, type OptionRow, perSecond } from './option-row.js';

export const timeOptions = {
  times: {
    flags: '--times',
    group: 'times',
    help: 'add the time of each frame to CSV and to tables in a pipe',
  },
  fps: {
    flags: '--fps <x>',
    group: 'times',
    help: 'screenshots a second, of the films asked about',
    kind: perSecond,
    conflicts: ['interval'],
    carried: 'work',
  },
  interval: {
    flags: '--interval <seconds>',
    group: 'times',
    help: 'seconds from one screenshot to the next, of the films asked about',
    kind: interval,
    carried: 'work',
  },
  start: { flags: '--start <time>', group: 'times', help: 'the moment of the first frame', kind: moment },
  video: { flags: '--video <file>', group: 'times', help: 'the video of the film' },
  rate: {
    flags: '--rate <x>',
    group: 'times',
    help: 'frames a second of the video, as 24/1 or 30000/1001',
    kind: frameRate,
  },
  edl: { flags: '--edl <file>', group: 'clips', help: 'write the results as a CMX 3600 edit decision list' },
  otio: { flags: '--otio <file>', group: 'clips', help: 'write the results as an OpenTimelineIO timeline' },
  reel: {
    flags: '--reel <file>',
    group: 'clips',
    help: 'write the results as a playlist for mpv, or for ffmpeg where the name ends in .ffconcat',
  },
  handles: {
    flags: '--handles <seconds>',
    group: 'clips',
    help: 'clips of so many seconds either side of the frame (default: the shot that it is in)',
    kind: interval,
  },
  play: {
    flags: '--play',
    group: 'clips',
    help: 'play the reel, or the first result ($GIALLO_PLAYER, else mpv, else vlc)',
  },
  timesKey: {
    flags: '--times-key <name>',
    group: 'collection',
    help: 'array that holds the seconds of the frames (default: times)',
    carried: 'always',
  },
} as const satisfies Readonly<Record<string, OptionRow>>;
