/**
 * The first page: every film as a strip of pictures over its barcode, with a search by name; below them, the beginnings
 * of the other pages.
 */
import { counted } from '../../render/tabular.js';
import type { HomeData, HomeFilm, MapData, PairsData, ReusedData } from '../site-data.js';
import { go, useKept } from './history.js';
import { Matrix, smallMap } from './map.js';
import { clock, Name, plain, useNearness } from './parts.js';
import { addressOf, type Site, unpackOnce, useBright, useData } from './site.js';
import { Barcode, Picture } from './tile.js';
import { Group, MatchCut } from './together.js';

/** The title of the first page: the last part of the path of the collection's folder. */
export function homeTitle({ folder }: HomeData): string {
  return folder.split(/[/\\]/).filter(Boolean).at(-1) || folder || 'Films';
}

export function Home({ site }: { readonly site: Site }) {
  const [typed, setTyped] = useKept('typed', '');
  const below = useNearness<HTMLDivElement>('below');
  const { films, folder, notes } = site.home;
  const words = typed.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  const found = films.filter(({ name }) =>
    words.every((word) => name.normalize('NFC').toLowerCase().includes(word)),
  );
  const title = homeTitle(site.home);
  const frames = films.reduce((sum, film) => sum + film.frames, 0);
  const open = (event: Event) => {
    event.preventDefault();
    if (found.length > 0) go({ view: 'film', film: found[0].name });
  };
  return (
    <>
      <header class="top">
        <h1 tabIndex={-1}>
          <Name of={title} />
        </h1>
        <p class="facts">
          {title !== folder && folder && (
            <>
              <span class="filename">
                <Name of={folder} />
              </span>{' '}
            </>
          )}
          <span>{counted(films.length, 'film')}</span> <span>{counted(frames, 'frame')}</span>
        </p>
        {films.length > 3 && (
          <search>
            <form class="find" onSubmit={open}>
              <label>
                <span class="unseen">Find a film</span>
                <input
                  type="search"
                  placeholder="Find a film"
                  value={typed}
                  onInput={(event) => setTyped(event.currentTarget.value)}
                />
              </label>
            </form>
          </search>
        )}
        {notes.map((note) => (
          <p class="notes">
            Left out: <Name of={note} />
          </p>
        ))}
      </header>
      <ul class="films">
        {found.map((film) => (
          <FilmRow key={film.name} film={film} />
        ))}
      </ul>
      <p class="soft" role="status">
        {words.length > 0 && found.length === 0 && 'No film has this in its name.'}
        {words.length > 0 && found.length > 0 && <span class="unseen">{counted(found.length, 'film')}</span>}
      </p>
      <div ref={below.element}>{below.isNear && <Beginnings site={site} />}</div>
    </>
  );
}

function FilmRow({ film }: { readonly film: HomeFilm }) {
  const { name, frames, shots, seconds, strip, barcode } = film;
  return (
    <li class="film-row">
      <a class="film-name" href={addressOf({ view: 'film', film: name })} data-tile>
        <Name of={name} />
      </a>
      <p class="facts">
        {seconds !== undefined && <span>{clock(seconds)}</span>} <span>{counted(frames, 'frame')}</span>{' '}
        <span>{counted(shots, 'shot')}</span>
      </p>
      {strip.length > 0 && (
        <ol class="strip mixed">
          {strip.map(({ index, source }) => (
            <li key={index}>
              <a class="tile" href={addressOf({ view: 'frame', film: name, index })} data-tile>
                <span class="mat">
                  <Picture
                    picture={{ sources: [source], isBroken: false }}
                    alt={`Frame ${index} of ${plain(name)}`}
                    name={`frame ${index}`}
                  />
                </span>
              </a>
            </li>
          ))}
        </ol>
      )}
      <Barcode places={unpackOnce(barcode)} />
    </li>
  );
}

/**
 * What the first page shows of the other pages: the map if it is small, and the first match cuts and same pictures that
 * are not black.
 */
function Beginnings({ site }: { readonly site: Site }) {
  const films = site.home.films.length;
  const hasMap = films > 1 && films <= smallMap;
  const map = useData<MapData>(hasMap ? 'map.js' : undefined);
  const allPairs = useData<PairsData>('pairs.js')?.pairs ?? [];
  const allGroups = useData<ReusedData>('reused.js')?.groups ?? [];
  const pairs = useBright(site, allPairs, ({ a, b }) => [a, b], 4);
  const groups = useBright(site, allGroups, ({ runs: [run] }) => [{ film: run.film, index: run.first }], 3);
  return (
    <>
      {pairs.length > 0 && (
        <section class="beginning mixed">
          <h2>
            <a href={addressOf({ view: 'cuts' })}>Match cuts</a>
          </h2>
          <ol class="pairs">
            {pairs.map((pair) => (
              <MatchCut key={pair.rank} site={site} pair={pair} />
            ))}
          </ol>
        </section>
      )}
      {groups.length > 0 && (
        <section class="beginning mixed">
          <h2>
            <a href={addressOf({ view: 'reused' })}>Same pictures</a>
          </h2>
          <ol class="groups">
            {groups.map((group) => (
              <Group key={group.group} site={site} group={{ ...group, runs: group.runs.slice(0, 6) }} />
            ))}
          </ol>
        </section>
      )}
      {map && (
        <section class="beginning">
          <h2>
            <a href={addressOf({ view: 'map' })}>Map of films</a>
          </h2>
          <Matrix data={map} />
        </section>
      )}
    </>
  );
}
