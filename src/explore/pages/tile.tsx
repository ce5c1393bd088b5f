/** Tiles: a frame as a link with its picture and its time; and a film as a barcode. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatMoment } from '../../times/moments.js';
import type { HomeFilm } from '../site-data.js';
import { Name, plain } from './parts.js';
import { addressOf, type FramePicture, pictureOf, type Site, usePictures, useTimes } from './site.js';

interface PictureProps {
  readonly picture: FramePicture;
  readonly alt: string;
  /** Shown if there is no picture. */
  readonly name: string;
  readonly isEager?: boolean;
}

/** A picture; or the frame's name, if there is none or it cannot be shown. */
export function Picture({ picture: { sources, isBroken }, alt, name, isEager }: PictureProps) {
  const [failed, setFailed] = useState<readonly string[]>([]);
  const source = sources.find((address) => !failed.includes(address));
  if (source === undefined) {
    const reason = isBroken || sources.length > 0 ? 'Unreadable picture' : 'No picture';
    return (
      <span class="missing">
        <strong>{reason}</strong> <Name of={name} />
      </span>
    );
  }
  return (
    <img
      key={source}
      src={source}
      alt={alt}
      loading={isEager ? 'eager' : 'lazy'}
      decoding="async"
      draggable={false}
      onError={() => setFailed([...failed, source])}
    />
  );
}

interface TileProps {
  readonly site: Site;
  readonly film: string;
  readonly index: number;
  /** Shown if there is no picture; the frame's number by default. */
  readonly name?: string;
  readonly isCurrent?: boolean;
  /** The caption above the time of the frame. Without a caption, neither is shown. */
  readonly children?: ComponentChildren;
}

/** A frame as a link: its picture, its caption and its time. */
export function Tile({ site, film, index, name = `frame ${index}`, isCurrent, children }: TileProps) {
  const known = site.film(film);
  const pictures = usePictures(known);
  if (!known) return null;
  return (
    <div class="framed">
      <a
        class="tile"
        href={addressOf({ view: 'frame', film, index })}
        aria-current={isCurrent ? 'true' : undefined}
        data-tile
      >
        <Frame film={known} shape={pictures?.shape}>
          <Picture
            picture={pictureOf(known, pictures, index, 'small')}
            alt={`Frame ${index} of ${plain(film)}`}
            name={name}
          />
        </Frame>
        {children && <span class="caption">{children}</span>}
      </a>
      {children && <Moment film={known} index={index} />}
    </div>
  );
}

/** The time of a frame, as a link into the video if that is known; nothing if the time is not known. */
export function Moment({ film, index }: { readonly film: HomeFilm | undefined; readonly index: number }) {
  const times = useTimes(film);
  const seconds = times?.seconds[index];
  if (seconds === undefined) return null;
  const moment = formatMoment(seconds);
  // Even if someone has changed the data, a link may lead only to a file beside the site or on its disk.
  if (!times?.video || /^(?!file:)[^/]*:/.test(times.video)) return <time class="moment">{moment}</time>;
  return (
    <a class="moment" href={`${times.video}#t=${Math.round(seconds * 1000) / 1000}`}>
      <span class="unseen">Play the video at </span>
      <time>{moment}</time>
    </a>
  );
}

/**
 * The frame around a picture. It has the shape of the film's pictures, so that nothing moves when the picture is
 * loaded.
 */
export function Frame(props: {
  readonly film: HomeFilm;
  readonly shape: number | undefined;
  readonly children: ComponentChildren;
}) {
  const style = props.shape ? { '--shape': String(props.shape) } : undefined;
  return (
    <span class={props.film.hasPictures ? 'mat' : 'mat bare'} style={style}>
      {props.children}
    </span>
  );
}

/** Draws a barcode; barcode.ts describes `places`. */
export function Barcode({ places }: { readonly places: ArrayLike<number> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context || places.length === 0) return;
    canvas.current.width = places.length / 4;
    context.putImageData(new ImageData(Uint8ClampedArray.from(places), places.length / 4), 0, 0);
  }, [places]);
  return (
    <span class="barcode" aria-hidden="true">
      <canvas ref={canvas} height={1} />
    </span>
  );
}
