/** `giallo doctor`. */
import { defineCommand } from './command.js';
import { optionSets } from './options/taken-options.js';

export const doctorCommand = defineCommand({
  name: 'doctor',
  description:
    'Says what the report of a bug needs: versions, the machine, optional packages, the terminal, and the collection and its index in numbers. It names no film, no frame and no folder, and changes nothing.',
  arguments: [],
  options: [...optionSets.collection, ...optionSets.formats, 'jobs'],
  examples: [
    ['giallo doctor', 'the collection in ./data_embeddings, and what it is read with'],
    ['giallo doctor --json', 'the same, to be sent with the report of a bug'],
  ],
  async run({ io, session: { dataFolder, cacheRoot, context }, flags }) {
    const [{ diagnose }, { doctorView }, { chalkFor }, { graphicsOf }] = await Promise.all([
      import('../reports/doctor.js'),
      import('../render/doctor.js'),
      import('../render/colour.js'),
      import('../pictures/draw.js'),
    ]);
    const { isTerminal, columns } = io.stdout;
    const colourLevel = chalkFor(isTerminal, io.env, flags.color === false).level;
    const pictures = graphicsOf({ isTerminal, env: io.env, colourLevel });
    const terminal = isTerminal ? { columns, colourLevel, pictures } : null;
    const report = await diagnose({ dataFolder, cacheRoot, env: io.env, terminal }, context);
    return { view: doctorView(report) };
  },
});
