// Bundles the program that `bin/giallo.js` runs, from what tsc has built. A question loads some ninety modules, and
// finding and linking them one by one takes Node half as long as inflating a film: what every question needs becomes one
// file, what only some need stays apart and is loaded when it is needed. CommonJS, since Node's loader of ES modules takes
// a fifth of the time of an empty process to start. The library is used as tsc leaves it, also in its worker threads.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licensePlugin } from 'rolldown-license-plugin';

const outputFolder = fileURLToPath(new URL('dist/program', import.meta.url));
const { optionalDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
// They find files of their own by their place, or may be missing.
const external = ['open', ...Object.keys(optionalDependencies)];

/** The modules with tasks for worker threads. */
const taskModules = {
  'batch-worker': 'dist/search/batch/batch-worker.js',
  'build-tasks': 'dist/search-index/build-tasks.js',
  'convert-file': 'dist/convert/convert-file.js',
};

/** Where the program has the files of worker threads, by the paths that modules write. */
const ofThreads = [
  ['./worker.js', 'bin/worker.js'],
  ...Object.keys(taskModules).map((name) => [`./${name}.js`, `dist/program/${name}.cjs`]),
];

/**
 * What modules find from their own URLs, as the kernel, they find from the URLs that they had. Only worker threads are
 * those of the program.
 */
const originalUrls = {
  name: 'original-urls',
  transform(code, id) {
    if (!/[\\/]dist[\\/]/.test(id) || id.includes('node_modules')) return null;
    const place = (from, to) => relative(from, to).replaceAll('\\', '/');
    const made = ofThreads.reduce(
      (all, [written, file]) =>
        all.replaceAll(`new URL('${written}'`, `new URL('${place(dirname(id), resolve(file))}'`),
      code,
    );
    const url = `new URL('${place(outputFolder, id)}', import.meta.url).href`;
    return made.replaceAll('import.meta.url', url);
  },
};

/** What is published with the packages in it carries their licences. */
const licences = () =>
  licensePlugin({
    failOnUnlicensed: true,
    done(packages, bundle) {
      const texts = packages.map(
        ({ name, version, license, licenseText }) =>
          `${name} ${version} (${license})\n\n${licenseText.trim()}\n`,
      );
      bundle.emitFile({
        type: 'asset',
        fileName: 'LICENSES.txt',
        source: texts.join(`\n${'-'.repeat(80)}\n\n`),
      });
    },
  });

/**
 * Packages outside are ES modules, which CommonJS loads with `import()` alone. What loads the program does that for it: it
 * runs the program as scripts, in which `import()` is an experiment of Node.js.
 */
const outsideByImport = {
  name: 'outside-by-import',
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      const required = (chunk.imports ?? []).filter((name) => external.includes(name));
      if (required.length > 0) this.error(`${chunk.fileName} requires ${required.join(', ')}: import() it`);
      chunk.code &&= chunk.code.replace(/\bimport\((`|(\w+\.)?workerData\.module)/g, 'importModule($1');
      if (/\bimport\([^']/.test(chunk.code)) this.error(`${chunk.fileName} imports what is not a literal`);
    }
  },
};

/**
 * The first group that fits a module takes it, and with it all that it imports and no group before has taken. What a
 * question with a search index needs is in the first three; what reads archives is loaded where one is read.
 */
const groups = [
  { name: 'start', test: /dist\/(cli|io|errors|standard-output|version)\.js$/ },
  // With the spelling, which the help would else load the question for.
  { name: 'command-line', test: /dist\/(commands\/(program|command-list)|spelling)\.js$/ },
  {
    name: 'question',
    test: /dist\/(commands\/(similar|outputs\/(show-answer|timed-view))|collection\/collection|ranking\/(film-selection|shots)|reports\/similar|render\/(similar|formats)|search\/search|times\/times-of-films)\.js$|node_modules\/commander\//,
  },
  { name: 'search-index', test: /dist\/search(-index\/open-index|\/search-by-index)\.js$/ },
  {
    name: 'archive',
    test: /dist\/(search\/scan-film|collection\/(film|held-rows)|npz\/(member-decoder|rows))\.js$/,
  },
  ...Object.entries(taskModules).map(([name, path]) => ({ name, test: new RegExp(`${path}$`) })),
];

/** commander starts programs of their own for commands in files of their own, which giallo has none of. */
const noSubprograms = {
  name: 'no-subprograms',
  transform(code, id) {
    if (!id.endsWith('/commander/lib/command.js')) return null;
    const required = "require('node:child_process')";
    if (!code.includes(required)) this.error(`${id} does not contain ${required}`);
    return code.replace(required, '{}');
  },
};

/**
 * fflate makes tables for its own inflate and deflate when it is loaded, in loops of 32,768 rounds, and zlib is used in
 * their place: as pure functions they are left out where nothing reads them.
 */
const noTables = {
  name: 'no-tables',
  transform(code, id) {
    if (!id.endsWith('/fflate/esm/browser.js')) return null;
    const pure = (value) => `/*#__PURE__*/ (() => { ${value} })()`;
    const made = code
      .replaceAll(
        /var \w+ = (freb\(\w+, \d\)), (\w+) = \w+\.b, (\w+) = \w+\.r;/g,
        (_, tables, first, second) =>
          `var ${first} = ${pure(`return ${tables}.b;`)}, ${second} = ${pure(`return ${tables}.r;`)};`,
      )
      .replace(/^var rev = .*\n(for [^}]*\})/m, `var rev = ${pure('$& return rev;')};`);
    if (made.split('/*#__PURE__*/').length < code.split('/*#__PURE__*/').length + 5)
      this.error(`${id} does not make the tables as expected`);
    return made;
  },
};

const program = {
  input: {
    cli: 'dist/cli.js',
    io: 'dist/io.js',
    worker: 'dist/threads/worker.js',
    ...taskModules,
  },
  platform: 'node',
  external,
  // Without the worker threads that fflate's build for Node.js loads at once.
  resolve: { alias: { fflate: 'fflate/browser' } },
  plugins: [originalUrls, noSubprograms, noTables, outsideByImport, licences()],
  output: {
    dir: outputFolder,
    cleanDir: true,
    format: 'cjs',
    // Shorter text is parsed sooner, and text in ASCII takes half the memory. Functions keep their names for the stacks of
    // errors.
    minify: { mangle: { keepNames: true }, codegen: { asciiOnly: true } },
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: {
      groups: groups.map((group, place) => ({ ...group, priority: groups.length - place })),
    },
  },
  checks: {
    ineffectiveDynamicImport: false,
    // Only of the branch that runs worker threads from the sources.
    emptyImportMeta: false,
  },
};

/** What loads the program: one file, which Node.js itself loads. */
const loader = {
  input: { loader: 'dist/program-loader.js' },
  platform: 'node',
  output: {
    ...program.output,
    dir: fileURLToPath(new URL('dist/loader', import.meta.url)),
    codeSplitting: false,
  },
};

/** The style of a kind of pages: what all share, and its own after it, without comments and line ends. */
const styleOf = (kind) => ({
  name: 'style',
  generateBundle() {
    const parts = ['base', kind].map((name) =>
      readFileSync(new URL(`src/explore/pages/${name}.css`, import.meta.url), 'utf8'),
    );
    const source = parts
      .join('')
      .replace(/\/\*.*?\*\//gs, '')
      .replace(/\n\s*/g, ' ')
      .trim();
    this.emitFile({ type: 'asset', fileName: `${kind}.css`, source });
  },
});

/** What runs in the browser: a script and a style that go into every site, and those of the pages of answers. */
const pages = (kind, entry, { plugins, ...output }) => ({
  input: { [kind]: `src/explore/pages/${entry}` },
  platform: 'browser',
  tsconfig: 'src/explore/pages/tsconfig.json',
  plugins: [styleOf(kind), ...plugins],
  output: {
    dir: fileURLToPath(new URL(`dist/explore/pages/${kind}`, import.meta.url)),
    cleanDir: true,
    format: 'iife',
    minify: true,
    ...output,
  },
});

// biome-ignore lint/style/noDefaultExport: rolldown takes its configuration from there
export default [
  program,
  loader,
  pages('explore', 'main.tsx', {
    plugins: [licences()],
    banner: '/* giallo explore, with Preact (MIT License, Copyright (c) 2015-present Jason Miller) */',
  }),
  pages('answer', 'answer.ts', { plugins: [] }),
];
