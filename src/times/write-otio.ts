/**
 * OpenTimelineIO (the file format of OpenTimelineIO 0.15 and later): JSON whose objects each name their schema. A
 * Timeline.1 holds a Stack.1 of tracks, a Track.1 of clips one after another, a Clip.2 its media by key and the
 * source_range of it that is shown. Times are RationalTime.1: `value` frames of `rate` a second.
 */
import { pathToFileURL } from 'node:url';
import { type Clip, frameRange } from './clips.js';
import { type Rate, rateText } from './rates.js';

/** Where a video's rate is not known, times count in milliseconds. */
const milliseconds: Rate = { numerator: 1000, denominator: 1 };

/** The timeline as JSON. */
export function writeOtio(clips: readonly Clip[], title: string): string {
  const timeline = {
    OTIO_SCHEMA: 'Timeline.1',
    metadata: {},
    name: title,
    global_start_time: null,
    tracks: {
      OTIO_SCHEMA: 'Stack.1',
      ...itemOf('tracks', null),
      children: [
        {
          OTIO_SCHEMA: 'Track.1',
          ...itemOf('giallo', null),
          kind: 'Video',
          children: clips.map(clipOf),
        },
      ],
    },
  };
  return `${JSON.stringify(timeline, null, 2)}\n`;
}

/** What every item has. */
function itemOf(name: string, sourceRange: object | null, metadata: object = {}) {
  return { metadata, name, source_range: sourceRange, effects: [], markers: [], enabled: true };
}

function clipOf(clip: Clip) {
  const rate = clip.rate ?? milliseconds;
  const { first, end } = frameRange(clip, rate);
  const filmFrames = frameRange({ ...clip, start: 0, end: clip.filmEnd }, rate).end;
  const giallo = { film: clip.film, index: clip.index, filename: clip.filename };
  const about = { ...giallo, ...(clip.rate ? { rate: rateText(clip.rate) } : {}) };
  return {
    OTIO_SCHEMA: 'Clip.2',
    ...itemOf(`${clip.film} ${clip.index}`, rangeOf(first, end, rate), { giallo: about }),
    media_references: { DEFAULT_MEDIA: mediaOf(clip, rangeOf(0, filmFrames, rate)) },
    active_media_reference_key: 'DEFAULT_MEDIA',
  };
}

function mediaOf({ film, video }: Clip, available: object) {
  const common = { metadata: {}, name: film, available_range: available, available_image_bounds: null };
  if (video === null) return { OTIO_SCHEMA: 'MissingReference.1', ...common };
  return { OTIO_SCHEMA: 'ExternalReference.1', ...common, target_url: pathToFileURL(video).href };
}

function rangeOf(first: number, end: number, { numerator, denominator }: Rate) {
  const time = (value: number) => ({
    OTIO_SCHEMA: 'RationalTime.1',
    rate: numerator / denominator,
    value,
  });
  return { OTIO_SCHEMA: 'TimeRange.1', duration: time(end - first), start_time: time(first) };
}
