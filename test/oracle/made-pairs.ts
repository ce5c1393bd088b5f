/** What made questions about pairs of frames have in common: which films they are about, and a picture that is left out. */
import * as fc from 'fast-check';
import type { Collection } from '../../src/collection/collection.js';
import { type FilmPairsRequest, filmsToPair } from '../../src/reports/film-pairs.js';
import type { MadeFilm } from './made-films.js';
import { madeThreshold } from './made-filters.js';
import { firstPicture, framesOf, inOrder, isPicture, type NaiveFrame, shotsBelow } from './naive.js';

export interface MadePairs {
  /** The first film with all others. */
  readonly isOneAsked?: boolean;
  readonly isPictureLeftOut?: boolean;
  readonly shotThreshold: number;
}

export const madePairs = {
  isOneAsked: fc.boolean(),
  isPictureLeftOut: fc.boolean(),
  shotThreshold: madeThreshold,
};

/** Films that share a picture, and a question that leaves it out: few of the made ones would tell. */
export const sharedPicture: { readonly films: MadeFilm[]; readonly made: MadePairs } = {
  films: [
    {
      name: 'a',
      dim: 2,
      rows: [
        [1, 0],
        [4, 3],
      ],
    },
    {
      name: 'b',
      dim: 2,
      rows: [
        [1, 0],
        [3, 4],
      ],
    },
  ],
  made: { isPictureLeftOut: true, shotThreshold: 0.9 },
};

/** The question in the words of the reports. */
export async function pairsRequest(
  collection: Collection,
  films: readonly MadeFilm[],
  { isOneAsked, isPictureLeftOut, shotThreshold }: MadePairs,
): Promise<FilmPairsRequest> {
  const asked = await filmsToPair(collection, isOneAsked ? [collection.films[0].name] : []);
  return { ...asked, without: isPictureLeftOut ? firstPicture(films) : undefined, shotThreshold };
}

/** The frames that a naive answer looks at, in the order that breaks ties, and whether it looks at pairs of two films. */
export function naivePairs(films: readonly MadeFilm[], made: MadePairs) {
  const pictures = made.isPictureLeftOut ? firstPicture(films) : [];
  const [first] = inOrder(films);
  return {
    frames: framesOf(films, (film) => shotsBelow(film, made.shotThreshold)).filter(
      (frame: NaiveFrame) => !isPicture(frame, pictures),
    ),
    isAsked: (...pair: readonly MadeFilm[]) => !made.isOneAsked || pair.includes(first),
  };
}
