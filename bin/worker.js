// The entry of the program's worker threads. It loads them as `giallo.js` loads the program.
const { join } = require('node:path');
const { createProgramLoader } = require('../dist/loader/loader.cjs');

const program = createProgramLoader(join(__dirname, '../dist/program'), process);
process.once('exit', () => program.keepCompiled());
program.load('worker.cjs');
