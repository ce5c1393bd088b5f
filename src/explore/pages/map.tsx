/** The map of films: how much of each film is found in each other film, and the best matches behind a value. */
import { fourDigits, mapLevels, twoDigits } from '../../render/tabular.js';
import { type MapData, scoreOf } from '../site-data.js';
import { filmsOf, searchWords, typed } from './commands.js';
import { CopyButton, Growing, Name, plain, ShortName, Top, useNearness } from './parts.js';
import { addressOf, type Site, unpackOnce, useData } from './site.js';
import { Pair } from './together.js';

interface MapProps {
  readonly site: Site;
  readonly film?: string | undefined;
  readonly other?: string | undefined;
}

export function FilmMap({ site, film, other }: MapProps) {
  const data = useData<MapData>('map.js');
  if (film === undefined) {
    return (
      <>
        <Top title="Map of films" site={site} command="compare">
          For each shot of the row’s film, the best score of one of its frames in the column’s film; a value
          is the mean of these. Choose a value to see the best matches behind it.
        </Top>
        {data && data.films.length > smallMap && <Nearest data={data} />}
        {data && <Matrix data={data} />}
      </>
    );
  }
  if (!site.film(film)) return null;
  return (
    <>
      <header class="top">
        <p class="above">
          <a href={addressOf({ view: 'map' })}>Map of films</a>
        </p>
        <h1 tabIndex={-1}>
          <a href={addressOf({ view: 'film', film })}>
            <Name of={film} />
          </a>
          {other && (
            <>
              {' in '}
              <a href={addressOf({ view: 'film', film: other })}>
                <Name of={other} />
              </a>
            </>
          )}
        </h1>
        <p class="facts">
          {other && <a href={addressOf({ view: 'map', film: other, other: film })}>The other way round</a>}
          <CopyButton
            words={searchWords(site, 'compare', [
              typed(site, film),
              ...(other ? [typed(site, other)] : filmsOf(site, film)),
            ])}
          />
        </p>
      </header>
      {data && <Matches site={site} data={data} film={film} other={other} />}
    </>
  );
}

interface Cell {
  readonly other: string;
  readonly value: number | undefined;
  readonly place: number;
}

function rowOf({ films, values }: MapData, film: string): Cell[] {
  const codes = unpackOnce(values);
  const row = films.indexOf(film);
  return films.map((other, column) => {
    const place = row * films.length + column;
    const code = codes[place];
    return { other, place, value: code === 0 || row === column ? undefined : scoreOf(code - 1) };
  });
}

/** Up to so many films, the first page shows their map, and the map has no list of the nearest films. */
export const smallMap = 12;

/**
 * The pairs of films that are nearest to each other. Of the two directions, a pair is listed in the one with the higher
 * value.
 */
function Nearest({ data }: { readonly data: MapData }) {
  const cells = data.films
    .flatMap((film) => rowOf(data, film).map((cell) => ({ film, ...cell })))
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const found = new Map<string, (typeof cells)[number]>();
  for (const cell of cells) {
    const both = [cell.film, cell.other].sort().join('\n');
    if (found.size < 6 && !found.has(both)) found.set(both, cell);
  }
  return (
    <section class="nearest">
      <h2>Nearest to each other</h2>
      <ol>
        {[...found.values()].map(({ film, other, value }) => (
          <li key={film + other}>
            <strong>{fourDigits(value ?? 0)}</strong>{' '}
            <a href={addressOf({ view: 'map', film, other })}>
              <span>
                <Name of={film} /> in <Name of={other} />
              </span>
            </a>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** How many values are drawn at a time, so that the map of hundreds of films opens in a moment. */
const valuesAtATime = 4000;

/** A table of films by films; the higher a value, the brighter its colour. */
export function Matrix({ data }: { readonly data: MapData }) {
  const { films } = data;
  const levelOf = mapLevels(films.flatMap((film) => rowOf(data, film).flatMap(({ value }) => value ?? [])));
  const isSmall = films.length > 24;
  const rowsAtATime = Math.ceil(valuesAtATime / films.length);
  return (
    <section class={isSmall ? 'heat small' : 'heat'} aria-label="Films by films">
      <table>
        <thead>
          <tr>
            <th scope="col">Film</th>
            {films.map((film, i) => (
              <th key={film} scope="col" title={plain(film)}>
                {i + 1}
                <span class="unseen"> {plain(film)}</span>
              </th>
            ))}
          </tr>
        </thead>
        {Array.from({ length: Math.ceil(films.length / rowsAtATime) }, (_, chunk) => (
          <Rows
            key={chunk}
            data={data}
            from={chunk * rowsAtATime}
            to={(chunk + 1) * rowsAtATime}
            levelOf={levelOf}
            isSmall={isSmall}
          />
        ))}
      </table>
    </section>
  );
}

interface RowsProps {
  readonly data: MapData;
  readonly from: number;
  readonly to: number;
  readonly levelOf: (value: number) => number;
  readonly isSmall: boolean;
}

/** Some rows of the table, whose values are drawn when they are scrolled near. */
function Rows({ data, from, to, levelOf, isSmall }: RowsProps) {
  const { element, isNear } = useNearness<HTMLTableSectionElement>(`rows from ${from}`, from === 0);
  return (
    <tbody ref={element}>
      {data.films.slice(from, to).map((film, i) => (
        <tr key={film}>
          <th scope="row">
            <span class="soft">{from + i + 1}</span>{' '}
            <a href={addressOf({ view: 'map', film })}>
              {isSmall ? <ShortName of={film} /> : <Name of={film} />}
            </a>
          </th>
          {!isNear && <td colSpan={data.films.length} />}
          {isNear &&
            rowOf(data, film).map(({ other, value }) => (
              <td key={other} class={value === undefined ? 'same' : `h${levelOf(value)}`}>
                {value === undefined ? (
                  <span class="unseen">nothing to compare</span>
                ) : (
                  <Value film={film} other={other} value={value} isSmall={isSmall} />
                )}
              </td>
            ))}
        </tr>
      ))}
    </tbody>
  );
}

interface ValueProps {
  readonly film: string;
  readonly other: string;
  readonly value: number;
  /** Whether there is room only for the colour. Such values are so many that Tab passes them over. */
  readonly isSmall: boolean;
}

function Value({ film, other, value, isSmall }: ValueProps) {
  const label = `${plain(film)} in ${plain(other)}: ${twoDigits(value)}`;
  return (
    <a
      href={addressOf({ view: 'map', film, other })}
      aria-label={label}
      title={isSmall ? label : undefined}
      tabIndex={isSmall ? -1 : 0}
    >
      {isSmall ? '' : twoDigits(value)}
    </a>
  );
}

interface MatchesProps {
  readonly site: Site;
  readonly data: MapData;
  readonly film: string;
  readonly other: string | undefined;
}

/** The best matches of a film in one other film, or in all others, the highest value first. */
function Matches({ site, data, film, other }: MatchesProps) {
  const cells = rowOf(data, film).filter(
    (cell) => cell.value !== undefined && (!other || cell.other === other),
  );
  cells.sort((a, b) => (b.value ?? -2) - (a.value ?? -2));
  if (cells.length === 0) return <p class="soft">There is nothing to compare.</p>;
  return (
    <Growing of={cells} class="groups" step={20}>
      {(cell) => (
        <li key={cell.other} class="group">
          <h2>
            {!other && (
              <a href={addressOf({ view: 'map', film, other: cell.other })}>
                <Name of={cell.other} />
              </a>
            )}{' '}
            <span class="soft">
              {fourDigits(cell.value ?? 0)} on average; the best matches, each of another shot
            </span>
          </h2>
          <ol class="pairs">
            {witnessesOf(data, cell.place).map(({ score, index, otherIndex }) => (
              <Pair
                key={index}
                site={site}
                score={score}
                frames={[
                  { film, index },
                  { film: cell.other, index: otherIndex },
                ]}
              >
                {({ index }) => <span class="soft">frame {index}</span>}
              </Pair>
            ))}
          </ol>
        </li>
      )}
    </Growing>
  );
}

function witnessesOf(data: MapData, place: number) {
  const counts = unpackOnce(data.counts);
  let start = 0;
  for (let cell = 0; cell < place; cell++) start += counts[cell];
  const [indices, others, scores] = [data.indices, data.otherIndices, data.scores].map(unpackOnce);
  return Array.from({ length: counts[place] }, (_, i) => ({
    score: scoreOf(scores[start + i]),
    index: indices[start + i],
    otherIndex: others[start + i],
  }));
}
