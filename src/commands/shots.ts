/** `giallo shots`. */
import { defineCommand } from './command.js';
import { optionSets } from './options/taken-options.js';

export const shotsCommand = defineCommand({
  name: 'shots',
  description:
    'Lists the shots of a film: runs of consecutive frames without a cut. The threshold for a cut is taken from the film itself. If consecutive frames of a film are no more alike than any two, it is a film of stills, and each frame is a shot.',
  arguments: [{ flags: '<film>', help: 'a name, a part of one, or a path' }],
  options: ['shotThreshold', ...optionSets.frames],
  examples: [
    ['giallo shots Sintel', 'first and last frame of each shot, and the frame that stands for it'],
    ['giallo shots Sintel --names', 'one picture a shot'],
    ['giallo shots Sintel --shot-threshold 0.9', 'more cuts'],
  ],
  async run({ session, words, flags }) {
    const [film] = words as [string];
    const collection = await session.open({ films: [film] });
    const [{ shots }, { shotsView }] = await Promise.all([
      import('../reports/shots.js'),
      import('../render/shots.js'),
    ]);
    const report = await shots(collection, film, { shotThreshold: flags.shotThreshold }, session.context);
    return {
      view: shotsView(report),
      seen: {
        collection,
        page: async () => (await import('../render/html/shots-page.js')).shotsPage(report),
        next: { isSameQuestion: false, scope: [] },
        typedFilms: [film],
      },
    };
  },
});
