import assert from 'node:assert/strict';
import { PassThrough, Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { main } from '../../../src/cli.js';
import { writeFilm } from '../../oracle/made-films.js';
import { recordingIo } from '../../recording-io.js';
import { temporaryFolder } from '../../temporary-folder.js';

const films = fileURLToPath(new URL('../../fixtures/golden/films', import.meta.url));
const argv = ['similar', '--queries', '-', '-d', films, '-k', '1'];

describe('questions from stdin', () => {
  test('are answered as they arrive, each before the next one', async () => {
    const { io, stdout } = recordingIo();
    const stdin = new PassThrough();
    const asked = ['Alpha\t3', 'Beta\t0', 'Gamma\t0'];
    const answers: string[] = [];
    const write = async (chunk: string | Uint8Array) => {
      answers.push(String(chunk));
      const next = asked[answers.length];
      if (next === undefined) stdin.end();
      else stdin.write(`${next}\n`);
    };
    stdin.write(`${asked[0]}\n`);
    assert.equal(await main(argv, { ...io, stdin, stdout: { ...io.stdout, write } }), 0);
    assert.deepEqual(
      answers.map((answer) => JSON.parse(answer).query[0].film),
      ['Alpha.1968.mkv', 'Beta.1971.mp4', 'Gamma'],
    );
    assert.equal(stdout(), '');
  });

  test('that have no end are refused before memory runs out', async () => {
    const { io, stderr } = recordingIo();
    const stdin = Readable.from(Array(40).fill('\0'.repeat(1 << 16)));
    assert.equal(await main(argv, { ...io, stdin }), 1);
    assert.match(stderr(), /stdin: a line is longer than 1048576 characters, or has no end/);
  });

  test('are one per line, even if the pipe splits a line or a character', async () => {
    const bytes = [...Buffer.from('😀\t0\r\nalpha\t-1\n\uff5e before it\t0')];
    const stdin = new Readable({
      highWaterMark: 1,
      read() {
        const byte = bytes.shift();
        setImmediate(() => this.push(byte === undefined ? null : Buffer.of(byte)));
      },
    });
    const { io, stdout } = recordingIo();
    assert.equal(await main(argv, { ...io, stdin }), 0);
    assert.deepEqual(
      answersOf(stdout()).map(({ query: [frame] }) => [frame.film, frame.index]),
      [
        ['😀 last by code points', 0],
        ['Alpha.1968.mkv', 16],
        ['\uff5e before it', 0],
      ],
    );
  });

  test('are not on empty lines or comments, which count as lines in messages', async () => {
    const lines = ['# film, frame', '', 'Alpha\t3', '   ', '\t', '#Beta\t0', 'Beta\t0', ''];
    const { io, stdout, stderr } = recordingIo({ stdin: lines.join('\r\n') });
    assert.equal(await main(argv, io), 0, stderr());
    assert.deepEqual(
      answersOf(stdout()).map(({ query: [frame] }) => frame.film),
      ['Alpha.1968.mkv', 'Beta.1971.mp4'],
    );
    const wrong = recordingIo({ stdin: [...lines, 'nonsense'].join('\n') });
    assert.equal(await main(argv, wrong.io), 2);
    assert.equal(answersOf(wrong.stdout())[2].line, lines.length + 1);
  });

  test('may be about films whose names begin with # or hold a tab', async () => {
    const folder = temporaryFolder();
    for (const name of ['#1', 'a\tb']) await writeFilm(folder, { name, dim: 1, rows: [[1], [2]] });
    const lines = ['# the first', '#1\t0', '#1:1', '#1/#1 1', '#2\t0', 'a\tb/a\tb 1', 'a\\tb\t0'];
    const { io, stdout, stderr } = recordingIo({ stdin: lines.join('\n') });
    assert.equal(await main(['similar', '--queries', '-', '-d', folder], io), 0, stderr());
    assert.deepEqual(
      answersOf(stdout()).map(({ query: [frame] }) => `${frame.film} ${frame.index}`),
      ['#1 0', '#1 1', '#1 1', 'a\tb 1', 'a\tb 0'],
    );
  });

  test('may end with carriage returns only', async () => {
    for (const pieces of [
      ['Alpha\t3\rBeta\t0\r'],
      ['Alpha\t3\r', '\nBeta\t0', '\r\n'],
      ['Alpha:3\r\rBeta:0'],
    ]) {
      const { io, stdout, stderr } = recordingIo();
      assert.equal(await main(argv, { ...io, stdin: Readable.from(pieces.map(Buffer.from)) }), 0, stderr());
      assert.deepEqual(
        answersOf(stdout()).map(({ query: [{ film }] }) => film),
        ['Alpha.1968.mkv', 'Beta.1971.mp4'],
      );
    }
  });

  test('that are not UTF-8 are refused', async () => {
    const lines = Buffer.from('Beta\t0\ncaff\xe8\t0\nBeta\t1\n', 'latin1');
    const { io, stdout } = recordingIo();
    assert.equal(await main(argv, { ...io, stdin: Readable.from([lines]) }), 1);
    const answers = answersOf(stdout());
    assert.deepEqual([answers[1].line, answers[1].error.code], [2, 'input-malformed']);
    assert.equal(answers[2].query[0].index, 1);
    const utf16 = recordingIo();
    const stdin = Readable.from([Buffer.from('\ufeffBeta\t0\n', 'utf16le')]);
    assert.equal(await main(argv, { ...utf16.io, stdin }), 1);
    assert.match(
      utf16.stderr(),
      /^giallo: stdin: the text is not UTF-8\nhint: if it is UTF-16, .*: iconv -f utf-16 -t utf-8\n/,
    );
  });

  test('cannot be written as clips', async () => {
    for (const option of ['--edl', '--otio', '--reel']) {
      const { io, stderr } = recordingIo();
      assert.equal(await main([...argv, option, 'x'], { ...io, stdin: Readable.from(['Beta\t0\n']) }), 2);
      assert.match(stderr(), new RegExp(`--queries cannot be used with ${option}`));
    }
  });

  test('that are malformed get an error each', async () => {
    for (const stdin of ['', '\r\r', '# nothing\n  # nothing\n', '\ufeff']) {
      const { io, stdout, stderr } = recordingIo({ stdin });
      assert.equal(await main(argv, io), 0);
      assert.deepEqual([stdout(), stderr()], ['', 'giallo: warning: stdin: no questions in it\n']);
    }
  });

  test('are answered and numbered in order, however many there are', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => (i % 100 === 99 ? 'nonsense' : `Beta\t${i % 40}`));
    const { io, written, stdout, stderr } = recordingIo({ stdin: `${lines.join('\n')}\n` });
    assert.equal(await main(argv, io), 2);
    const batches = written.filter(({ stream }) => stream === 'stdout').length;
    assert.equal(batches, 4, 'many questions are one pass over the films');
    const answers = answersOf(stdout());
    assert.equal(answers.length, 1000);
    for (const [i, answer] of answers.entries()) {
      if (i % 100 === 99) assert.deepEqual([answer.line, answer.error.code], [i + 1, 'usage']);
      else assert.equal(answer.query[0].index, i % 40);
    }
    assert.match(
      stderr(),
      /^giallo: 10 of 1,000 questions could not be answered; line 100: expected film<TAB>frame/,
    );
  });

  test('that are typed on a terminal get a hint how to type them', async () => {
    const { io, stderr } = recordingIo();
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    stdin.end('Alpha\t3\n');
    assert.equal(await main(argv, { ...io, stdin }), 0);
    assert.equal(stderr(), 'giallo: reading film<TAB>frame lines; press Ctrl-D to finish\n');
  });
});

// biome-ignore lint/suspicious/noExplicitAny: JSON of several shapes
function answersOf(ndjson: string): any[] {
  return ndjson
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
