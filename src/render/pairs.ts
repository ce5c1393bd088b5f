/** The view of `giallo pairs`. */
import type { PairsReport } from '../reports/pairs.js';
import { counted, scoreColumn } from './tabular.js';
import { captioned, resultLine, type View } from './view.js';

export function pairsView(report: PairsReport): View {
  const { pairs } = report;
  return {
    report,
    records: pairs,
    names: { rows: pairs.flatMap(({ a, b }) => [a, b]), isAcrossFilms: true },
    tiles: () =>
      pairs.flatMap(({ rank, score, a, b }) =>
        [a, b].map((frame) => captioned(frame, resultLine({ rank, score, index: frame.index }))),
      ),
    tilesTogether: 2,
    table: {
      caption: [],
      columns: [
        { key: 'rank', align: 'right', isDispensable: true },
        scoreColumn('cosine'),
        { key: 'film', cuttable: true },
        { key: 'index', align: 'right' },
        { key: 'filename', isHidden: true },
        { key: 'shot', align: 'right', isDispensable: true },
        { key: 'other_film', cuttable: true },
        { key: 'other_index', align: 'right' },
        { key: 'other_filename', isHidden: true },
        { key: 'other_shot', align: 'right', isDispensable: true },
      ],
      rows: pairs.map(({ rank, score, a, b }) => [
        rank,
        score,
        a.film,
        a.index,
        a.filename,
        a.shot,
        b.film,
        b.index,
        b.filename,
        b.shot,
      ]),
      footer: [summaryOf(report)],
    },
  };
}

/** `100 pairs among 262 frames of 3 films`. */
export function summaryOf({ pairs, searched }: PairsReport): string {
  const found = pairs.length === 0 ? 'no pair' : counted(pairs.length, 'pair');
  return `${found} among ${counted(searched.frames, 'frame')} of ${counted(searched.films, 'film')}`;
}
