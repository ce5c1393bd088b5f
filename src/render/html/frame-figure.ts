/** One frame on a page: its picture, which copies a command when it is clicked, and what is known of it. */
import { fourDigits } from '../tabular.js';
import { type Html, html, type Part } from './html.js';
import type { PageContext } from './page-context.js';

export interface ShownFrame {
  readonly film: string;
  readonly index: number;
  readonly filename: string;
  readonly shot?: number | undefined;
}

export interface FigureOptions {
  /** Target of links to the figure. */
  readonly id?: string;
  readonly rank?: number;
  readonly score?: number;
  /** Further lines of the caption. */
  readonly lines?: readonly Part[];
}

/** A `<figure>`; with its caption it says everything that the picture stands for. */
export function frameFigure(frame: ShownFrame, context: PageContext, options: FigureOptions = {}): Html {
  const { id, rank, score, lines = [] } = options;
  const scoreLine =
    score === undefined
      ? ''
      : html`<span class="score"><strong>${fourDigits(score)}</strong>${
          rank === undefined ? '' : html`<span class="soft"><span class="unseen">rank</span> ${rank}</span>`
        }</span>`;
  return html`<figure class="frame"${id === undefined ? '' : html` id="${id}"`}>
${pictureButton(frame, context)}
<figcaption class="caption">${scoreLine}<span class="film"><bdi>${frame.film}</bdi></span>
<span class="number">${placeOf(frame)}</span>${lines.map((line) => html`\n<span>${line}</span>`)}
<span class="filename"><bdi>${frame.filename}</bdi></span>
<code class="command">${context.commandFor(frame)}</code></figcaption>
</figure>
`;
}

/** `frame 44, shot 7`. */
export function placeOf({ index, shot }: ShownFrame): string {
  return shot === undefined ? `frame ${index}` : `frame ${index}, shot ${shot}`;
}

/**
 * The picture alone, as a button; a frame without a picture shows its name instead. The button is disabled until the
 * page's script enables it.
 */
export function pictureButton(frame: ShownFrame, context: PageContext): Html {
  const { film, index, filename } = frame;
  const picture = context.pictureOf(frame);
  const shown =
    typeof picture === 'string'
      ? html`<span class="missing"><strong>${reasons[picture]}</strong> <bdi>${filename}</bdi></span>`
      : html`<img src="${picture.address}" alt="Frame ${index} of ${film}" width="${picture.width}" height="${picture.height}" loading="lazy" decoding="async">`;
  return html`<button class="picture" type="button" disabled data-command="${context.commandFor(frame)}">${shown}<span class="unseen">, copy the command that asks about it</span></button>`;
}

const reasons = {
  missing: 'No picture',
  unreadable: 'Unreadable picture',
  'too-large': 'Picture too large',
} as const;
