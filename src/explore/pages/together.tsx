/** The pages of pictures that belong together: match cuts, same pictures, and the shots of a film most alike. */
import type { ComponentChildren } from 'preact';
import { counted, fourDigits } from '../../render/tabular.js';
import type { DuplicateGroup } from '../../reports/duplicates.js';
import type { PairRow } from '../../reports/pairs.js';
import { shotsAlike } from '../shots-alike.js';
import { dataPath, type PairsData, type ReusedData } from '../site-data.js';
import { AboveFilm, Growing, ShortName, Top } from './parts.js';
import { failureOf, type Site, useBright, useData, useFilm } from './site.js';
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
        {(pair) => <MatchCut key={pair.rank} site={site} pair={pair} />}
      </Growing>
    </>
  );
}

/** A frame of a pair. */
interface OfPair {
  readonly film: string;
  readonly index: number;
}

interface PairProps<F extends OfPair> extends TogetherProps {
  readonly score: number;
  readonly rank?: number;
  readonly frames: readonly F[];
  /** The caption of a frame. */
  readonly children: (frame: F) => ComponentChildren;
}

/** Frames that are alike, side by side. */
export function Pair<F extends OfPair>({ site, score, rank, frames, children }: PairProps<F>) {
  return (
    <li class="pair">
      <span class="score">
        <strong>{fourDigits(score)}</strong> {rank !== undefined && <span class="soft">{rank}</span>}
      </span>
      <span class="side-by-side">
        {frames.map((frame) => (
          <Tile key={`${frame.film}/${frame.index}`} site={site} film={frame.film} index={frame.index}>
            {children(frame)}
          </Tile>
        ))}
      </span>
    </li>
  );
}

export function MatchCut({ site, pair: { rank, score, a, b } }: TogetherProps & { readonly pair: PairRow }) {
  return (
    <Pair site={site} rank={rank} score={score} frames={[a, b]}>
      {({ film, index }) => (
        <>
          <span class="film-of">
            <ShortName of={film} />
          </span>
          <span class="soft">frame {index}</span>
        </>
      )}
    </Pair>
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
      {data?.groups.length === 0 && <p class="soft">No picture appears twice.</p>}
      <Growing of={data?.groups ?? []} class="groups" step={12}>
        {(group) => <Group key={group.group} site={site} group={group} />}
      </Growing>
    </>
  );
}

export function Group(props: TogetherProps & { readonly group: DuplicateGroup }) {
  const { site } = props;
  const { group, frames, films, weakest, runs } = props.group;
  return (
    <li class={runs.length <= 2 ? 'group small' : 'group'}>
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
  );
}

/** The shots of a film that look most alike: sets and camera set-ups that come again. */
export function Alike({ site, name }: TogetherProps & { readonly name: string }) {
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
