/** The page of a film: its shots as a contact sheet along its running time. */
import { useMemo } from 'preact/hooks';
import { counted } from '../../render/tabular.js';
import { colourBarcode } from '../barcode.js';
import { dataPath, type FilmData, nameAt, shotOf } from '../site-data.js';
import { commandWords, typed } from './commands.js';
import { go } from './history.js';
import { CopyButton, clock, Name, plain, useNearness } from './parts.js';
import { addressOf, failureOf, type Site, unpackOnce, useFilm, usePictures, useTimes } from './site.js';
import { Barcode, Tile } from './tile.js';

export function Film({ site, name }: { readonly site: Site; readonly name: string }) {
  const film = site.film(name);
  const data = useFilm(film);
  if (!film) return null;
  const facts = [
    film.seconds === undefined ? '' : clock(film.seconds),
    counted(film.frames, 'frame'),
    {
      cuts: counted(film.shots, 'shot'),
      continuous: film.frames < 2 ? counted(film.shots, 'shot') : 'one shot: no cut stands out',
      stills: 'stills: no two frames go together',
    }[film.kind],
  ];
  return (
    <>
      <header class="top">
        <h1 tabIndex={-1}>
          <Name of={name} />
        </h1>
        <p class="facts">
          {facts.filter(Boolean).map((fact) => (
            <>
              <span>{fact}</span>{' '}
            </>
          ))}
          {site.home.films.length > 1 && (
            <a href={addressOf({ view: 'map', film: name })}>Compare with other films</a>
          )}
          {film.shots > 1 && <a href={addressOf({ view: 'alike', film: name })}>Shots most alike</a>}
          <CopyButton words={commandWords('shots', [typed(site, name)], site.home.options)} />
        </p>
      </header>
      {!data && <p>{failureOf(dataPath(film.file))}</p>}
      {data && (
        <>
          <FilmBar
            site={site}
            name={name}
            data={data}
            onFrame={(index) => go({ view: 'frame', film: name, index })}
          />
          {film.frames === 0 ? <p>The film has no frames.</p> : <Sheet site={site} data={data} />}
        </>
      )}
    </>
  );
}

interface BarProps {
  readonly site: Site;
  readonly name: string;
  readonly data: FilmData;
  /** The frame that is marked. */
  readonly index?: number;
  readonly onFrame: (index: number) => void;
}

/** The most places of a barcode: more than the pixels of a screen, and fewer than a canvas can have. */
const mostPlaces = 8000;

/** The whole film as a barcode, which marks the current frame. A click or a drag goes to another frame. */
export function FilmBar({ site, name, data, index, onFrame }: BarProps) {
  const film = site.film(name);
  const pictures = usePictures(film);
  const frames = data.names.middles.length;
  const places = useMemo(
    () => (pictures && colourBarcode(pictures, mostPlaces)) ?? (film ? unpackOnce(film.barcode) : []),
    [pictures, film],
  );
  if (!film || frames === 0) return null;
  return (
    <div class="bar">
      <Barcode places={places} />
      <input
        type="range"
        class={index === undefined ? 'unset' : ''}
        min={0}
        max={frames - 1}
        value={index ?? 0}
        aria-label={`Frame of ${plain(name)}`}
        onInput={({ currentTarget: { value } }) => onFrame(Number(value))}
      />
    </div>
  );
}

/** How many shots are drawn at a time, so that a film of stills opens as fast as others. */
const chunkLength = 48;

function Sheet({ site, data }: { readonly site: Site; readonly data: FilmData }) {
  const representatives = unpackOnce(data.representatives);
  const chunks = Math.ceil(representatives.length / chunkLength);
  return (
    <div class="sheets">
      {Array.from({ length: chunks }, (_, chunk) => (
        <Chunk key={chunk} site={site} data={data} from={chunk * chunkLength} isOpen={chunk === 0} />
      ))}
    </div>
  );
}

interface ChunkProps {
  readonly site: Site;
  readonly data: FilmData;
  readonly from: number;
  readonly isOpen: boolean;
}

/** Some shots, drawn when they are scrolled near. */
function Chunk({ site, data, from, isOpen }: ChunkProps) {
  const { element, isNear: isDrawn } = useNearness<HTMLElement>(`from ${from}`, isOpen);
  const seconds = useTimes(site.film(data.film))?.seconds;
  const representatives = unpackOnce(data.representatives);
  const firsts = unpackOnce(data.firsts);
  const frames = data.names.middles.length;
  const shots = [...representatives.subarray(from, from + chunkLength)];
  const last = firsts[from + chunkLength] ?? frames;
  const time = seconds ? `from ${clock(seconds[firsts[from]])}` : `frames ${firsts[from]}–${last - 1}`;
  return (
    <section ref={element} class={isDrawn ? 'chunk' : 'chunk waiting'}>
      {representatives.length > chunkLength && <h2 class="soft">{time}</h2>}
      {isDrawn && (
        <ol class="sheet">
          {shots.map((index) => {
            const shot = shotOf(firsts, index);
            return (
              <li key={index}>
                <Tile site={site} film={data.film} index={index} name={nameAt(data.names, index)}>
                  <span>Shot {shot}</span>
                  <span class="soft">{counted((firsts[shot + 1] ?? frames) - firsts[shot], 'frame')}</span>
                </Tile>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
