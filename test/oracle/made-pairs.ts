/** What generated questions about pairs of frames share: the films, and a picture that is left out. */
import * as fc from 'fast-check';
import type { Collection } from '../../src/collection/collection.js';
import { type FilmPairsRequest, filmsToPair } from '../../src/reports/film-pairs.js';
import type { MadeFilm } from './made-films.js';
import { madeThreshold } from './made-filters.js';
import { firstPicture, framesOf, inOrder, isPicture, type NaiveFrame, shotsBelow } from './naive.js';

export interface MadePairs {
  /** Whether only pairs of the first film with all others are wanted. */
  readonly isOneAsked?: boolean;
  readonly isPictureLeftOut?: boolean;
  readonly shotThreshold: number;
}

export const madePairs = {
  isOneAsked: fc.boolean(),
  isPictureLeftOut: fc.boolean(),
  shotThreshold: madeThreshold,
};

/** Films that share a picture, and a question that leaves it out. Few generated questions test this. */
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

/** The question as the reports take it. */
export async function pairsRequest(
  collection: Collection,
  films: readonly MadeFilm[],
  { isOneAsked, isPictureLeftOut, shotThreshold }: MadePairs,
): Promise<FilmPairsRequest> {
  const asked = await filmsToPair(collection, isOneAsked ? [collection.films[0].name] : []);
  return { ...asked, without: isPictureLeftOut ? firstPicture(films) : undefined, shotThreshold };
}

/** The frames for a naive answer, in the order that breaks ties, and whether pairs of two given films count. */
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
