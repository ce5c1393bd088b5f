/** The page of a frame: its picture, its place in the film, and beside them the lanes of its nearest frames. */
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { counted } from '../../render/tabular.js';
import { dataPath, type FilmData, type HomeFilm, nameAt, type PicturesData, shotOf } from '../site-data.js';
import { scopeWords, similar } from './commands.js';
import { FilmBar } from './film.js';
import { onSwipe } from './gestures.js';
import { step } from './history.js';
import { stepAlong } from './keys.js';
import { Lanes } from './lanes.js';
import { AboveFilm, CopyButton, Missing, Name, plain } from './parts.js';
import { failureOf, pictureOf, placeOf, type Site, unpackOnce, useFilm, usePictures } from './site.js';
import { Frame, Moment, Picture, Tile } from './tile.js';
import { enlarge } from './viewer.js';

interface FrameProps {
  readonly site: Site;
  readonly name: string;
  readonly index: number;
}

export function FramePage({ site, name, index }: FrameProps) {
  const film = site.film(name);
  const data = useFilm(film);
  if (!film) return null;
  if (index >= film.frames) {
    return (
      <>
        <AboveFilm film={name} />
        <Missing title="No such frame">
          The film has {counted(film.frames, 'frame')}; frame {index} is not one of them.
        </Missing>
      </>
    );
  }
  return (
    <article class="frame-page">
      <section class="stage">
        <AboveFilm film={name} />
        {/* There before the film is loaded, since the focus goes to it. */}
        <h1 tabIndex={-1}>
          Frame {index} <Moment film={film} index={index} />
        </h1>
        {data ? (
          <Stage site={site} name={name} index={index} data={data} />
        ) : (
          <p>{failureOf(dataPath(film.file))}</p>
        )}
      </section>
      {data && <Lanes key={`${name}/${index}`} site={site} name={name} index={index} data={data} />}
    </article>
  );
}

type LoadedProps = FrameProps & { readonly data: FilmData };

/** The picture of the frame, its place in the film, and its facts. */
function Stage({ site, name, index, data }: LoadedProps) {
  const film = site.film(name);
  const pictures = usePictures(film);
  if (!film) return null;
  const filename = nameAt(data.names, index);
  const shot = shotOf(unpackOnce(data.firsts), index);
  const toFrame = (to: number) => step({ view: 'frame', film: name, index: to });
  return (
    <>
      <LargePicture film={film} data={data} pictures={pictures} index={index} onFrame={toFrame} />
      <FilmBar site={site} name={name} data={data} index={index} onFrame={toFrame} />
      <Around site={site} name={name} index={index} frames={film.frames} />
      <p class="facts">
        <span>shot {shot}</span>{' '}
        <span class="filename">
          <Name of={filename} />
        </span>
      </p>
      <p class="facts">
        <CopyButton
          words={similar(site, name, index, [
            ...scopeWords(site),
            '--exclude-near',
            'shot',
            '-k',
            String(2 * site.home.k),
          ])}
        />
      </p>
    </>
  );
}

interface LargeProps {
  readonly film: HomeFilm;
  readonly data: FilmData;
  readonly pictures: PicturesData | undefined;
  readonly index: number;
  readonly onFrame: (index: number) => void;
}

/** The picture. A click shows it on the whole screen; a swipe goes to the frame before or after. */
function LargePicture({ film, data, pictures, index, onFrame }: LargeProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (button.current) onSwipe(button.current, (by) => stepAlong(placeOf(location.hash), by));
  }, []);
  const pictureAt = (frame: number) => (
    <Picture
      key={`${film.name}/${frame}`}
      picture={pictureOf(film, pictures, frame, 'large')}
      alt={`Frame ${frame} of ${plain(film.name)}`}
      name={nameAt(data.names, frame)}
      isEager
    />
  );
  const open = () =>
    enlarge(index, {
      count: film.frames,
      show(frame, into, caption) {
        render(pictureAt(frame), into);
        render(
          <>
            <strong>Frame {frame}</strong> <Moment film={film} index={frame} /> <Name of={film.name} />
          </>,
          caption,
        );
      },
      onMove: onFrame,
    });
  return (
    <button type="button" class="large" ref={button} onClick={open}>
      <Frame film={film} shape={pictures?.shape}>
        {pictureAt(index)}
      </Frame>
      <span class="unseen">, enlarge</span>
    </button>
  );
}

/** The frames before and after. */
function Around({ site, name, index, frames }: FrameProps & { readonly frames: number }) {
  const shown = 7;
  const first = Math.max(0, Math.min(index - (shown >> 1), frames - shown));
  const around = Array.from({ length: Math.min(shown, frames) }, (_, i) => first + i);
  return (
    <nav class="around" aria-label="Frames before and after">
      {around.map((frame) => (
        <Tile
          key={frame}
          site={site}
          film={name}
          index={frame}
          name={String(frame)}
          isCurrent={frame === index}
        />
      ))}
    </nav>
  );
}
