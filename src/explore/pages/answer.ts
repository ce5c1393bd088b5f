/**
 * The script of an answer's page: a click on a picture enlarges it, a button copies the command that asks about it, and
 * arrow keys go from picture to picture. Without the script the page can still be read.
 */
import { arrowOf, copied, nextPicture } from './gestures.js';
import { enlarge } from './viewer.js';

document.documentElement.classList.add('js');
for (const button of document.querySelectorAll('button')) button.disabled = false;
addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return;
  const picture = target.closest<HTMLElement>('.picture');
  if (picture) show(picture);
  const button = target.closest<HTMLElement>('[data-command]');
  if (button) void copy(button);
});
addEventListener('keydown', (event) => {
  const arrow = arrowOf(event);
  const from = event.target instanceof Element ? event.target.closest<HTMLElement>('.picture') : null;
  const to = arrow && from && nextPicture(pictures(), from, arrow);
  if (!to) return;
  event.preventDefault();
  to.focus();
});
addEventListener('hashchange', markOpen);
markOpen();

function pictures(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('.picture')].filter((picture) =>
    picture.checkVisibility(),
  );
}

/** Enlarges a picture. At the end the focus is on the picture that was seen last. */
function show(picture: HTMLElement): void {
  const all = pictures();
  enlarge(all.indexOf(picture), {
    count: all.length,
    show(place, into, caption) {
      const shown = all[place].firstElementChild?.cloneNode(true) as HTMLElement;
      if (shown instanceof HTMLImageElement) shown.loading = 'eager';
      into.replaceChildren(shown);
      const said = all[place].closest('figure')?.querySelector('figcaption')?.cloneNode(true);
      caption.replaceChildren(...(said?.childNodes ?? []));
    },
    onClose: (place) => all[place].focus(),
  });
}

/** Copies a command, and says so beside the button. If it cannot be copied, it is shown to be copied by hand. */
async function copy(button: HTMLElement): Promise<void> {
  const isCopied = await copied(button.dataset.command ?? '');
  const status = button.nextElementSibling;
  button.closest('.copy')?.classList.toggle('refused', !isCopied);
  if (!status) return;
  status.textContent = isCopied ? 'Copied' : 'Not copied; the command is below';
  if (isCopied) setTimeout(() => status.replaceChildren(), 4000);
}

/** Marks the value of the table whose matches are shown; at first that is the best value. */
function markOpen(): void {
  const open = document.querySelector('.match:target') ?? document.querySelector('.match.first');
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.heat a')) {
    if (open && link.hash === `#${open.id}`) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}
