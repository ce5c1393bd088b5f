/**
 * The command line as its users see it: every `test/transcripts/*.txt` and every ```console block of the README and of
 * docs/ is run and compared with the output that it shows. To add a case, add its lines; `UPDATE_TRANSCRIPTS=1` writes
 * the new output into cases that differ (read the diff before you commit it).
 *
 * A line `$ giallo ...` is a case; brackets before it name the working folder, make stdout a terminal of a width and
 * set the environment: `[cd empty tty 40 NO_COLOR=1]$ giallo ...`. Below it are stdin (`< ...`, with \t for a tab),
 * stdout, stderr (`! ...`) and the exit status if it is not 0 (`[exit 2]`). ESC is shown as \e, NUL as \0, other
 * control characters as <U+009B>, a missing newline at the end as \c; a line `...` stands for any number of lines, and
 * comments begin with `// `. A line of output that could be taken for one of these, an empty one at the end too, has a
 * \ before it.
 *
 * Everything runs in the folder that `transcripts/stage.ts` makes, giallo in this process and pipes in a shell. The
 * documents show the output on an 80-column terminal, and of a pipe only its stdout.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { missingProgram, runLine } from './transcripts/run.js';
import { setTheStage } from './transcripts/stage.js';
import {
  type Case,
  formatTranscript,
  matches,
  parseTranscript,
  type Setting,
  shownLines,
} from './transcripts/transcript.js';

const isUpdate = process.env.UPDATE_TRANSCRIPTS === '1';
const folder = fileURLToPath(new URL('transcripts', import.meta.url));
const project = fileURLToPath(new URL('..', import.meta.url));
const home = process.cwd();
const stage = setTheStage();
before(() => process.chdir(stage));
after(() => process.chdir(home));

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  describe(file, () => {
    const path = join(folder, file);
    const transcript = parseTranscript(readFileSync(path, 'utf8'));
    const lines = transcript.cases.map(({ expected }) => expected);
    transcript.cases.forEach((one, i) => {
      test(one.line, skipOf(one), async () => check(await shown(one), lines, i));
    });
    after(() => isUpdate && writeFileSync(path, formatTranscript(transcript, lines)));
  });
}

for (const page of ['README.md', ...readdirSync(join(project, 'docs')).map((name) => `docs/${name}`)]) {
  if (page.endsWith('.md')) describe(page, () => checkPage(join(project, page)));
}

test('the examples in README.md print what it shows', () => {
  assert.match(readFileSync(join(project, 'README.md'), 'utf8'), /^```console\n\$ giallo similar/m);
});

/** Runs the ```console blocks of a page of the documents. */
function checkPage(path: string): void {
  const parts = readFileSync(path, 'utf8').split(/(?<=^```console\n)|(?=^```\n)/m);
  parts.forEach((block, i) => {
    if (!parts[i - 1]?.endsWith('```console\n')) return;
    const transcript = parseTranscript(block);
    const lines = transcript.cases.map(({ expected }) => expected);
    transcript.cases.forEach((one, n) => {
      test(one.line, skipOf(one), async () => check(await shownInTerminal(one), lines, n));
    });
    after(() => {
      parts[i] = formatTranscript(transcript, lines);
    });
  });
  after(() => isUpdate && writeFileSync(path, parts.join('')));
}

function skipOf({ command }: Case): { skip: string | false } {
  const missing = missingProgram(command);
  return { skip: missing !== undefined && `${missing} is not installed` };
}

/** Compares the lines of a case with the expected ones, or replaces these. */
function check(actual: readonly string[], expected: (readonly string[])[], i: number): void {
  const wanted = expected[i] as readonly string[];
  if (matches(actual, wanted)) return;
  if (isUpdate) expected[i] = actual;
  else assert.equal(actual.join('\n'), wanted.join('\n'));
}

async function shown({ command, setting, input }: Case): Promise<string[]> {
  const { status, written } = await runLine(command, setting, input, join(stage, 'bin'));
  const lines: string[] = [];
  let run = '';
  written.forEach(({ stream, bytes }, i) => {
    run += bytes.toString();
    if (written[i + 1]?.stream === stream) return;
    lines.push(...shownLines(run, stream === 'stdout' ? '' : '! '));
    run = '';
  });
  return status === 0 ? lines : [...lines, `[exit ${status}]`];
}

const terminal: Setting = { folder: '.', columns: 80, env: { NO_COLOR: '1' } };

/** The output as a reader of the README sees it, without marks. */
async function shownInTerminal({ command, input }: Case): Promise<string[]> {
  const { written, isShell } = await runLine(command, terminal, input, join(stage, 'bin'));
  const seen = written.filter(({ stream }) => !isShell || stream === 'stdout');
  return Buffer.concat(seen.map(({ bytes }) => bytes))
    .toString()
    .replace(/\n$/, '')
    .split('\n');
}
