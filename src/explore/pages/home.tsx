/** The first page: every film as a strip of its shots over its barcode, found by typing. */
import { useState } from 'preact/hooks';
import type { HomeFilm } from '../site-data.js';
import { go } from './history.js';
import { clock, counted, Name, plain } from './parts.js';
import { addressOf, type Site } from './site.js';
import { Barcode, Picture } from './tile.js';

export function Home({ site }: { readonly site: Site }) {
  const [typed, setTyped] = useState('');
  const { films, folder, notes } = site.home;
  const words = typed.normalize('NFC').toLowerCase().split(/\s+/).filter(Boolean);
  const found = films.filter(({ name }) =>
    words.every((word) => name.normalize('NFC').toLowerCase().includes(word)),
  );
  const title = folder.split(/[/\\]/).filter(Boolean).at(-1) ?? folder;
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
          {title !== folder && (
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
      {found.length === 0 && <p class="soft">No film has this in its name.</p>}
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
      <Barcode packed={barcode} isColour={isColour(film)} />
    </li>
  );
}

/** A barcode has three numbers a place where it has colours. */
function isColour({ barcode, frames, hasPictures }: HomeFilm): boolean {
  const bytes = atob(barcode.slice(1)).length / Number(barcode[0]);
  return hasPictures && bytes === 3 * Math.min(160, frames);
}
