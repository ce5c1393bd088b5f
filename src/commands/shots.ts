/** `giallo shots`: the command and its view. */
import { filmsByName } from '../collection/named-films.js';
import { resolveFilm } from '../collection/resolve-film.js';
import { counted, fourDigits, tableOf } from '../render/tabular.js';
import { captioned, spanOf, type View } from '../render/view.js';
import type { ShotsReport } from '../reports/shots.js';
import { defineCommand } from './command.js';
import { optionSets } from './options/taken-options.js';

export const shotsCommand = defineCommand({
  name: 'shots',
  description:
    'Lists the shots of a film: runs of consecutive frames without a cut. giallo computes the threshold for a cut from the film itself. If consecutive frames are no more alike than any two frames, the film consists of stills, and each frame is a shot.',
  arguments: [{ flags: '<film>', help: 'a name, a part of one, or a path' }],
  options: ['shotThreshold', ...optionSets.frames],
  examples: [
    ['giallo shots Sintel', 'first and last frame of each shot, and the frame that represents it'],
    ['giallo shots Sintel --names', 'one picture for each shot'],
    ['giallo shots Sintel --shot-threshold 0.9', 'more cuts'],
  ],
  async run({ session, words, flags }) {
    const [word] = words as [string];
    const collection = await session.open({ films: [word] });
    const film = resolveFilm(collection, word);
    const { shots } = await import('../reports/shots.js');
    const report = await shots(film, flags.shotThreshold, session.context);
    return {
      view: shotsView(report),
      seen: {
        collection,
        films: filmsByName(collection, [film]),
        page: async () =>
          (await import('../render/html/answer-pages.js')).shotsPage(report, explainShots(report)),
        next: { isSameQuestion: false, scope: [] },
      },
    };
  },
});

function shotsView(report: ShotsReport): View {
  const { film, frames, shots } = report;
  return {
    report,
    records: shots,
    names: { rows: shots.map(({ filename }) => ({ film, filename })), isAcrossFilms: false },
    tiles: () =>
      shots.map(({ shot, first, last, filename }) =>
        captioned({ film, filename }, `shot ${shot}  ${spanOf({ first, last })}`),
      ),
    table: tableOf(
      shots,
      [
        { key: 'shot', align: 'right' },
        { key: 'first', align: 'right' },
        { key: 'last', align: 'right' },
        { key: 'frames', align: 'right', isDispensable: true },
        { key: 'representative', align: 'right' },
        { key: 'filename', cuttable: 'start', isDispensable: true },
      ],
      {
        caption: [
          `${film}  ${counted(frames, 'frame')} in ${counted(shots.length, 'shot')}: ${explainShots(report)}`,
        ],
      },
    ),
  };
}

/** How the shots were found. */
function explainShots({ kind, threshold, peaks }: ShotsReport): string {
  if (kind === 'stills') return 'a film of stills, each frame is a shot';
  if (threshold === null) return 'no cut stands out';
  const more = peaks === 0 ? '' : `, and ${peaks} more where the change stands out from those around it`;
  return `cuts where consecutive frames have a cosine below ${fourDigits(threshold)}${more}`;
}
