/** The keys: arrows go from picture to picture, Space unfolds a shot, Esc goes up, and `/` goes to the search. */
import { type Arrow, arrowOf, nextPicture } from './gestures.js';
import { goUp, step } from './history.js';
import { addressOf, type Place, placeAbove, placeOf } from './site.js';

function onKey(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const isTyping = document.activeElement?.matches('input[type=search]') === true;
  if (event.key === 'Escape') leaveUp();
  else if (event.key === '/' && !isTyping) {
    if (focusOn('input[type=search]')) event.preventDefault();
  } else if (event.key === ' ') {
    if (fold()) event.preventDefault();
  } else {
    const arrow = arrowOf(event);
    const isOfSearch = isTyping && event.key !== 'ArrowDown';
    if (arrow && !isOfSearch && followArrow(arrow)) event.preventDefault();
  }
}

function leaveUp(): void {
  const place = placeOf(location.hash);
  if (place.view !== 'films') goUp(placeAbove(place));
  else focusOn('main h1');
}

/** Returns false if the key does nothing here; then the browser may scroll. */
function followArrow(arrow: Arrow): boolean {
  // A slider handles its own keys.
  if (document.activeElement?.matches('input[type=range]')) return false;
  return moveFocus(arrow) || stepAlong(placeOf(location.hash), arrow[0]);
}

function focusOn(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  return element !== null;
}

/** Unfolds or folds the shot of the picture that has the focus. Returns false if there is nothing to unfold. */
function fold(): boolean {
  const picture = document.activeElement?.closest('[data-tile]');
  const button = picture?.closest('li')?.querySelector<HTMLElement>('.fold');
  button?.click();
  return button != null;
}

/** On the page of a frame: goes to the frame before or after. Returns false if there is none. */
export function stepAlong(place: Place, by: number): boolean {
  if (place.view !== 'frame' || by === 0) return false;
  const index = place.index + by;
  const target = addressOf({ ...place, index });
  const isThere = [...document.querySelectorAll('.around a')].some(
    (link) => link.getAttribute('href') === target,
  );
  if (isThere) step({ ...place, index });
  return isThere;
}

/** Moves the focus to another picture, or to the first if none has it. Returns false if there is none to move to. */
function moveFocus(arrow: Arrow): boolean {
  const [x, y] = arrow;
  const tiles = [...document.querySelectorAll<HTMLElement>('main [data-tile]')].filter(
    (tile) => !tile.closest('.around'),
  );
  const from = tiles.find((tile) => tile === document.activeElement);
  if (!from) {
    const isFrame = document.querySelector('.frame-page') !== null;
    if (tiles.length === 0 || y < 0 || x < 0 || (isFrame && x !== 0)) return false;
    tiles[0].focus();
    return true;
  }
  const target = nextPicture(tiles, from, arrow);
  if (target) target.focus();
  else if (y < 0) focusOn('main h1');
  return target !== undefined || y < 0 || x !== 0;
}

export function followKeys(): void {
  addEventListener('keydown', onKey);
}
