/**
 * What a page does beyond being read: a click on a picture copies the command that asks about it, arrow keys go from
 * picture to picture. Everything it needs stands in the page's attributes; without it the page reads as well.
 */
export const script = `
document.documentElement.classList.add('js');
const said = document.querySelector('.said');
let clearing;

for (const button of document.querySelectorAll('[data-command]')) button.disabled = false;

/** In a table of values: the one whose matches are open. */
function markOpen() {
  for (const link of document.querySelectorAll('.heat a')) {
    if (link.hash === location.hash) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
}
addEventListener('hashchange', markOpen);
markOpen();

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-command]');
  if (!button) return;
  const command = button.dataset.command;
  const isCopied = await copy(command);
  clearTimeout(clearing);
  said.textContent = (isCopied ? 'Copied: ' : 'Copy this: ') + command;
  clearing = setTimeout(() => { said.textContent = ''; }, isCopied ? 4000 : 15000);
});

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    const focused = document.activeElement;
    area.value = text;
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    focused?.focus();
    return isCopied;
  }
}

const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };

document.addEventListener('keydown', (event) => {
  const step = steps[event.key];
  const from = event.target.closest?.('[data-command]');
  if (!step || !from || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const all = [...document.querySelectorAll('[data-command]')].filter((button) => button.checkVisibility());
  const isVertical = event.key === 'ArrowUp' || event.key === 'ArrowDown';
  const to = isVertical ? nextRow(all, from, step) : all[all.indexOf(from) + step];
  if (!to) return;
  event.preventDefault();
  to.focus();
});

/** The nearest picture of the next row up or down: rows differ in their tops. */
function nextRow(all, from, step) {
  const { top, left } = from.getBoundingClientRect();
  const beyond = all
    .map((button) => ({ button, box: button.getBoundingClientRect() }))
    .filter(({ box }) => (box.top - top) * step > 4);
  const distance = ({ box }) => Math.abs(box.top - top) * 1e4 + Math.abs(box.left - left);
  return beyond.sort((a, b) => distance(a) - distance(b))[0]?.button;
}
`;
