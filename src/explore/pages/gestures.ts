/** Copying to the clipboard, arrow keys and swipes. Used by sites and by the pages of answers. */

/** Copies a text to the clipboard. Returns false if the browser does not allow it. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Pages that were opened from the disk may not use the clipboard.
    const area = document.createElement('textarea');
    const focused = document.activeElement as HTMLElement | null;
    area.value = text;
    (focused?.closest('dialog') ?? document.body).append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    focused?.focus();
    return isCopied;
  }
}

/** How many pictures to go to the right, and down. */
export type Arrow = readonly [x: number, y: number];

const arrows: Readonly<Record<string, Arrow>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The arrow key that was pressed; undefined for other keys, and for those with modifiers, which are the browser's. */
export function arrowOf({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): Arrow | undefined {
  return altKey || ctrlKey || metaKey || shiftKey ? undefined : arrows[key];
}

/** The picture that an arrow key leads to: the one before or after, or the nearest one in the row above or below. */
export function nextPicture(
  pictures: readonly HTMLElement[],
  from: HTMLElement,
  [x, y]: Arrow,
): HTMLElement | undefined {
  return x === 0 ? nextRow(pictures, from, y) : pictures[pictures.indexOf(from) + x];
}

/** The nearest picture in the next row. Pictures whose tops differ are in different rows. */
function nextRow(pictures: readonly HTMLElement[], from: HTMLElement, step: number): HTMLElement | undefined {
  const { top, left } = boxOf(from);
  const beyond = pictures
    .map((picture) => ({ picture, box: boxOf(picture) }))
    .filter(({ box }) => (box.top - top) * step > 4);
  const distance = ({ box }: { readonly box: DOMRect }) =>
    Math.abs(box.top - top) * 1e4 + Math.abs(box.left - left);
  return beyond.sort((a, b) => distance(a) - distance(b))[0]?.picture;
}

/** The box of a picture; on the page of an answer that of its frame, since pictures far away are not laid out. */
function boxOf(picture: HTMLElement): DOMRect {
  return (picture.closest('.frame') ?? picture).getBoundingClientRect();
}

/** Calls `onward` after a swipe with one finger: with 1 after a swipe to the left, and with -1 to the right. */
export function onSwipe(element: HTMLElement, onward: (by: 1 | -1) => void): void {
  let startX: number | undefined;
  element.addEventListener('touchstart', ({ touches }) => {
    startX = touches.length === 1 ? touches[0].clientX : undefined;
  });
  element.addEventListener('touchend', ({ changedTouches }) => {
    const moved = startX === undefined ? 0 : changedTouches[0].clientX - startX;
    if (Math.abs(moved) > 40) onward(moved < 0 ? 1 : -1);
  });
}
