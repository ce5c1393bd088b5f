/**
 * `npm run layers`: checks which parts of `src/` import which, and how long its files are. src/README.md explains the
 * layers. `npm run lint` checks that no files import each other in a circle, not even types (noImportCycles in
 * biome.json).
 */
import { readFileSync } from 'node:fs';
import { readImports } from './imports.js';

/** The layers from top to bottom. A part of src may import only parts in rows below its own. */
const layers = [
  ['cli.ts'],
  ['program-loader.ts'],
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
  ['standard-output.ts'],
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
/** Pairs [from, to]: `from` may import only types of `to`. */
const typesOnly = [['render', 'reports']];

const mostLines = 300;
/** A file with fewer lines is short. src/README.md gives the reason for each short file. */
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

/**
 * What is wrong with an import; undefined if it is allowed. @param {string} part @param {import('./imports.js').Import}
 * imported
 */
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
