/** The page of the shots of a film that look most alike, side by side: sets and camera set-ups that come again. */
import { shotsAlike } from '../shots-alike.js';
import { dataPath } from '../site-data.js';
import { AboveFilm, Growing } from './parts.js';
import { failureOf, type Site, useBright, useFilm } from './site.js';
import { Pair } from './together.js';

export function Alike({ site, name }: { readonly site: Site; readonly name: string }) {
  const film = site.film(name);
  const data = useFilm(film);
  const all = data ? shotsAlike(data) : [];
  const pairs = useBright(
    site,
    all,
    ({ frames }) => frames.map((index) => ({ film: name, index })),
    all.length,
  );
  return (
    <>
      <header class="top">
        <AboveFilm film={name} />
        <h1 tabIndex={-1}>Shots most alike</h1>
        <p class="soft">
          Each shot with the one of this film that is most like it. Black pictures are left out.
        </p>
      </header>
      {!data && <p>{failureOf(dataPath(film?.file ?? ''))}</p>}
      {data && all.length === 0 && <p class="soft">No two shots of this film can be compared.</p>}
      <Growing of={pairs} class="pairs">
        {({ score, shots, frames }) => (
          <Pair
            key={frames.join()}
            site={site}
            score={score}
            frames={frames.map((index, side) => ({ film: name, index, shot: shots[side] }))}
          >
            {({ index, shot }) => (
              <span class="film-of">
                Shot {shot} <span class="soft">frame {index}</span>
              </span>
            )}
          </Pair>
        )}
      </Growing>
    </>
  );
}
