/**
 * Shows one picture on the whole screen; arrows and swipes go to the next. Used by sites and by the pages of answers.
 */
import { arrowOf, onSwipe } from './gestures.js';

/** The pictures to show, numbered from 0. */
interface Views {
  readonly count: number;
  /** Puts a picture and its caption into these elements. */
  show(place: number, picture: HTMLElement, caption: HTMLElement): void;
  /** Called with each picture that is shown after the first. */
  onMove?(place: number): void;
  /** Called with the last picture, after the focus is back where it was before. */
  onClose?(place: number): void;
}

/** Shows a picture until Esc, or a click on it or on the button. Meanwhile nothing else on the page can be used. */
export function enlarge(start: number, { count, show, onMove, onClose }: Views): void {
  const dialog = document.createElement('dialog');
  dialog.className = 'viewer';
  dialog.tabIndex = -1;
  dialog.ariaLabel = 'Enlarged picture';
  let place = start;
  const picture = makeElement('div', 'enlarged');
  const caption = makeElement('div', 'said-of');
  caption.ariaLive = 'polite';
  const turns = makeElement('div', 'turns');
  const previous = button('Picture before', '‹', () => move(-1));
  const next = button('Picture after', '›', () => move(1));
  turns.append(
    previous,
    next,
    button('Close', '×', () => dialog.close()),
  );
  const below = makeElement('div', 'bar-below');
  below.append(caption, turns);
  dialog.append(picture, below);

  function draw(): void {
    show(place, picture, caption);
    previous.ariaDisabled = place === 0 ? 'true' : null;
    next.ariaDisabled = place === count - 1 ? 'true' : null;
  }
  function move(by: number): void {
    if (place + by < 0 || place + by >= count) return;
    place += by;
    draw();
    onMove?.(place);
  }

  picture.addEventListener('click', () => dialog.close());
  dialog.addEventListener('keydown', (event) => {
    // The page behind must not get the key too.
    event.stopPropagation();
    const arrow = arrowOf(event);
    if (!arrow) return;
    event.preventDefault();
    move(arrow[0] + arrow[1]);
  });
  onSwipe(picture, move);
  dialog.addEventListener('close', () => {
    dialog.remove();
    onClose?.(place);
  });
  document.body.append(dialog);
  draw();
  dialog.showModal();
  dialog.focus();
}

function makeElement(name: 'div', className: string): HTMLElement {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

function button(label: string, sign: string, onClick: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.ariaLabel = label;
  element.title = label;
  element.textContent = sign;
  element.addEventListener('click', onClick);
  return element;
}
