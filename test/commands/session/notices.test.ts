import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { groupWarnings, openNotices, progressBar } from '../../../src/commands/session/notices.js';
import { GialloError } from '../../../src/errors.js';
import { recordingIo, type Surroundings } from '../../recording-io.js';

const half = { done: 10, total: 20, unit: 'films' };
const erase = '\r\u001b[K';

describe('a notice', () => {
  test('is one harmless line on stderr', async () => {
    const { io, stdout, stderr } = recordingIo();
    const notices = openNotices(io, false);
    await notices.warn('a\u001b[31m\nb');
    await notices.hint('c\u202e');
    await notices.fail(new GialloError('usage', 'd'));
    assert.equal(stderr(), 'giallo: warning: a\\x1b[31m\\x0ab\ngiallo: c\\u202e\ngiallo: d\n');
    assert.equal(stdout(), '');
  });

  test('of failures has the hint that mends them, once', async () => {
    const { io, stderr } = recordingIo();
    const notices = openNotices(io, true, async (hint) => `${hint} -d films`);
    for (const message of ['a', 'b'])
      await notices.fail(new GialloError('usage', message, { hint: 'mend\n' }));
    assert.equal(stderr(), 'giallo: a\nhint: mend\\x0a -d films\ngiallo: b\n');
  });

  test('that is a hint is hidden by --quiet', async () => {
    const { io, stderr } = recordingIo();
    const notices = openNotices(io, true);
    await notices.warn('a');
    await notices.hint('b');
    assert.equal(stderr(), 'giallo: warning: a\n');
  });
});

describe('progress', () => {
  test('is drawn after half a second, ten times a second, and erased before other output', async (t) => {
    const { at, notices, stderr } = onTerminal(t, false);
    at(499);
    notices.progress(half);
    assert.equal(stderr(), '');
    at(500);
    notices.progress(half);
    const first = stderr();
    assert.equal(first, `${erase}[###############...............] 10 of 20 films, 20.0 a second, 1 s left`);
    at(599);
    notices.progress(half);
    assert.equal(stderr(), first);
    at(600);
    notices.progress({ ...half, done: 20 });
    assert.ok(stderr().startsWith(`${first}${erase}[##############################] 20 of 20 films`));
    const second = stderr();
    await notices.warn('odd');
    assert.equal(stderr(), `${second}${erase}giallo: warning: odd\n`);
    await notices.endProgress();
    assert.equal(stderr(), `${second}${erase}giallo: warning: odd\n`, 'once');
  });

  test('has its own rate for each kind of work', (t) => {
    const { at, notices, stderr } = onTerminal(t, false);
    at(10_000);
    notices.progress({ done: 20, total: 20, unit: 'films' });
    const before = stderr();
    at(10_200);
    notices.progress({ done: 0, total: 40, unit: 'pairs' });
    assert.equal(stderr(), before, 'nothing can be said yet');
    at(12_200);
    notices.progress({ done: 10, total: 40, unit: 'pairs' });
    assert.match(stderr().slice(before.length), / 10 of 40 pairs, 5\.0 a second, 6 s left$/);
  });

  test('is hidden by --quiet, if stderr is not a terminal, and on a dumb terminal', (t) => {
    const quiet = onTerminal(t, true);
    quiet.at(9000);
    quiet.notices.progress(half);
    assert.equal(quiet.stderr(), '');
    const dumb = onTerminal(t, false, { env: { TERM: 'dumb' } });
    dumb.at(9000);
    dumb.notices.progress(half);
    assert.equal(dumb.stderr(), '');
    const { io, stderr } = recordingIo();
    const notices = openNotices(io, false);
    quiet.at(20_000);
    notices.progress(half);
    assert.equal(stderr(), '');
  });

  test('is not drawn again after Ctrl-C', async (t) => {
    const interruption = new AbortController();
    const { at, notices, stderr } = onTerminal(t, false, { signal: interruption.signal });
    at(1000);
    notices.progress(half);
    interruption.abort();
    await notices.endProgress();
    const ended = stderr();
    at(2000);
    notices.progress(half);
    assert.equal(stderr(), ended);
    assert.ok(ended.endsWith(erase));
  });

  test('that was not drawn is not erased', async (t) => {
    const { notices, stderr } = onTerminal(t, false);
    await notices.endProgress();
    await notices.hint('all');
    assert.equal(stderr(), 'giallo: all\n');
  });
});

/** Notices to a terminal of 80 columns, opened at 0 ms on a clock that the test moves. */
function onTerminal(t: TestContext, isQuiet: boolean, surroundings?: Surroundings) {
  let nowMs = 0;
  t.mock.method(process, 'uptime', () => nowMs / 1000);
  const { io, stderr } = recordingIo(surroundings);
  const notices = openNotices({ ...io, stderr: { ...io.stderr, isTerminal: true } }, isQuiet);
  const at = (ms: number) => {
    nowMs = ms;
  };
  return { notices, stderr, at };
}

describe('a progress bar', () => {
  const cases: readonly [done: number, total: number, elapsedMs: number, width: number, line: string][] = [
    [0, 20, 1000, 80, '[..............................] 0 of 20 films, 0.0 a second'],
    [10, 20, 2000, 80, '[###############...............] 10 of 20 films, 5.0 a second, 2 s left'],
    [20, 20, 2000, 80, '[##############################] 20 of 20 films, 10.0 a second, 0 s left'],
    [10, 20, 2000, 60, '[#########.........] 10 of 20 films, 5.0 a second, 2 s left'],
    [10, 20, 2000, 45, '10 of 20 films, 5.0 a second, 2 s left'],
    [10, 20, 2000, 20, '10 of 20 films, 5.0'],
    [
      12_000,
      400_000,
      10_000,
      80,
      '[#........................] 12,000 of 400,000 films, 1,200 a second, 5 min left',
    ],
    [1, 1000, 10_000, 80, '[..............................] 1 of 1,000 films, 0.1 a second, 2.8 h left'],
    [0, 0, 1000, 80, '[##############################] 0 of 0 films, 0.0 a second'],
  ];
  for (const [done, total, elapsedMs, width, line] of cases) {
    test(`${done} of ${total} after ${elapsedMs} ms in ${width} columns`, () => {
      assert.equal(progressBar({ done, total, unit: 'films' }, elapsedMs, width), line);
    });
  }

  test('is one line that never fills the last column', () => {
    const work = fc.nat(1e6).chain((total) => fc.tuple(fc.nat(total), fc.constant(total)));
    fc.assert(
      fc.property(
        work,
        fc.integer({ min: 1, max: 1e8 }),
        fc.integer({ min: 1, max: 200 }),
        ([done, total], elapsedMs, width) => {
          const line = progressBar({ done, total, unit: 'films' }, elapsedMs, width);
          assert.ok(line.length < width, line);
          assert.doesNotMatch(line, /\n|NaN|Infinity/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

const converted = (film: string) => ({
  code: 'converted' as const,
  message: `films/${film}.npz: embeddings.npy: float16 is read as float32`,
});

test('the first warning of a kind is printed at once, the others are counted', async () => {
  const { said, warnings } = recording();
  for (const film of ['a', 'b', 'c d']) warnings.add(film, converted(film));
  warnings.add('a', { code: 'names-missing', message: 'films/a.npz: it holds no names' });
  assert.deepEqual(said, [converted('a').message, 'films/a.npz: it holds no names']);
  await warnings.end();
  assert.deepEqual(said.slice(2), ['2 more films: embeddings.npy: float16 is read as float32']);
});

test('a second warning is printed in full, a repeated one is not', async () => {
  const { said, warnings } = recording();
  for (const film of ['a', 'b']) warnings.add(film, converted(film));
  await warnings.end();
  await warnings.end();
  assert.deepEqual(said, [converted('a').message, converted('b').message]);
  for (const film of ['c', 'd', 'e']) warnings.add(film, converted(film));
  await warnings.end();
  assert.deepEqual(said.slice(2), ['3 more films: embeddings.npy: float16 is read as float32']);
});

test('a warning about something that can be mended names the command that shows how', async () => {
  const { said, warnings } = recording();
  const message = 'films/a.npz: the names are a Python pickle';
  warnings.add('a', { code: 'names-pickled', message, hint: 'to save the names as text, run: python3 ...' });
  assert.deepEqual(said, [`${message}; giallo verify shows how to mend it`]);
});

test('warnings are grouped also if film names are parts of the folder’s name', async () => {
  const { said, warnings } = recording();
  for (const film of ['a', 'ab', 'abc', 'npz', '.']) {
    const message = `/abc/ab.npz.d/${film}.npz: embeddings.npy: float16 is read as float32`;
    warnings.add(film, { code: 'converted', message });
  }
  await warnings.end();
  assert.deepEqual(said, [
    '/abc/ab.npz.d/a.npz: embeddings.npy: float16 is read as float32',
    '4 more films: embeddings.npy: float16 is read as float32',
  ]);
});

test('warnings about films in the working folder are grouped without endings', async () => {
  const { said, warnings } = recording();
  for (const name of ['a.npz', 'b.npy', 'c.npz', 'd.npy']) {
    const film = name.slice(0, 1);
    warnings.add(film, { code: 'names-missing', message: `${name}: no filenames array` });
  }
  await warnings.end();
  assert.deepEqual(said, ['a.npz: no filenames array', '3 more films: no filenames array']);
});

function recording() {
  const said: string[] = [];
  return { said, warnings: groupWarnings({ warn: async (text) => void said.push(text) }) };
}
