import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { openNotices } from '../../../src/commands/session/notices.js';
import { recordingIo } from '../../recording-io.js';

const half = { done: 10, total: 20, unit: 'films' };
const erase = '\r\u001b[K';

describe('a notice', () => {
  test('is one harmless line on stderr', async () => {
    const { io, stdout, stderr } = recordingIo();
    const notices = openNotices(io, false);
    await notices.warn('a\u001b[31m\nb');
    await notices.hint('c\u202e');
    await notices.fail('d');
    assert.equal(stderr(), 'giallo: warning: a\\x1b[31m\\x0ab\ngiallo: c\\u202e\ngiallo: d\n');
    assert.equal(stdout(), '');
  });

  test('that is but a hint is hidden by --quiet', async () => {
    const { io, stderr } = recordingIo();
    const notices = openNotices(io, true);
    await notices.warn('a');
    await notices.hint('b');
    assert.equal(stderr(), 'giallo: warning: a\n');
  });
});

describe('progress', () => {
  test('is drawn after half a second, ten times a second, and taken away before anything else', async (t) => {
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

  test('of one kind of work after another has a rate of its own', (t) => {
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

  test('is hidden by --quiet, and where stderr is no terminal', (t) => {
    const quiet = onTerminal(t, true);
    quiet.at(9000);
    quiet.notices.progress(half);
    assert.equal(quiet.stderr(), '');
    const { io, stderr } = recordingIo();
    const notices = openNotices(io, false);
    quiet.at(20_000);
    notices.progress(half);
    assert.equal(stderr(), '');
  });

  test('that was not drawn is not taken away', async (t) => {
    const { notices, stderr } = onTerminal(t, false);
    await notices.endProgress();
    await notices.hint('all');
    assert.equal(stderr(), 'giallo: all\n');
  });
});

/** Notices to a terminal of 80 columns, opened at 0 ms on a clock that the test moves. */
function onTerminal(t: TestContext, isQuiet: boolean) {
  let nowMs = 0;
  t.mock.method(process, 'uptime', () => nowMs / 1000);
  const { io, stderr } = recordingIo();
  const notices = openNotices({ ...io, stderr: { ...io.stderr, isTerminal: true } }, isQuiet);
  const at = (ms: number) => {
    nowMs = ms;
  };
  return { notices, stderr, at };
}
