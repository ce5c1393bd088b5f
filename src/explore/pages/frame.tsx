/** The page of a frame: its picture, where it lies in its film, and its nearest frames in three lanes. */
import { useState } from 'preact/hooks';
import {
  dataPath,
  type FilmData,
  type Lane,
  nameAt,
  repeatFlag,
  samePicture,
  scoreOf,
} from '../site-data.js';
import { FilmBar } from './film.js';
import { step } from './history.js';
import { CopyButton, commandWords, counted, fourDigits, Name, plain, ShortName } from './parts.js';
import {
  addressOf,
  failureOf,
  pictureOf,
  type Site,
  shotOf,
  unpackOnce,
  useFilm,
  usePictures,
} from './site.js';
import { Frame, Moment, Picture, Tile } from './tile.js';

interface FrameProps {
  readonly site: Site;
  readonly name: string;
  readonly index: number;
}

export function FramePage({ site, name, index }: FrameProps) {
  const film = site.film(name);
  const data = useFilm(film);
  if (!film) return null;
  if (!data) return <p>{failureOf(dataPath(film.file))}</p>;
  if (index >= film.frames) {
    return (
      <p>
        <a href={addressOf({ view: 'film', film: name })}>
          <Name of={name} />
        </a>{' '}
        has {counted(film.frames, 'frame')}; frame {index} is not one of them.
      </p>
    );
  }
  return (
    <article class="frame-page">
      <Stage site={site} name={name} index={index} data={data} />
      <Lanes key={`${name}/${index}`} site={site} name={name} index={index} data={data} />
    </article>
  );
}

type LoadedProps = FrameProps & { readonly data: FilmData };

/** The frame itself. */
function Stage({ site, name, index, data }: LoadedProps) {
  const film = site.film(name);
  const pictures = usePictures(film);
  if (!film) return null;
  const filename = nameAt(data.names, index);
  const picture = pictureOf(film, pictures, index, 'large');
  const shot = shotOf(unpackOnce(data.firsts), index);
  return (
    <section class="stage">
      <p class="above">
        <a href={addressOf({ view: 'film', film: name })}>
          <Name of={name} />
        </a>
      </p>
      <h1 tabIndex={-1}>
        Frame {index} <Moment film={film} index={index} />
      </h1>
      <div class="large">
        <Frame film={film} shape={pictures?.shape}>
          <Picture
            key={`${name}/${index}`}
            picture={picture}
            alt={`Frame ${index} of ${plain(name)}`}
            name={filename}
            isEager
          />
        </Frame>
      </div>
      <FilmBar
        site={site}
        name={name}
        data={data}
        index={index}
        onFrame={(to) => step({ view: 'frame', film: name, index: to })}
      />
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
    </section>
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

/** What else a question says beside its frame: where to look, and how many to find. */
function similar({ home }: Site, film: string, index: number, words: readonly string[]): string[] {
  const filters =
    home.minScore === null || words.includes('--min-score') ? [] : ['--min-score', String(home.minScore)];
  return commandWords('similar', [film, String(index)], [...words, ...filters, ...home.options]);
}

/** Options that look in all films of the site, or in all but one. */
function scopeWords({ home }: Site, without?: string): string[] {
  if (home.isWhole) return [without === undefined ? '--all' : '--others'];
  return home.films.filter(({ name }) => name !== without).flatMap(({ name }) => ['--in', name]);
}

/** A frame that was found. */
interface Found {
  readonly film: string;
  readonly index: number;
  readonly score: number;
  /** A closer one of the same shot was found, too. */
  readonly isRepeat: boolean;
}

function neighboursOf(lane: Lane, index: number, filmOf: (ordinal: number) => string) {
  const counts = unpackOnce(lane.counts);
  let start = 0;
  for (let frame = 0; frame < index; frame++) start += counts[frame];
  const [indices, scores] = [unpackOnce(lane.indices), unpackOnce(lane.scores)];
  const films = lane.films === '' ? undefined : unpackOnce(lane.films);
  const all = Array.from({ length: counts[index] }, (_, i): Found => {
    const code = scores[start + i];
    return {
      film: filmOf(films?.[start + i] ?? 0),
      index: indices[start + i],
      score: scoreOf(code),
      isRepeat: code >= repeatFlag,
    };
  });
  const same = unpackOnce(lane.same)[index];
  return { same: all.slice(0, same), rest: all.slice(same) };
}

function Lanes({ site, name, index, data }: LoadedProps) {
  const own = neighboursOf(data.own, index, () => name);
  const others = neighboursOf(data.others, index, (ordinal) => data.films[ordinal]);
  const same = [...own.same, ...others.same].sort((a, b) => b.score - a.score);
  const k = ['-k', String(site.home.k)];
  const lane = (title: string, found: readonly Found[], words: readonly string[], none: string) => (
    <LaneSection
      site={site}
      title={title}
      found={found}
      home={name}
      words={similar(site, name, index, words)}
      none={none}
    />
  );
  return (
    <div class="lanes">
      {lane(
        'Elsewhere in this film',
        own.rest,
        ['--exclude-near', 'shot', ...k],
        'No other shot of this film has a frame to show.',
      )}
      {site.home.films.length > 1 &&
        lane(
          'In other films',
          others.rest,
          [...scopeWords(site, name), ...k],
          'No other film has a frame to show.',
        )}
      {lane(
        'The same picture',
        same,
        [
          ...scopeWords(site),
          '--exclude-near',
          'shot',
          '--min-score',
          String(samePicture),
          '-k',
          String(2 * site.home.k),
        ],
        `No frame of another shot has a score of ${samePicture} or more.`,
      )}
    </div>
  );
}

interface LaneProps {
  readonly site: Site;
  readonly title: string;
  readonly found: readonly Found[];
  /** The film of the frame that was asked about. */
  readonly home: string;
  readonly words: readonly string[];
  readonly none: string;
}

const fewest = 4;

/** The closest frame of each shot, and some others where those are few. */
function closestOfShots(found: readonly Found[]): readonly Found[] {
  let room = fewest - found.filter(({ isRepeat }) => !isRepeat).length;
  return found.filter(({ isRepeat }) => !isRepeat || room-- > 0);
}

/** The frames of a lane: the closest of each shot and, when asked for, the others. */
function LaneSection({ site, title, found, home, words, none }: LaneProps) {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? found : closestOfShots(found);
  const hidden = found.length - shown.length;
  return (
    <section class={found.every(({ film }) => film === home) ? 'lane' : 'lane mixed'}>
      <header>
        <h2>{title}</h2>
        {hidden > 0 && (
          <button type="button" onClick={() => setIsWhole(true)}>
            {hidden} more of the same shots
          </button>
        )}
        {found.length > 0 && <CopyButton words={words} />}
      </header>
      {found.length === 0 && <p class="soft">{none}</p>}
      <ol class="sheet">
        {shown.map(({ film, index, score }) => (
          <li key={`${film}/${index}`}>
            <Tile site={site} film={film} index={index}>
              <span class="score">
                <strong>{fourDigits(score)}</strong> <span class="soft">frame {index}</span>
              </span>
              {film !== home && (
                <span class="soft film-of">
                  <ShortName of={film} />
                </span>
              )}
            </Tile>
          </li>
        ))}
      </ol>
    </section>
  );
}
