/**
 * `npm run build:man`: writes dist/giallo.1, the manual page, from the declarations of the commands, which `giallo
 * help` prints as well. The page is in the man(7) format, which both groff and mandoc read.
 */
import { readFileSync, writeFileSync } from 'node:fs';

// The names are computed so that the type check does not read dist/, which may be in the middle of a build.
const { commandList } = await built('commands/command-list.js');
const { commandHelp, programHelp } = await built('commands/help.js');
const { wrapped } = await built('render/help.js');
const { version } = await built('version.js');

/** @typedef {import('../src/render/help.js').HelpPage} HelpPage */

/** @type {readonly (readonly [name: string, meaning: string])[]} */
const environment = [
  ['GIALLO_DATA', 'the folder of the collection, where -d is not given'],
  ['GIALLO_ENGINE', 'the address of a ClickHouse server to ask, where neither --engine nor -d is given'],
  ['GIALLO_ENGINE_PASSWORD', 'the password for that server'],
  ['GIALLO_ENCODER', 'the command line that makes a vector of the words that `giallo search` is given'],
  ['GIALLO_SCREENSHOTS', 'the folder of the pictures (default: screenshots in the folder of the collection)'],
  ['GIALLO_CACHE', 'the folder of search indexes (default: giallo in the cache folder of the user)'],
  ['GIALLO_PLAYER', 'the program that --play starts (default: mpv, else vlc)'],
  ['GIALLO_KERNEL', '`scalar` computes without SIMD, with the same results'],
  ['NO_COLOR', 'no colour, where it is set'],
];

/** @type {readonly (readonly [status: string, meaning: string])[]} */
const exitStatus = [
  ['0', 'answered, also when nothing was found'],
  ['1', 'a file, the disk or the network is at fault; with --strict also when a film was skipped'],
  ['2', 'the command line is at fault'],
  ['70', 'a bug; its stack is printed'],
  ['129, 130, 143', 'ended by a terminal that was closed (SIGHUP), by Ctrl-C, by SIGTERM'],
];

const program = await programHelp(commandList);
const commands = await Promise.all(commandList.map(async ({ load }) => commandHelp(await load())));
writeFileSync(new URL('../dist/giallo.1', import.meta.url), `${[...lines()].join('\n')}\n`);

function* lines() {
  yield `.TH GIALLO 1 ${releaseDate()} "giallo ${version}" "User Commands"`;
  yield '.SH NAME';
  yield 'giallo \\- find the frames of films that look alike';
  yield '.SH SYNOPSIS';
  yield* ['.B giallo', '.I command', '[options]'];
  yield '.SH DESCRIPTION';
  yield* paragraphs(program.description, program.closing);
  for (const [title, items] of /** @type {const} */ ([
    ['ENVIRONMENT', environment],
    ['EXIT STATUS', exitStatus],
  ])) {
    if (title === 'ENVIRONMENT') yield* commandSections();
    yield `.SH ${title}`;
    for (const [term, meaning] of items) yield* item(term, meaning);
  }
  yield '.SH EXAMPLES';
  yield* examples(program);
}

function* commandSections() {
  yield '.SH COMMANDS';
  for (const { usage, description, sections, examples: its, closing } of commands) {
    yield `.SS ${text(usage.replace('[options] ', '').replace(' [options]', ''))}`;
    yield* paragraphs(description, closing);
    // The section with --help is the same in every command.
    for (const { title, items } of sections.filter((section) => section.title !== 'Help')) {
      yield* ['.PP', `.I ${text(title)}`];
      for (const { term, text: meaning } of items) yield* item(term, meaning);
    }
    if (its.length > 0) yield* ['.PP', '.I Examples'];
    yield* examples({ examples: its });
  }
}

/** @param {string[]} texts */
function* paragraphs(...texts) {
  for (const [i, one] of texts.filter((some) => some !== '').entries()) {
    if (i > 0) yield '.PP';
    yield* wrappedText(one);
  }
}

/** @param {string} term @param {string} meaning */
function* item(term, meaning) {
  yield* ['.TP', `.B ${text(term)}`, ...wrappedText(meaning)];
}

/** @param {Pick<HelpPage, 'examples'>} page */
function* examples({ examples: its }) {
  for (const [line, does] of its) yield* item(line, does);
}

/**
 * Lines short enough for diffs and mandoc; a dot at the start of one is escaped, since roff would take the line for a
 * request. @param {string} plain
 */
function wrappedText(plain) {
  return wrapped(text(plain), 79).map((line) => line.replace(/^\./, '\\&.'));
}

/** The text for roff: special characters are escaped, and text in backticks is bold. @param {string} plain */
function text(plain) {
  return plain
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replace(/`([^`]*)`/g, '\\fB$1\\fR')
    .replaceAll('`', '\\(ga')
    .replace(/[^ -~]/gu, (character) => {
      const code = character.codePointAt(0) ?? 0;
      return `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
    });
}

/** Imports a module of the build. @param {string} name */
function built(name) {
  return import(new URL(`../dist/${name}`, import.meta.url).href);
}

/** The date of the newest release in the changelog; the date of today would make each build different. */
function releaseDate() {
  const changelog = readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8');
  return /^## \d+\.\d+\.\d+ - (\d{4}-\d\d-\d\d)$/m.exec(changelog)?.[1] ?? '';
}
