/** Every kind of page with the same name for everything: films, filenames, the command, notes. */
import { builtPages } from '../../../src/explore/site-files.js';
import {
  duplicatesPage,
  pairsPage,
  searchPage,
  shotsPage,
  similarPage,
} from '../../../src/render/html/answer-pages.js';
import { comparePage } from '../../../src/render/html/compare-page.js';
import { type AnswerPage, type PageContext, pageText } from '../../../src/render/html/page.js';

export const hostileNames = {
  markup: '</title></style></script><img src=x onerror=alert(1)><b>',
  quotes: `" onmouseover="alert(1)" x='\`><svg onload=alert(2)>`,
  'an entity': '&lt;script&gt;alert(1)&lt;/script&gt;&amp;',
  'a comment': '<!-- --> ]]> <![CDATA[ <!doctype html>',
  'right-to-left marks': 'a\u202egpj.\u2066exe\u2069',
  'control characters': 'a\u0000b\u001b[31m\nc\u0085',
  'a template of ours': `\${alert(1)} {{name}} %s </bdi>`,
} as const;

const searched = { films: 2, frames: 20, zero: 0, nonFinite: 0 };
const assets = await builtPages('answer');
const dot = { address: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=', width: 16, height: 9 };

type Make = (name: string) => AnswerPage;

const makers = {
  similar: (name) => {
    const frame = { film: name, index: 1, filename: name };
    const result = { ...frame, rank: 1, score: 0.5 };
    return similarPage(
      {
        v: 1,
        metric: 'cosine',
        k: 1,
        query: [frame],
        searched,
        skipped: skipped(name),
        results: [result],
      },
      name,
    );
  },
  search: (name) => {
    const result = { film: name, index: 1, filename: name, rank: 1, score: 0.5 };
    return searchPage(
      {
        v: 1,
        metric: 'dot',
        k: 1,
        searched,
        skipped: skipped(name),
        answers: [{ query: 0, results: [result] }],
      },
      name,
    );
  },
  pairs: (name) => {
    const frame = { film: name, index: 1, filename: name, shot: 0 };
    return pairsPage(
      {
        v: 1,
        k: 1,
        searched,
        skipped: skipped(name),
        pairs: [{ rank: 1, score: 1, a: frame, b: frame }],
      },
      name,
    );
  },
  duplicates: (name) => {
    const runs = [{ film: name, first: 1, last: 2, filename: name }];
    const group = { group: 1, frames: 2, films: 1, weakest: 1, runs };
    return duplicatesPage({ v: 1, minScore: 0.98, searched, skipped: skipped(name), groups: [group] }, name);
  },
  compare: (name) => {
    const witness = { score: 1, shot: 0, index: 1, filename: name, otherIndex: 2, otherFilename: name };
    const comparison = { film: name, other: `${name} 2`, value: 0.5, witnesses: [witness] };
    const films = [name, `${name} 2`];
    return comparePage({ v: 1, films, searched, skipped: skipped(name), comparisons: [comparison] });
  },
  shots: (name) => {
    const shot = { shot: 0, first: 0, last: 1, frames: 2, representative: 1, filename: name };
    const kind = 'cuts' as const;
    return shotsPage(
      {
        v: 1,
        film: name,
        path: name,
        frames: 2,
        kind,
        threshold: 0.5,
        peaks: 0,
        shots: [shot],
      },
      name,
    );
  },
} satisfies Record<string, Make>;

function skipped(name: string) {
  return [{ film: name, path: name, code: 'not-an-archive' as const, message: name }];
}

function contextOf(name: string): PageContext {
  return {
    pictureOf: () => dot,
    shape: 16 / 9,
    lengths: new Map([[name, 20]]),
    timeOf: () => ({ moment: '0:00:01.0', address: 'film%22%3E.mp4#t=1' }),
    shotOf: () => 3,
    commandFor: ({ film, index }) => `giallo similar ${film} ${index}`,
    command: `giallo similar ${name}`,
    notes: [name],
    coloursOf: () => ['#123456', ''],
    assets,
  };
}

/** The text of each kind of page, with `name` for every name. */
export const hostilePages = Object.fromEntries(
  Object.entries(makers).map(([kind, make]) => [
    kind,
    (name: string) => pageText(make(name).content(contextOf(name)), contextOf(name)),
  ]),
) as Readonly<Record<keyof typeof makers, (name: string) => string>>;
