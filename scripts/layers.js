/**
 * `npm run layers`: what may import what in `src/`, and how long a file may be. src/README.md explains the layers. That no
 * files import each other in a circle, types included, is checked by `npm run lint` (noImportCycles in biome.json).
 */
import { readFileSync } from 'node:fs';
import { readImports } from './imports.js';

/** From top to bottom: a part of src imports only what stands in a row below its own. */
const layers = [
  ['cli.ts'],
  ['commands'],
  ['explore'],
  ['dump'],
  ['render'],
  ['giallo.ts'],
  ['library'],
  ['reports'],
  ['search'],
  ['convert', 'pictures', 'search-index', 'engine'],
  ['times'],
  ['collection', 'ranking'],
  ['npz', 'kernel'],
  ['threads'],
  ['files'],
  ['io.ts', 'escape.ts'],
  [
    'errors.ts',
    'group-by.ts',
    'progress.ts',
    'spelling.ts',
    'user-folders.ts',
    'version.ts',
    'word-lists.ts',
  ],
];
/** Of these only types are imported: [from, to]. */
const typesOnly = [['render', 'reports']];

const mostLines = 300;
/** Files of fewer lines than this are short; src/README.md gives the reason for each that is left. */
const fewLines = 20;
const mostShortFiles = 5;

const imports = readImports(['src']);
const problems = [...layerProblems(), ...sizeProblems()];
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.stdout.write(`${imports.size} files, ${problems.length} problems\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function* layerProblems() {
  for (const [file, its] of imports) {
    if (layerOf(partOf(file)) === -1)
      yield `${file}: ${partOf(file)} has no layer; give it one in scripts/layers.js`;
    for (const one of its) {
      const problem = importProblem(partOf(file), one);
      if (problem) yield `${file}:${one.line}: imports ${one.file}, ${problem}`;
    }
  }
}

/** What is wrong with an import, if anything is. @param {string} part @param {import('./imports.js').Import} imported */
function importProblem(part, { file, isType }) {
  if (!file.startsWith('src/')) return 'which is not in src';
  const other = partOf(file);
  if (other === part) return undefined;
  if (layerOf(other) <= layerOf(part)) return `and ${other} is not below ${part}`;
  if (isType || !typesOnly.some(([from, to]) => from === part && to === other)) return undefined;
  return `and ${part} may import only types of ${other}`;
}

/** The folder in src that a file belongs to, or the file itself. */
function partOf(/** @type {string} */ file) {
  return file.split('/')[1];
}

function layerOf(/** @type {string} */ part) {
  return layers.findIndex((parts) => parts.includes(part));
}

function* sizeProblems() {
  const sizes = [...imports.keys()].map((file) => ({
    file,
    lines: readFileSync(file, 'utf8').split('\n').length - 1,
  }));
  for (const { file, lines } of sizes)
    if (lines > mostLines) yield `${file}: ${lines} lines, at most ${mostLines}`;
  const short = sizes.filter(({ lines }) => lines < fewLines);
  if (short.length > mostShortFiles) {
    const names = short.map(({ file, lines }) => `${file} (${lines})`).join(', ');
    yield `${short.length} files in src have fewer than ${fewLines} lines, at most ${mostShortFiles}: ${names}`;
  }
}
