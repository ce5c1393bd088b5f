import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Graphics, graphicsOf } from '../../src/pictures/draw.js';

type Env = Readonly<Record<string, string>>;

const kitty = { TERM: 'xterm-kitty', KITTY_WINDOW_ID: '1' };
const iterm = { TERM: 'xterm-256color', TERM_PROGRAM: 'iTerm.app', TERM_PROGRAM_VERSION: '3.5.0' };

const cases: readonly (readonly [why: string, env: Env, graphics: Graphics])[] = [
  ['kitty', kitty, 'kitty'],
  ['iTerm2', iterm, 'iterm2'],
  ['any other terminal', { TERM: 'xterm-256color' }, 'blocks'],
  [
    'VS Code, whose pictures are off by default',
    { TERM_PROGRAM: 'vscode', TERM_PROGRAM_VERSION: '1.99.0' },
    'blocks',
  ],
  ['tmux inside kitty', { ...kitty, TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0' }, 'blocks'],
  ['tmux on another machine', { ...iterm, TERM: 'tmux-256color' }, 'blocks'],
  ['GNU screen', { ...kitty, TERM: 'screen.xterm-256color', STY: '1.pts' }, 'blocks'],
  ['Zellij', { ...kitty, ZELLIJ: '0' }, 'blocks'],
  ['a dumb terminal', { TERM: 'dumb' }, 'none'],
  ['a CI log', { ...kitty, CI: 'true' }, 'none'],
];

describe('on a terminal of 256 colours or more', () => {
  for (const [why, env, graphics] of cases) {
    test(why, () => {
      assert.equal(inEnvironment(env, { isTerminal: true, colourLevel: 2 }), graphics);
    });
  }
});

test('with fewer colours half blocks would say nothing; a protocol brings its own', () => {
  assert.equal(inEnvironment({ TERM: 'xterm' }, { isTerminal: true, colourLevel: 1 }), 'none');
  assert.equal(inEnvironment(kitty, { isTerminal: true, colourLevel: 0 }), 'kitty');
});

test('a pipe gets nothing, whatever the terminal behind it', () => {
  assert.equal(inEnvironment(kitty, { isTerminal: false, colourLevel: 3 }), 'none');
});

/** The library looks at the process's own environment: it is set for the length of the question. */
function inEnvironment(
  env: Env,
  facts: { readonly isTerminal: boolean; readonly colourLevel: number },
): Graphics {
  const before = process.env;
  process.env = { ...env };
  try {
    return graphicsOf({ ...facts, env });
  } finally {
    process.env = before;
  }
}
