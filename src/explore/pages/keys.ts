/** The keys: arrows go from picture to picture, Space unfolds a shot, Esc goes up, and `/` goes to the search. */
import { type Arrow, arrowOf, nextPicture } from './hands.js';
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

/** False where the keys have nothing to do, and the browser may scroll. */
function followArrow(arrow: Arrow): boolean {
  // A slider follows its keys itself.
  if (document.activeElement?.matches('input[type=range]')) return false;
  return moveFocus(arrow) || stepAlong(placeOf(location.hash), arrow[0]);
}

function focusOn(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  element?.focus();
  return element !== null;
}

/** Unfolds the shot of the picture that has the focus, or folds it; false where it is not one of several. */
function fold(): boolean {
  const picture = document.activeElement?.closest('[data-tile]');
  const button = picture?.closest('li')?.querySelector<HTMLElement>('.fold');
  button?.click();
  return button != null;
}

/** In a frame's page: to the frame before or after, where no lane has the focus. */
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

/** Moves the focus among the pictures, from none to the first; false where there is nothing to move to. */
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
