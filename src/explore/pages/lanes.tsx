/** The nearest frames of a frame in three lanes. */
import { useState } from 'preact/hooks';
import { type FilmData, type Lane, repeatFlag, samePicture, scoreOf } from '../site-data.js';
import { scopeWords, similar } from './commands.js';
import { CopyButton, fourDigits, ShortName } from './parts.js';
import { type Site, unpackOnce } from './site.js';
import { Tile } from './tile.js';

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

interface LanesProps {
  readonly site: Site;
  readonly name: string;
  readonly index: number;
  readonly data: FilmData;
}

export function Lanes({ site, name, index, data }: LanesProps) {
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
