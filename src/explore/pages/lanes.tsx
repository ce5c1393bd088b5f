/** The nearest frames of a frame in three lanes. A shot is shown as its closest frame, and unfolds to its others. */
import { samePictureScore } from '../../ranking/metric.js';
import { fourDigits } from '../../render/tabular.js';
import { type FilmData, type Lane, repeatFlag, scoreOf, unusableFrames } from '../site-data.js';
import { scopeWords, similar } from './commands.js';
import { useKept } from './history.js';
import { CopyButton, ShortName } from './parts.js';
import { addressOf, type Site, unpackOnce } from './site.js';
import { Tile } from './tile.js';

/** A frame that was found. */
interface Found {
  readonly film: string;
  readonly index: number;
  readonly score: number;
}

/** The frames of one shot that were found, the closest first. */
type Shot = readonly Found[];

function neighboursOf(lane: Lane, index: number, filmOf: (ordinal: number) => string) {
  const counts = unpackOnce(lane.counts);
  let start = 0;
  for (let frame = 0; frame < index; frame++) start += counts[frame];
  const [indices, scores] = [unpackOnce(lane.indices), unpackOnce(lane.scores)];
  const films = lane.films === '' ? undefined : unpackOnce(lane.films);
  const shotsOf = (from: number, to: number): Shot[] => {
    const shots: Found[][] = [];
    for (let i = from; i < to; i++) {
      const found = { film: filmOf(films?.[i] ?? 0), index: indices[i], score: scoreOf(scores[i]) };
      if (scores[i] >= repeatFlag) shots.at(-1)?.push(found);
      else shots.push([found]);
    }
    return shots;
  };
  const same = start + unpackOnce(lane.same)[index];
  return { same: shotsOf(start, same), rest: shotsOf(same, start + counts[index]) };
}

interface LanesProps {
  readonly site: Site;
  readonly name: string;
  readonly index: number;
  readonly data: FilmData;
}

/** Why a frame has no neighbours. */
const reasons = {
  zero: 'the vector of this frame is all zero, and has no direction to compare',
  'non-finite': 'the vector of this frame has NaN or Inf, and cannot be compared',
} as const;

export function Lanes({ site, name, index, data }: LanesProps) {
  const note = unusableFrames[(data.notes ? unpackOnce(data.notes)[index] : 0) - 1];
  if (note) return <p class="soft">Nothing is near: {reasons[note]}.</p>;
  const own = neighboursOf(data.own, index, () => name);
  const others = neighboursOf(data.others, index, (ordinal) => data.films[ordinal]);
  const same = [...own.same, ...others.same].sort(([a], [b]) => b.score - a.score);
  const k = ['-k', String(site.home.k)];
  const lane = (title: string, shots: readonly Shot[], words: readonly string[], none: string) => (
    <LaneSection
      site={site}
      title={title}
      shots={shots}
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
        noneOf(own.same, 'No other shot of this film has a frame to show.'),
      )}
      {site.home.films.length > 1 &&
        lane(
          'In other films',
          others.rest,
          [...scopeWords(site, name), ...k],
          noneOf(others.same, 'No other film has a frame to show.'),
        )}
      {lane(
        'The same picture',
        same,
        [
          ...scopeWords(site),
          '--exclude-near',
          'shot',
          '--min-score',
          String(samePictureScore),
          '-k',
          String(2 * site.home.k),
        ],
        `No frame of another shot has a score of ${samePictureScore} or more.`,
      )}
    </div>
  );
}

/** Why a lane is empty: nothing was found, or everything that was found is the same picture. */
const noneOf = (same: readonly Shot[], none: string) =>
  same.length === 0 ? none : 'All that was found is the same picture: see below.';

interface LaneProps {
  readonly site: Site;
  readonly title: string;
  readonly shots: readonly Shot[];
  /** The film of the frame that was asked about. */
  readonly home: string;
  readonly words: readonly string[];
  readonly none: string;
}

/** The shots of a lane, folded at first. */
function LaneSection({ site, title, shots, home, words, none }: LaneProps) {
  const [unfolded, keep] = useKept<readonly number[]>(title, []);
  const long = [...shots.keys()].filter((place) => shots[place].length > 1);
  const areOpen = long.every((place) => unfolded.includes(place));
  const toggle = (place: number) =>
    keep(unfolded.includes(place) ? unfolded.filter((other) => other !== place) : [...unfolded, place]);
  return (
    <section class={shots.every(([{ film }]) => film === home) ? 'lane' : 'lane mixed'}>
      <header>
        <h2>{title}</h2>
        {long.length > 1 && (
          <button type="button" onClick={() => keep(areOpen ? [] : long)}>
            {areOpen ? 'Fold all' : 'Unfold all'}
          </button>
        )}
        {shots.length > 0 && <CopyButton words={words} />}
      </header>
      {shots.length === 0 && <p class="soft">{none}</p>}
      <ol class="sheet">
        {shots.map((shot, place) => (
          <ShotTiles
            key={addressOf({ view: 'frame', ...shot[0] })}
            site={site}
            shot={shot}
            home={home}
            isOpen={unfolded.includes(place)}
            onFold={() => toggle(place)}
          />
        ))}
      </ol>
    </section>
  );
}

interface ShotProps extends Pick<LaneProps, 'site' | 'home'> {
  readonly shot: Shot;
  readonly isOpen: boolean;
  readonly onFold: () => void;
}

/** The closest frame of a shot, and if it is unfolded, its other frames after it. */
function ShotTiles({ site, shot, home, isOpen, onFold }: ShotProps) {
  const more = shot.length - 1;
  const state = more === 0 ? '' : isOpen ? 'unfolded' : 'folded';
  return (isOpen ? shot : shot.slice(0, 1)).map((found, place) => (
    <li key={found.index} class={place === 0 ? state : 'unfolded behind'}>
      <FoundTile site={site} found={found} home={home} />
      {place === 0 && more > 0 && (
        <button type="button" class="fold" aria-expanded={isOpen} onClick={onFold}>
          {more} more of this shot
        </button>
      )}
    </li>
  ));
}

function FoundTile({ site, found, home }: Pick<ShotProps, 'site' | 'home'> & { readonly found: Found }) {
  const { film, index, score } = found;
  return (
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
  );
}
