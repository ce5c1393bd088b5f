#!/usr/bin/env node
// The launcher. It turns signals into an abort, and the result of main() into the exit status. It does not call
// `process.exit()`, which would discard output that a pipe has not taken yet.
const { join } = require('node:path');
const { createProgramLoader } = require('../dist/loader/loader.cjs');

const program = createProgramLoader(join(__dirname, '../dist/program'), process);
const { main } = program.load('cli.cjs');
const { finishOptimizing, Interruption, processIo } = program.load('io.cjs');

// The work looks for signals between two steps, and ends there. Each signal is caught once. A second one of the same
// kind is left to Node, which ends the process at once, unless a step of the work is still running.
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => abort.abort(new Interruption(signal)));
}
// Caught every time: when a terminal is closed, first its shell sends this signal, and then the system.
process.on('SIGHUP', () => abort.abort(new Interruption('SIGHUP')));
main(process.argv.slice(2), processIo(process, abort.signal)).then((status) => {
  process.exitCode = status;
  if (status === 0) program.keepCompiled();
  finishOptimizing();
});
