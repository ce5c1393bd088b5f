/** `giallo info`. */
import { defineCommand } from './command.js';
import { optionSets } from './options/taken-options.js';

export const infoCommand = defineCommand({
  name: 'info',
  description:
    'Shows the arrays of a film’s file, and what its vectors are like: lengths, all-zero and non-finite rows, exact repeats, cosine of consecutive frames.',
  arguments: [{ flags: '<film>', help: 'a name, a part of one, or a path' }],
  options: [
    'frames',
    ...optionSets.times,
    ...optionSets.collection,
    'json',
    'ndjson',
    'csv',
    ['names', { needs: 'frames' }],
    'null',
    ...optionSets.notices,
  ],
  examples: [
    ['giallo info Sintel', 'the film with Sintel in its name'],
    ['giallo info Sintel --frames | grep 000041', 'find a frame’s index'],
    ['giallo info ./new/Opera.1987.mkv.npz --json', 'a file outside the collection'],
  ],
  async run({ session, words, flags }) {
    const [film] = words as [string];
    const [reports, { framesView, infoView }] = await Promise.all([
      import('../reports/info.js'),
      import('../render/info.js'),
    ]);
    const collection = await session.open({ films: [film] });
    const { context } = session;
    return {
      view: flags.frames
        ? framesView(await reports.frames(collection, film, context))
        : infoView(await reports.info(collection, film, context)),
      timed: { collection, typedFilms: [film] },
    };
  },
});
