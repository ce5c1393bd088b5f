/** One frame on a page: its picture, which a click enlarges, its caption, and the command that asks about it. */
import type { AnswerFrame } from '../../search/answer.js';
import { fourDigits } from '../tabular.js';
import { type Html, html, nameText, type Part } from './html.js';
import { copyButton, type PageContext } from './page.js';

interface ShownFrame extends AnswerFrame {
  readonly shot?: number | undefined;
}

interface FigureOptions {
  /** The id of the figure, for links to it. */
  readonly id?: string;
  /** The first line of the caption, above film and place. */
  readonly lead?: Part;
  /** Where in the film it is; the frame and its shot by default. */
  readonly place?: Part;
  /** Whether to leave out the film's name, because the whole page is about one film. */
  readonly hasNoFilm?: boolean;
}

/** A `<figure>`: the picture, and a caption with film, place and filename. */
export function frameFigure(
  frame: ShownFrame,
  context: PageContext,
  { id, lead = '', place = placeOf(frame), hasNoFilm = false }: FigureOptions = {},
): Html {
  const { film, index, filename } = frame;
  const command = context.commandFor(frame);
  const name = hasNoFilm ? '' : html`${nameText(film)}\n`;
  return html`<figure class="frame"${id === undefined ? '' : html` id="${id}"`}>
${pictureButton(frame, context)}
<figcaption class="caption">${lead}${name}<span class="number">${place}</span>
<span class="origin">${timeLink(frame, context)}<span class="filename" title="${filename}">${nameText(withoutFilm(filename, film))}</span></span>
${copyButton(command, html`<span class="unseen"> for frame ${index} of ${film}</span>`)}
<code class="command">${command}</code></figcaption>
</figure>
`;
}

/** The moment of a frame, with a link into its video if that is known. */
function timeLink(frame: ShownFrame, context: PageContext): Part {
  const time = context.timeOf(frame);
  if (time === undefined) return '';
  const { moment, address } = time;
  if (address === null) return html`<time class="moment">${moment}</time> `;
  return html`<a class="moment" href="${address}"><span class="unseen">Play the video at </span><time>${moment}</time></a> `;
}

/** The first line of a result's caption: its score, and its rank where there is one. */
export function scoreLead(score: number, rank?: number): Html {
  const place =
    rank === undefined ? '' : html`<span class="soft"><span class="unseen">rank</span> ${rank}</span>`;
  return html`<span class="score"><strong>${fourDigits(score)}</strong>${place}</span>`;
}

/** `frame 44, shot 7`. */
function placeOf({ index, shot }: ShownFrame): string {
  return shot === undefined ? `frame ${index}` : `frame ${index}, shot ${shot}`;
}

/**
 * The filename without the film's name at its start, since the caption has that already. Numbers are not cut in two,
 * such as `000041.jpg` of the film `0`.
 */
function withoutFilm(filename: string, film: string): string {
  const rest = filename.startsWith(film) ? filename.slice(film.length) : '';
  return rest === '' || (/\d$/.test(film) && /^\d/.test(rest)) ? filename : `…${rest}`;
}

/**
 * The picture as a button. A frame without a picture shows its name instead. The button is disabled until the page's
 * script enables it.
 */
function pictureButton(frame: ShownFrame, context: PageContext): Html {
  const { film, index, filename } = frame;
  const picture = context.pictureOf(frame);
  const shown =
    typeof picture === 'string'
      ? html`<span class="missing"><strong>${reasons[picture]}</strong> ${nameText(withoutFilm(filename, film))}</span>`
      : html`<img src="${picture.address}" alt="Frame ${index} of ${film}" width="${picture.width}" height="${picture.height}" loading="lazy" decoding="async">`;
  const bare = context.shape === undefined ? ' bare' : '';
  return html`<button class="picture mat${bare}" type="button" disabled>${shown}<span class="unseen">, enlarge</span></button>`;
}

const reasons = {
  missing: 'No picture',
  unreadable: 'Unreadable picture',
  'too-large': 'Picture too large',
  'left-out': 'Picture left out',
} as const;
