/** The options about times and clips: rows of the option table. */
import { frameRate, interval, moment, perSecond, rowsOf } from './option-row.js';

export const timeOptions = {
  ...rowsOf('times', {
    times: { flags: '--times', help: 'add the time of each frame to CSV and to tables in a pipe' },
    fps: {
      flags: '--fps <x>',
      help: 'screenshots a second in the films asked about',
      kind: perSecond,
      conflicts: ['interval'],
      carried: 'work',
    },
    interval: {
      flags: '--interval <seconds>',
      help: 'seconds from one screenshot to the next in the films asked about',
      kind: interval,
      carried: 'work',
    },
    start: { flags: '--start <time>', help: 'the moment of the first frame', kind: moment },
    video: { flags: '--video <file>', help: 'the video of the film' },
    rate: {
      flags: '--rate <x>',
      help: 'frames a second of the video, such as 24/1 or 30000/1001',
      kind: frameRate,
    },
  }),
  ...rowsOf('clips', {
    edl: { flags: '--edl <file>', help: 'write the results as a CMX 3600 edit decision list' },
    otio: { flags: '--otio <file>', help: 'write the results as an OpenTimelineIO timeline' },
    reel: {
      flags: '--reel <file>',
      help: 'write the results as a playlist for mpv, or for ffmpeg if the name ends in .ffconcat',
    },
    handles: {
      flags: '--handles <seconds>',
      help: 'clips of this many seconds on either side of the frame (default: its shot)',
      kind: interval,
    },
    play: {
      flags: '--play',
      help: 'play the reel, or the first result ($GIALLO_PLAYER, else mpv, else vlc)',
    },
  }),
  ...rowsOf('collection', {
    timesKey: {
      flags: '--times-key <name>',
      help: 'array that holds the seconds of the frames (default: times)',
      carried: 'always',
    },
  }),
};
