/** `giallo doctor`: the command, and its view: one fact in each row, with advice if something should be done. */
import { type Cell, counted, humanBytes } from '../render/tabular.js';
import type { View } from '../render/view.js';
import type { CollectionState, DoctorReport, PackageState, TerminalState } from '../reports/doctor.js';
import { defineCommand } from './command.js';
import { optionSets } from './options/taken-options.js';

export const doctorCommand = defineCommand({
  name: 'doctor',
  description:
    'Prints what a bug report needs: versions, the machine, optional packages, the terminal, and the collection and its index in numbers. It names no film, no frame and no folder, and changes nothing.',
  arguments: [],
  options: [...optionSets.collection, ...optionSets.formats, 'jobs'],
  examples: [
    ['giallo doctor', 'this machine, and the collection in ./data_embeddings'],
    ['giallo doctor --json', 'the same, to be sent with a bug report'],
  ],
  async run({ io, session: { dataFolder, cacheRoot, context }, flags }) {
    const [{ diagnose }, { chalkFor }, { graphicsOf }] = await Promise.all([
      import('../reports/doctor.js'),
      import('../render/colour.js'),
      import('../pictures/draw.js'),
    ]);
    const { isTerminal, columns } = io.stdout;
    const colourLevel = chalkFor(io, flags).level;
    const pictures = graphicsOf({ isTerminal, env: io.env, colourLevel });
    const terminal = isTerminal ? { columns, colourLevel, pictures } : null;
    const report = await diagnose({ dataFolder, cacheRoot, env: io.env, terminal }, context);
    return { view: doctorView(report) };
  },
});

type Row = readonly [about: string, found: Cell, advice: string];

export function doctorView(report: DoctorReport): View {
  const { giallo, node, system, kernel, locale, variables, packages, terminal } = report;
  const rows: Row[] = [
    ['giallo', giallo, ''],
    ['node', node, ''],
    ['system', `${system.platform}, ${system.release}`, ''],
    ['machine', `${counted(system.threads, 'thread')}, ${humanBytes(system.memory)}`, ''],
    ['kernel', kernel, kernelAdvice(report)],
    ['locale', locale ?? 'not set', ''],
    ['variables', variables.join(', ') || 'none set', ''],
    ...packages.map(packageRow),
    ['terminal', terminal === null ? 'none: a file or a pipe' : terminalText(terminal), ''],
    ...collectionRows(report),
  ];
  return {
    report,
    records: rows.map(([about, found, advice]) => ({ about, found, advice })),
    table: {
      caption: [],
      columns: [{ key: 'about' }, { key: 'found', cuttable: true }, { key: 'advice' }],
      rows,
      footer: [],
    },
  };
}

function kernelAdvice({ kernel, variables }: DoctorReport): string {
  if (kernel === 'simd') return '';
  return variables.includes('GIALLO_KERNEL')
    ? '$GIALLO_KERNEL asks for it'
    : 'no WebAssembly SIMD here: searches take longer';
}

function packageRow({ name, version, loads }: PackageState): Row {
  const uses = name === 'sharp' ? 'small pictures' : 'Parquet';
  if (version === null) return [name, 'not installed', `npm install ${name}, for ${uses}`];
  return [name, version, loads ? '' : `does not load here: no ${uses}; install it again`];
}

function terminalText({ columns, colourLevel, pictures }: TerminalState): string {
  const colours = ['no colours', '16 colours', '256 colours', 'true colour'][colourLevel];
  return `${columns} columns, ${colours}, pictures: ${pictures}`;
}

function collectionRows({ collection, index, isCacheWritable }: DoctorReport): Row[] {
  const cache: Row = isCacheWritable
    ? ['cache', 'writable', '']
    : ['cache', 'not writable', 'name a folder in $GIALLO_CACHE, or search with --no-cache'];
  if ('error' in collection) return [['collection', collection.error, 'name a folder with -d'], cache];
  return [
    ['collection', collectionText(collection), ''],
    ['vectors', kindsText(collection), ''],
    unreadableRow(collection),
    [
      'index',
      index === null
        ? 'unreadable'
        : `${index.fresh} of ${counted(index.films, 'film')}, ${humanBytes(index.bytes)}`,
      '',
    ],
    cache,
  ];
}

function collectionText({ films, frames, bytes }: CollectionState): string {
  return `${counted(films, 'film')}, ${counted(frames, 'frame')}, ${humanBytes(bytes)}`;
}

/** How many kinds of films are listed at most; most collections have one. */
const mostKinds = 3;

function kindsText({ kinds }: CollectionState): string {
  const listed = kinds.slice(0, mostKinds).map(({ dtype, dim, films }) => `${dtype} × ${dim} (${films})`);
  const more = kinds.length > mostKinds ? [counted(kinds.length - mostKinds, 'more kind')] : [];
  return [...listed, ...more].join(', ') || 'none';
}

function unreadableRow({ unreadable }: CollectionState): Row {
  const text = unreadable.map(({ code, films }) => `${code} (${films})`).join(', ');
  return ['unreadable', text || 'none', text === '' ? '' : '`giallo verify` says more'];
}
