#!/usr/bin/env node
// The launcher: turns signals into an abort, and what main() says into the exit status. `process.exit()` is not called
// on the way out, since it would drop what a pipe has not taken yet.
const { main } = require('../dist/program/cli.cjs');
const { finishOptimizing, Interruption, keepCompiled, processIo } = require('../dist/program/io.cjs');

keepCompiled(process);

// A signal is seen between two steps of the work, and ends it there. Each is caught once: a second one of its kind finds
// Node's own handling, which ends the process at once, unless a step is still under way in which neither is seen.
const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => abort.abort(new Interruption(signal)));
}
// A terminal that is closed sends it more than once: from its shell, and from the system when that has ended.
process.on('SIGHUP', () => abort.abort(new Interruption('SIGHUP')));
main(process.argv.slice(2), processIo(process, abort.signal)).then((status) => {
  process.exitCode = status;
  finishOptimizing();
});
