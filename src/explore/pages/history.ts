/** The way from page to page and back: addresses, titles, and how a page was left. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { escapeForTerminal as plain } from '../../escape.js';
import { addressOf, type Place, placeOf } from './site.js';

/** Where a page was left: how far it was scrolled, and the link that had the focus. */
interface Left {
  readonly scroll: number;
  readonly href: string | null;
}

const leftAt = new Map<string, Left>();
const kept = new Map<string, unknown>();
let isGoingForward = false;
let isStepping = false;

const here = () => addressOf(placeOf(location.hash));

function leave(): void {
  const href = document.activeElement?.getAttribute('href') ?? null;
  leftAt.set(here(), { scroll: scrollY, href });
  isGoingForward = true;
}

/** State of a page, which it still has on the way back to it. `name` is the state's in its page. */
export function useKept<T>(name: string, initial: T): readonly [value: T, keep: (value: T) => void] {
  const [key] = useState(() => `${here()} ${name}`);
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
  const [from, above] = [here(), addressOf(place)];
  leave();
  isGoingForward = false;
  const { scroll = 0, href } = leftAt.get(above) ?? {};
  leftAt.set(above, { scroll, href: href ?? from });
  location.hash = above;
}

/** The next frame of the film: it takes the place of this one in the history, so that the way back stays short. */
export function step(place: Place): void {
  isStepping = true;
  history.replaceState(null, '', addressOf(place));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/** The page of the address, and what belongs to a change of it: the title, the focus, the scrolling. */
export function usePlace(): Place {
  const [hash, setHash] = useState(location.hash);
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    const onChange = () => setHash(location.hash);
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  useLayoutEffect(() => {
    const place = placeOf(hash);
    document.title = titleOf(place);
    const isQuiet = isFirst.current || isStepping;
    isFirst.current = false;
    isStepping = false;
    if (isQuiet) return;
    const back = isGoingForward ? undefined : leftAt.get(here());
    isGoingForward = false;
    scrollTo(0, back?.scroll ?? 0);
    const target = back?.href ? linkTo(back.href) : undefined;
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

function titleOf(place: Place): string {
  const titles = {
    films: 'giallo',
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
  addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a[href^="#"]')) leave();
  });
}
