/** A frame that one can hop to: its picture, its moment; and a film as a barcode. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatMoment } from '../../times/moments.js';
import type { HomeFilm } from '../site-data.js';
import { Name, plain } from './parts.js';
import { addressOf, type FramePicture, pictureOf, type Site, usePictures, useTimes } from './site.js';

interface PictureProps {
  readonly picture: FramePicture;
  readonly alt: string;
  /** Stands in the place of a picture that there is not. */
  readonly name: string;
  readonly isEager?: boolean;
}

/** A picture, or a tile with the frame's name where there is none or it cannot be shown. */
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
  /** What stands in the place of a picture; the frame's number by default. */
  readonly name?: string;
  readonly isCurrent?: boolean;
  /** Stands above the moment of the frame; without it neither is shown. */
  readonly children?: ComponentChildren;
}

/** A frame that one can hop to: its picture, and what is said of it. */
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

/** The moment of a frame, which leads into its film's video where that is known; nothing where times are not. */
export function Moment({ film, index }: { readonly film: HomeFilm | undefined; readonly index: number }) {
  const times = useTimes(film);
  const seconds = times?.seconds[index];
  if (seconds === undefined) return null;
  const moment = formatMoment(seconds);
  // Whatever was done to the data: a link leads to a file beside the site or on its disk.
  if (!times?.video || /^(?!file:)[^/]*:/.test(times.video)) return <time class="moment">{moment}</time>;
  return (
    <a class="moment" href={`${times.video}#t=${Math.round(seconds * 1000) / 1000}`}>
      <span class="unseen">Play the video at </span>
      <time>{moment}</time>
    </a>
  );
}

/** The mat of a picture, in the shape of its film's pictures so that nothing moves when it is loaded. */
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

/** A film from its first frame to its last, as barcode.ts has it. */
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
