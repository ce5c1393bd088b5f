/** The pages about all films together: the map of films, the match cuts, and the pictures that come again. */
import { type MapData, type PairsData, type ReusedData, scoreOf } from '../site-data.js';
import { filmsOf, searchWords } from './commands.js';
import { CopyButton, counted, fourDigits, Growing, Name, plain, ShortName } from './parts.js';
import { addressOf, type Site, unpackOnce, useData } from './site.js';
import { Tile } from './tile.js';

interface TogetherProps {
  readonly site: Site;
}

export function Cuts({ site }: TogetherProps) {
  const data = useData<PairsData>('pairs.js');
  return (
    <>
      <Top title="Match cuts" site={site} command="pairs">
        The best-matching pairs of frames, no shot in more than one of them.
      </Top>
      {data?.pairs.length === 0 && <p class="soft">There are no pairs to show.</p>}
      <Growing of={data?.pairs ?? []} class="pairs">
        {({ rank, score, a, b }) => (
          <li key={rank} class="pair">
            <span class="score">
              <strong>{fourDigits(score)}</strong> <span class="soft">{rank}</span>
            </span>
            <span class="side-by-side">
              {[a, b].map(({ film, index }) => (
                <Tile key={`${film}/${index}`} site={site} film={film} index={index}>
                  <span class="film-of">
                    <ShortName of={film} />
                  </span>
                  <span class="soft">frame {index}</span>
                </Tile>
              ))}
            </span>
          </li>
        )}
      </Growing>
    </>
  );
}

export function Reused({ site }: TogetherProps) {
  const data = useData<ReusedData>('reused.js');
  return (
    <>
      <Top title="Same pictures" site={site} command="duplicates">
        Pictures that come again in another shot or another film, each group by its runs of frames.
        {data &&
          data.allGroups > data.groups.length &&
          ` The ${data.groups.length} largest of ${data.allGroups} groups.`}
      </Top>
      {data?.groups.length === 0 && <p class="soft">No picture comes again.</p>}
      <Growing of={data?.groups ?? []} class="groups" step={12}>
        {({ group, frames, films, weakest, runs }) => (
          <li key={group} class={runs.length <= 2 ? 'group small' : 'group'}>
            <h2>
              Group {group}{' '}
              <span class="soft">
                {counted(frames, 'frame')} in {counted(films, 'film')}, weakest link {fourDigits(weakest)}
              </span>
            </h2>
            <ol class="sheet">
              {runs.map(({ film, first, last }) => (
                <li key={`${film}/${first}`}>
                  <Tile site={site} film={film} index={first}>
                    <span class="film-of">
                      <ShortName of={film} />
                    </span>
                    <span class="soft">{first === last ? `frame ${first}` : `frames ${first}–${last}`}</span>
                  </Tile>
                </li>
              ))}
            </ol>
          </li>
        )}
      </Growing>
    </>
  );
}

interface TopProps extends TogetherProps {
  readonly title: string;
  readonly command: string;
  readonly children: preact.ComponentChildren;
}

function Top({ title, site, command, children }: TopProps) {
  return (
    <header class="top">
      <h1 tabIndex={-1}>{title}</h1>
      <p class="soft">{children}</p>
      <p class="facts">
        <CopyButton words={searchWords(site, command, filmsOf(site))} />
      </p>
    </header>
  );
}

interface MapProps extends TogetherProps {
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
            words={searchWords(
              site,
              'compare',
              other ? [film, other] : [film, ...filmsOf(site).filter((one) => one !== film)],
            )}
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

/** Films by films, each value the brighter the higher it is. */
function Matrix({ data }: { readonly data: MapData }) {
  const rows = data.films.map((film) => ({ film, cells: rowOf(data, film) }));
  const values = rows.flatMap(({ cells }) => cells.flatMap(({ value }) => value ?? []));
  const lowest = values.reduce((least, value) => Math.min(least, value), 1);
  const highest = values.reduce((most, value) => Math.max(most, value), -1);
  const levelOf = (value: number) =>
    highest > lowest ? Math.round(((value - lowest) / (highest - lowest)) * 10) : 10;
  const isSmall = data.films.length > 24;
  return (
    <section class={isSmall ? 'heat small' : 'heat'} aria-label="Films by films">
      <table>
        <thead>
          <tr>
            <th scope="col">Film</th>
            {data.films.map((film, i) => (
              <th key={film} scope="col" title={plain(film)}>
                {i + 1}
                <span class="unseen"> {plain(film)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ film, cells }, i) => (
            <tr key={film}>
              <th scope="row">
                <span class="soft">{i + 1}</span>{' '}
                <a href={addressOf({ view: 'map', film })}>
                  <Name of={film} />
                </a>
              </th>
              {cells.map(({ other, value }) => (
                <td key={other} class={value === undefined ? 'same' : `h${levelOf(value)}`}>
                  {value === undefined ? (
                    <span class="unseen">nothing to compare</span>
                  ) : (
                    <a
                      href={addressOf({ view: 'map', film, other })}
                      aria-label={`${plain(film)} in ${plain(other)}: ${value.toFixed(2)}`}
                      tabIndex={isSmall ? -1 : 0}
                    >
                      {isSmall ? '' : value.toFixed(2)}
                    </a>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The best matches of a film in one other film, or in all of them, the most alike first. */
function Matches({
  site,
  data,
  film,
  other,
}: TogetherProps & { readonly data: MapData; readonly film: string; readonly other: string | undefined }) {
  const cells = rowOf(data, film).filter(
    (cell) => cell.value !== undefined && (!other || cell.other === other),
  );
  cells.sort((a, b) => (b.value ?? -2) - (a.value ?? -2));
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
              <li key={index} class="pair">
                <span class="score">
                  <strong>{fourDigits(score)}</strong>
                </span>
                <span class="side-by-side">
                  <Tile site={site} film={film} index={index}>
                    <span class="soft">frame {index}</span>
                  </Tile>
                  <Tile site={site} film={cell.other} index={otherIndex}>
                    <span class="soft">frame {otherIndex}</span>
                  </Tile>
                </span>
              </li>
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
