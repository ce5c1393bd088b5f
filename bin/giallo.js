#!/usr/bin/env node
// The launcher: turns signals into an abort, and what main() says into the exit status. `process.exit()` is not called
// on the way out, since it would drop what a pipe has not taken yet.
import { main } from '../dist/program/cli.js';
import { Interruption, processIo } from '../dist/program/io.js';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => abort.abort(new Interruption(signal)));
}
process.exitCode = await main(process.argv.slice(2), processIo(process, abort.signal));
