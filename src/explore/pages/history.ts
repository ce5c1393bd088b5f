/** The way from page to page and back: addresses, titles, and how a page was left. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { escapeForTerminal as plain } from '../../escape.js';
import { addressOf, type Place, placeOf } from './site.js';

/** A visit of a page: how far it was scrolled when it was left, the link that had the focus, and the state of its parts. */
interface Visit {
  readonly id: number;
  scroll: number;
  href: string | null;
  readonly kept: Map<string, unknown>;
}

/** The visits, by the ids that their entries in the browser's history have; and the last one of each address. */
const visits = new Map<unknown, Visit>();
const latest = new Map<string, Visit>();
/** The visit of the page that is there, and its address. */
let current = newVisit();
let address: string | undefined;
/** The visit that Esc leads back to. */
let above: Visit | undefined;
let isStepping = false;

const here = () => addressOf(placeOf(location.hash));

function newVisit(): Visit {
  return { id: Math.random(), scroll: 0, href: null, kept: new Map() };
}

/** A link makes an entry without an id: a new visit, unless the page is there already. Back and forward find one with an id. */
function arrive(): void {
  const isThere = here() === address;
  address = here();
  current = above ?? visits.get(history.state) ?? (isThere ? current : newVisit());
  above = undefined;
  visits.set(current.id, current);
  latest.set(address, current);
  mark();
}

function mark(): void {
  history.replaceState(current.id, '');
}

function leave(): void {
  current.href = document.activeElement?.getAttribute('href') ?? null;
  current.scroll = scrollY;
  // A link to the page that it is on takes the id away.
  mark();
}

/** State of a page, which it still has on the way back to it. `name` is the state's in its page. */
export function useKept<T>(name: string, initial: T): readonly [value: T, keep: (value: T) => void] {
  const [{ kept, key }] = useState(() => ({ kept: current.kept, key: `${here()} ${name}` }));
  const [value, setValue] = useState(kept.has(key) ? (kept.get(key) as T) : initial);
  const keep = (next: T) => {
    kept.set(key, next);
    setValue(() => next);
  };
  return [value, keep];
}

/** To another page, with this one behind it. */
export function go(place: Place): void {
  leave();
  location.hash = addressOf(place);
}

/** To the page above, as it was left; where it was not left by a link, the focus goes to the one that leads back here. */
export function goUp(place: Place): void {
  const target = addressOf(place);
  leave();
  above = latest.get(target) ?? newVisit();
  above.href ??= here();
  location.hash = target;
}

/** The next frame of the film: it takes the place of this one in the history, so that the way back stays short. */
export function step(place: Place): void {
  isStepping = true;
  history.replaceState(current.id, '', addressOf(place));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/**
 * The page of the address. Sets what changes with it: the title (`homeTitle` on the first page), the focus and the
 * scrolling.
 */
export function usePlace(homeTitle: string): Place {
  const [hash, setHash] = useState(location.hash);
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    const onChange = () => {
      arrive();
      setHash(location.hash);
    };
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  useLayoutEffect(() => {
    document.title = titleOf(placeOf(hash), homeTitle);
  }, [hash, homeTitle]);
  useLayoutEffect(() => {
    const isQuiet = isFirst.current || isStepping;
    isFirst.current = false;
    isStepping = false;
    if (isQuiet) return;
    const { scroll, href } = current;
    scrollTo(0, scroll);
    const target = href === null ? undefined : linkTo(href);
    (target ?? document.querySelector<HTMLElement>('main h1'))?.focus({ preventScroll: true });
    target?.scrollIntoView({ block: 'nearest' });
  }, [hash]);
  return placeOf(hash);
}

function linkTo(href: string): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>('main a')].find(
    (link) => link.getAttribute('href') === href,
  );
}

function titleOf(place: Place, homeTitle: string): string {
  const titles = {
    films: plain(homeTitle),
    map: 'Map of films',
    cuts: 'Match cuts',
    reused: 'Same pictures',
  } as const;
  if (place.view === 'frame') return plain(`${place.film} ${place.index}`);
  if (place.view === 'alike') return plain(`${place.film}: shots most alike`);
  return place.view === 'film' ? plain(place.film) : titles[place.view];
}

/** Remembers where a page is left by a link. Browsers know no more than how far a page that is there was scrolled. */
export function followLinks(): void {
  history.scrollRestoration = 'manual';
  arrive();
  addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a[href^="#"]')) leave();
  });
}
