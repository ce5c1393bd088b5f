/** Goes from page to page and back: addresses, titles, and the state in which a page was left. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { escapeForTerminal as plain } from '../../escape.js';
import { addressOf, type Place, placeOf } from './site.js';

/**
 * A visit to a page: how far it was scrolled when it was left, the link that had the focus, and the state of its parts.
 */
interface Visit {
  readonly id: number;
  scroll: number;
  href: string | null;
  readonly kept: Map<string, unknown>;
}

/** The visits by id, which their entries in the browser's history contain; and the latest visit to each address. */
const visits = new Map<unknown, Visit>();
const latest = new Map<string, Visit>();
/** The visit to the page that is shown, and its address. */
let current = newVisit();
let address: string | undefined;
/** The visit to go back to, after Esc. */
let above: Visit | undefined;
let isStepping = false;

const here = () => addressOf(placeOf(location.hash));

function newVisit(): Visit {
  return { id: Math.random(), scroll: 0, href: null, kept: new Map() };
}

/**
 * Called at a new address. After a link the entry has no id: this is a new visit, unless the page is shown already.
 * After back and forward the entry has one.
 */
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
  // The browser drops the id if the link leads to the page that is shown.
  mark();
}

/** State of a page that is kept for the way back to it. `name` identifies the state within its page. */
export function useKept<T>(name: string, initial: T): readonly [value: T, keep: (value: T) => void] {
  const [{ kept, key }] = useState(() => ({ kept: current.kept, key: `${here()} ${name}` }));
  const [value, setValue] = useState(kept.has(key) ? (kept.get(key) as T) : initial);
  const keep = (next: T) => {
    kept.set(key, next);
    setValue(() => next);
  };
  return [value, keep];
}

/** Goes to another page; this one stays in the history. */
export function go(place: Place): void {
  leave();
  location.hash = addressOf(place);
}

/**
 * Goes to the page above, in the state in which it was left. If it was not left by a link, the focus goes to the link
 * that leads here.
 */
export function goUp(place: Place): void {
  const target = addressOf(place);
  leave();
  above = latest.get(target) ?? newVisit();
  above.href ??= here();
  location.hash = target;
}

/** Goes to the next frame of the film. It replaces this one in the history, so that the way back stays short. */
export function step(place: Place): void {
  isStepping = true;
  history.replaceState(current.id, '', addressOf(place));
  dispatchEvent(new HashChangeEvent('hashchange'));
}

/**
 * The place that the address names. When the address changes, it sets the title (`homeTitle` on the first page), the
 * focus and the scrolling.
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

/** Remembers the state in which a page is left by a link. Browsers remember only how far it was scrolled. */
export function followLinks(): void {
  history.scrollRestoration = 'manual';
  arrive();
  addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('a[href^="#"]')) leave();
  });
}
