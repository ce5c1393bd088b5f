/** The site in the browser: which page an address shows. */
import { render } from 'preact';
import type { HomeData } from '../site-data.js';
import { Film } from './film.js';
import { FramePage } from './frame.js';
import { followLinks, usePlace } from './history.js';
import { Home, homeTitle } from './home.js';
import { followKeys } from './keys.js';
import { FilmMap } from './map.js';
import { Missing, plain } from './parts.js';
import { addressOf, failureOf, type Place, type Site, siteOf, useData } from './site.js';
import { Alike, Cuts, Reused } from './together.js';

function App() {
  const home = useData<HomeData>('home.js');
  const place = usePlace(home ? homeTitle(home) : 'giallo');
  if (!home) {
    const failure = failureOf('home.js');
    return failure ? <p class="failure">{failure}: `giallo explore` has not finished here yet.</p> : null;
  }
  const site = siteOf(home);
  const kind = home.films.some(({ hasPictures }) => hasPictures) ? '' : ' pictureless';
  return (
    <>
      <Navigation place={place} site={site} />
      <main
        class={place.view + kind}
        key={addressOf(place.view === 'frame' ? { ...place, index: 0 } : place)}
      >
        <View site={site} place={place} />
      </main>
      <footer class="foot">
        <p>
          Made by giallo {home.version}.{' '}
          <span class="with-keys">
            Arrow keys go from picture to picture, Enter opens,{' '}
            {place.view === 'frame' && 'Space unfolds a shot, '}
            Esc goes up.
          </span>
        </p>
      </footer>
    </>
  );
}

function View({ site, place }: { readonly site: Site; readonly place: Place }) {
  const films = [
    ...('film' in place && place.film ? [place.film] : []),
    ...('other' in place && place.other ? [place.other] : []),
  ];
  const missing = films.find((film) => !site.film(film));
  if (missing !== undefined)
    return <Missing title="No such film">There is no film {plain(missing)} in this collection.</Missing>;
  switch (place.view) {
    case 'film':
      return <Film site={site} name={place.film} />;
    case 'frame':
      return <FramePage site={site} name={place.film} index={place.index} />;
    case 'alike':
      return <Alike site={site} name={place.film} />;
    case 'map':
      return <FilmMap site={site} film={place.film} other={place.other} />;
    case 'cuts':
      return <Cuts site={site} />;
    case 'reused':
      return <Reused site={site} />;
    default:
      return <Home site={site} />;
  }
}

function Navigation({ place, site }: { readonly place: Place; readonly site: Site }) {
  const views = [
    { view: 'films', label: 'Films' },
    ...(site.home.films.length > 1 ? [{ view: 'map', label: 'Map' } as const] : []),
    { view: 'cuts', label: 'Match cuts' },
    { view: 'reused', label: 'Same pictures' },
  ] as const;
  const current = ['film', 'frame', 'alike'].includes(place.view) ? 'films' : place.view;
  return (
    <nav class="views" aria-label="Pages">
      <span class="brand">
        <span>giallo</span>
      </span>
      {views.map(({ view, label }) => (
        <a key={view} href={addressOf({ view })} aria-current={view === current ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  );
}

followLinks();
followKeys();
const root = document.querySelector('#app');
if (root) render(<App />, root);
