/** Finds out which files of the project import which others, including types and `import()`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync, Visitor } from 'rolldown/utils';

/**
 * @typedef {object} Import
 * @property {string} file the path of the imported file, from the project's folder
 * @property {boolean} isType whether only types are imported
 * @property {number} line
 */

/**
 * The imports of each file of these folders.
 * @param {readonly string[]} folders
 * @returns {Map<string, Import[]>}
 */
export function readImports(folders) {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
      .map((name) => join(folder, name)),
  );
  return new Map(files.sort().map((file) => [file, importsOf(file)]));
}

/** @param {string} file */
function importsOf(file) {
  const text = readFileSync(file, 'utf8');
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  /** @type {Import[]} */
  const imports = [];
  const add = (/** @type {any} */ source, isType) => {
    if (typeof source?.value !== 'string' || !source.value.startsWith('.')) return;
    const path = join(dirname(file), source.value).replace(/\.js$/, '');
    imports.push({
      file: existsSync(`${path}.tsx`) ? `${path}.tsx` : `${path}.ts`,
      isType,
      line: text.slice(0, source.start).split('\n').length,
    });
  };
  const isTypeOnly = (/** @type {any} */ node) =>
    (node.importKind ?? node.exportKind) === 'type' ||
    (node.specifiers?.length > 0 && node.specifiers.every((one) => one.importKind === 'type'));
  const declaration = (/** @type {any} */ node) => add(node.source, isTypeOnly(node));
  new Visitor({
    ImportDeclaration: declaration,
    ExportNamedDeclaration: declaration,
    ExportAllDeclaration: declaration,
    ImportExpression: (node) => add(node.source, false),
    TSImportType: (node) => add(node.source, true),
  }).visit(program);
  return imports;
}

/**
 * The given files, and all files that import them, directly or through others.
 * @param {Iterable<string>} files
 * @param {ReadonlyMap<string, readonly Import[]>} imports
 * @returns {Set<string>}
 */
export function importersOf(files, imports) {
  const found = new Set(files);
  // This loop also visits the files that it adds.
  for (const one of found) {
    for (const [file, its] of imports) if (its.some((each) => each.file === one)) found.add(file);
  }
  return found;
}
