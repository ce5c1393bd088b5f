/** Cutting lists, read back by small readers in this test. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Clip, clipAround, clipOfRun, frameRange } from '../../src/times/clips.js';
import { timesByInterval, timesOfArchive } from '../../src/times/film-times.js';
import type { Rate } from '../../src/times/rates.js';
import { reelNames, writeEdl } from '../../src/times/write-edl.js';
import { writeOtio } from '../../src/times/write-otio.js';
import { writeFfconcat, writeMpvEdl } from '../../src/times/write-reel.js';
import { rejects } from '../rejects.js';

const film24: Rate = { numerator: 24, denominator: 1 };
const ntsc: Rate = { numerator: 30000, denominator: 1001 };

function clip(part: Partial<Clip> = {}): Clip {
  const start = part.start ?? 1;
  const known = {
    film: 'Sintel.Trailer.2010.mp4',
    index: 5,
    filename: 'a_6.jpg',
    video: '/films/S.mp4',
    rate: film24,
  };
  return { ...known, start, end: start + 2, filmEnd: 52, ...part };
}

const at = (first: number, last: number, index = first) => ({ film: 'F', index, filename: 'x', first, last });

describe('clips', () => {
  const names = ['1', '2', '3', '10', '11'];
  const times = timesByInterval({ interval: 0.5 }, names, 'films.json');
  assert.ok(times);
  const rows: [name: string, clip: Clip, start: number, end: number][] = [
    ['a run ends where the next frame begins', clipOfRun(at(0, 1), times), 0, 1],
    ['a run before a gap ends a step after its last frame', clipOfRun(at(0, 2), times), 0, 1.5],
    ['the last run ends a step after the last frame', clipOfRun(at(3, 4), times), 4.5, 5.5],
    ['handles on both sides', clipAround(at(0, 0, 1), times, 0.25), 0.25, 0.75],
    ['handles end at the beginning', clipAround(at(0, 0, 0), times, 3), 0, 3],
    ['handles end at the end', clipAround(at(0, 0, 4), times, 3), 2, 5.5],
    [
      'times of an archive reach to the next',
      clipOfRun(at(0, 0), timesOfArchive(Float64Array.of(0, 9, 10), {})),
      0,
      9,
    ],
  ];
  for (const [name, { start, end }, ...expected] of rows) {
    test(name, () => assert.deepEqual([start, end], expected));
  }

  test('before the video begins are an error', async () => {
    const early = timesOfArchive(Float64Array.of(-2, -1, 0, 1, 2), {});
    for (const make of [() => clipOfRun(at(0, 1), early), () => clipAround(at(0, 0), early, 5)])
      await rejects(async () => make(), {
        code: 'usage',
        message: 'F: frame 0 is at -0:00:02.0, before its video begins',
      });
    assert.equal(clipAround(at(3, 3), early, 5).start, 0);
  });

  test('a clip has at least one frame, and is within the film', () => {
    const number = fc.double({ min: 0, max: 52, noNaN: true });
    const rate = fc.constantFrom(film24, ntsc, { numerator: 1000, denominator: 1 });
    fc.assert(
      fc.property(number, number, rate, (a, b, one) => {
        const range = frameRange(clip({ start: Math.min(a, b), end: Math.max(a, b) }), one);
        assert.ok(range.first >= 0 && range.first < range.end);
        assert.ok((range.end * one.denominator) / one.numerator <= 52 + 1e-6);
      }),
    );
  });
});

describe('EDL', () => {
  test('has the layout of CMX 3600', () => {
    const clips = [clip(), clip({ film: 'Big.Buck.Bunny', start: 10, end: 11.5, video: null, index: 30 })];
    assert.equal(
      writeEdl(clips, 'giallo pairs'),
      `TITLE: giallo pairs
FCM: NON-DROP FRAME

001  SINTELTR V     C        00:00:01:00 00:00:03:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: Sintel.Trailer.2010.mp4
* SOURCE FILE: /films/S.mp4
* COMMENT: frame 5, clip from 0:00:01.0, a_6.jpg
002  BIGBUCKB V     C        00:00:10:00 00:00:11:12 01:00:02:00 01:00:03:12
* FROM CLIP NAME: Big.Buck.Bunny
* COMMENT: frame 30, clip from 0:00:10.0, a_6.jpg
`,
    );
  });

  test('counts drop-frame at 29.97', () => {
    const text = writeEdl([clip({ rate: ntsc, start: 60.06, end: 62.062, filmEnd: 90 })], 't');
    assert.match(text, /^FCM: DROP FRAME$/m);
    // 60.06 s are 1800 frames, the first of which after a minute is ;02.
    assert.match(text, / 00:01:00;02 00:01:02;02 01:00:00;00 01:00:02;00$/m);
  });

  test('is refused at rates that its timecodes cannot count', async () => {
    for (const [numerator, denominator] of [
      [25, 2],
      [120, 1],
      [120000, 1001],
    ]) {
      await rejects(() => writeEdl([clip({ rate: { numerator, denominator } })], 't'), {
        code: 'usage',
        message: `no timecode of an EDL counts ${numerator}/${denominator} frames a second`,
        hint: '--otio and --reel take any rate',
      });
    }
    assert.match(writeEdl([clip({ rate: { numerator: 100, denominator: 1 } })], 't'), / 01:00:02:00$/m);
  });

  test('has a title of up to 70 whole characters', () => {
    const [title = ''] = writeEdl([clip()], `${'x'.repeat(69)}🎬y`).split('\n');
    assert.equal(title, `TITLE: ${'x'.repeat(69)}🎬`);
  });

  test('gives each film its own reel name of eight characters', () => {
    const reels = reelNames([
      'Sintel Trailer 1',
      'Sintel Trailer 2',
      'Über',
      '映画',
      '映画2',
      'AX',
      'Sintel Trailer 1',
    ]);
    assert.deepEqual([...reels.values()], ['SINTELTR', 'SINTELT2', 'UBER', 'FILM', '2', 'AX2']);
  });

  test('refuses clips that it cannot represent, and says what to add', async () => {
    await rejects(() => writeEdl([clip({ rate: null })], 't'), {
      code: 'usage',
      hint: '`giallo times Sintel.Trailer.2010.mp4 --rate 24/1` adds it to films.json',
    });
    await rejects(() => writeEdl([clip(), clip({ rate: ntsc, film: 'B' })], 't'), {
      code: 'usage',
      message: 'an EDL has one frame rate; found 24/1 (Sintel.Trailer.2010.mp4) and 30000/1001 (B)',
    });
    await rejects(() => writeEdl(new Array<Clip>(1000).fill(clip()), 't'), { code: 'usage', message: /999/ });
    // The record begins at one hour, and timecodes start again after 24 hours.
    const hours = (count: number) =>
      new Array<Clip>(count).fill(clip({ start: 0, end: 3600, filmEnd: 3600 }));
    assert.match(writeEdl(hours(22), 't'), / 22:00:00:00 23:00:00:00$/m);
    await rejects(() => writeEdl(hours(23), 't'), {
      code: 'usage',
      message: 'an EDL holds less than 23 hours of clips; found more in 23 clips',
      hint: '--otio and --reel have no such limit',
    });
  });

  test('keeps line breaks of names out of its lines', () => {
    const text = writeEdl([clip({ film: 'a\nb', filename: 'c\r\nd', video: '/x\ny' })], 'x\ny');
    assert.equal(text.split('\n').length, 3 + 4 + 1);
  });
});

describe('OpenTimelineIO', () => {
  const timeline = JSON.parse(writeOtio([clip(), clip({ rate: null, video: null, start: 1.2345 })], 'cuts'));
  const [first, second] = timeline.tracks.children[0].children;

  test('a clip is a range of its media, in frames of the video', () => {
    assert.equal(timeline.OTIO_SCHEMA, 'Timeline.1');
    assert.deepEqual(first.source_range, {
      OTIO_SCHEMA: 'TimeRange.1',
      duration: { OTIO_SCHEMA: 'RationalTime.1', rate: 24, value: 48 },
      start_time: { OTIO_SCHEMA: 'RationalTime.1', rate: 24, value: 24 },
    });
    const media = first.media_references[first.active_media_reference_key];
    assert.equal(media.target_url, 'file:///films/S.mp4');
    assert.equal(media.available_range.duration.value, 52 * 24);
  });

  test('without a rate times are in milliseconds, without a video the media is missing', () => {
    assert.deepEqual(second.source_range.start_time, {
      OTIO_SCHEMA: 'RationalTime.1',
      rate: 1000,
      value: 1235,
    });
    assert.equal(second.media_references.DEFAULT_MEDIA.OTIO_SCHEMA, 'MissingReference.1');
  });
});

describe('playlists', () => {
  test('for mpv have a segment for each clip, and names with their length in bytes', () => {
    assert.equal(
      writeMpvEdl([clip(), clip({ video: '/f/é,;%.mp4', film: 'x', start: 10 })], 'giallo x'),
      `# mpv EDL v0
# giallo x
%12%/films/S.mp4,1,2,title=%33%Sintel.Trailer.2010.mp4 0:00:01.0
%12%/f/é,;%.mp4,10,2,title=%11%x 0:00:10.0
`,
    );
  });

  test('for ffconcat have a file, an inpoint and an outpoint for each clip', () => {
    const text = writeFfconcat(
      [clip(), clip({ video: "/f/it's.mp4", start: 1 / 3, end: 0.5, rate: null })],
      't',
    );
    assert.deepEqual(
      text.split('\n').filter((line) => !line.startsWith('#')),
      [
        'ffconcat version 1.0',
        "file '/films/S.mp4'",
        'inpoint 1',
        'outpoint 3',
        "file '/f/it'\\''s.mp4'",
        'inpoint 0.333333',
        'outpoint 0.5',
        '',
      ],
    );
  });

  test('of a film without a video are an error that says what to add', () =>
    rejects(() => writeMpvEdl([clip({ video: null })], 't'), {
      code: 'usage',
      message: 'Sintel.Trailer.2010.mp4: the video of this film is not known',
      hint: '`giallo times Sintel.Trailer.2010.mp4 --video film.mp4` adds it to films.json',
    }));
});
