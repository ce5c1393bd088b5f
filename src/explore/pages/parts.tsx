/** What the pages are made of: names, pictures, tiles, barcodes, and the button that copies a command. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { escapeForTerminal, shellLine } from '../../escape.js';
import type { HomeFilm } from '../site-data.js';
import { addressOf, type FramePicture, pictureOf, type Site, unpackOnce, usePictures } from './site.js';

/** A name, which may break over lines after the marks between its words, and turns no text around it. */
export function Name({ of: name }: { readonly of: string }) {
  const words = escapeForTerminal(name).split(/(?<=[._\-/])(?=[^._\-/])/);
  return (
    <bdi>
      {words.map((word, i) => (
        <>
          {i > 0 && <wbr />}
          {word}
        </>
      ))}
    </bdi>
  );
}

/** A name on one line, cut where there is no room for it. */
export function ShortName({ of: name }: { readonly of: string }) {
  return (
    <bdi class="short" title={escapeForTerminal(name)}>
      {escapeForTerminal(name)}
    </bdi>
  );
}

/** A name that stands in an attribute. */
export const plain = escapeForTerminal;

export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${count === 1 ? singular : plural}`;
}

export const fourDigits = (score: number) => score.toFixed(4).replace('-0.0000', '0.0000');

/** `0:12:07`; with tenths of a second where frames lie closer than seconds. */
export function clock(seconds: number, tenths = false): string {
  const whole = tenths ? Math.floor(seconds * 10 + 1e-6) / 10 : Math.floor(seconds);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const rest = tenths ? (whole % 60).toFixed(1).padStart(4, '0') : two(whole % 60);
  return `${Math.floor(whole / 3600)}:${two((whole / 60) % 60)}:${rest}`;
}

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
  readonly children?: ComponentChildren;
}

/** A frame that one can hop to: its picture, and what is said of it. */
export function Tile({ site, film, index, name = `frame ${index}`, isCurrent, children }: TileProps) {
  const known = site.film(film);
  const pictures = usePictures(known);
  if (!known) return null;
  return (
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

/** A film from its first frame to its last, by the colours of its pictures or, without them, by its shots. */
export function Barcode({ packed, isColour }: { readonly packed: string; readonly isColour: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!canvas.current || !context) return;
    const values = unpackOnce(packed);
    const width = isColour ? values.length / 3 : values.length;
    canvas.current.width = Math.max(1, width);
    const image = context.createImageData(Math.max(1, width), 1);
    for (let x = 0; x < width; x++) {
      const tone = 110 + 50 * values[x];
      const colour = isColour ? values.subarray(x * 3, x * 3 + 3) : [tone, tone, tone];
      image.data.set([...colour, 255], x * 4);
    }
    context.putImageData(image, 0, 0);
  }, [packed, isColour]);
  return (
    <span class="barcode" aria-hidden="true">
      <canvas ref={canvas} height={1} />
    </span>
  );
}

/** Copies a command that asks giallo the same. */
export function CopyButton({ words }: { readonly words: readonly string[] }) {
  const [said, setSaid] = useState('');
  const command = shellLine(words);
  const onClick = async () => {
    setSaid((await copied(command)) ? 'Copied' : 'Not copied; the command is below');
    setTimeout(() => setSaid(''), 4000);
  };
  return (
    <span class="copy">
      <button type="button" title={command} onClick={onClick}>
        Copy command
      </button>
      <span role="status">{said}</span>
      {said.startsWith('Not') && <code>{command}</code>}
    </span>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages from the disk may have no clipboard.
    const area = document.createElement('textarea');
    const focused = document.activeElement as HTMLElement | null;
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    focused?.focus();
    return isCopied;
  }
}

/** The words of a command line; arguments that look like options come after `--`. */
export function commandWords(
  command: string,
  words: readonly string[],
  options: readonly string[],
): string[] {
  const looksLikeOption = words.some((word) => word.startsWith('-'));
  return ['giallo', command, ...(looksLikeOption ? [...options, '--', ...words] : [...words, ...options])];
}

/** The films that a command is about, where they are not all. */
export function filmsOf({ home }: Site): string[] {
  return home.isWhole ? [] : home.films.map(({ name }) => name);
}

/** A list that shows its beginning, and the rest when it is asked for. */
export function Growing<T>(props: {
  readonly of: readonly T[];
  readonly class: string;
  readonly children: (item: T) => preact.JSX.Element;
}) {
  const step = 60;
  const [shown, setShown] = useState(step);
  return (
    <>
      <ol class={`${props.class} mixed`}>{props.of.slice(0, shown).map(props.children)}</ol>
      {props.of.length > shown && (
        <button type="button" class="more" onClick={() => setShown(shown + 4 * step)}>
          Show more
        </button>
      )}
    </>
  );
}
