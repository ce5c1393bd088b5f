import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chalkFor } from '../../src/render/colour.js';

type Env = Readonly<Record<string, string>>;
const cases: readonly [what: string, isTerminal: boolean, env: Env, isRefused: boolean, level: number][] = [
  ['a pipe', false, {}, false, 0],
  ['a pipe of a capable terminal', false, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, false, 0],
  ['a terminal', true, {}, false, 1],
  ['a terminal of 256 colours', true, { TERM: 'screen-256color' }, false, 2],
  ['a terminal of all colours', true, { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, false, 3],
  ['a terminal of all colours, as others say it', true, { COLORTERM: '24bit' }, false, 3],
  ['a dumb terminal', true, { TERM: 'dumb', COLORTERM: 'truecolor' }, false, 0],
  ['NO_COLOR', true, { NO_COLOR: '1', COLORTERM: 'truecolor' }, false, 0],
  ['NO_COLOR of any value', true, { NO_COLOR: '0' }, false, 0],
  ['an empty NO_COLOR, which is none', true, { NO_COLOR: '' }, false, 1],
  ['FORCE_COLOR in a pipe', false, { FORCE_COLOR: '1' }, false, 1],
  ['FORCE_COLOR with a level', false, { FORCE_COLOR: '3' }, false, 3],
  ['FORCE_COLOR=0', true, { FORCE_COLOR: '0' }, false, 0],
  ['FORCE_COLOR=false', true, { FORCE_COLOR: 'false' }, false, 0],
  ['FORCE_COLOR=true', false, { FORCE_COLOR: 'true' }, false, 1],
  ['FORCE_COLOR with no level', false, { FORCE_COLOR: '9' }, false, 1],
  [
    'FORCE_COLOR before NO_COLOR and a dumb terminal',
    true,
    { FORCE_COLOR: '2', NO_COLOR: '1', TERM: 'dumb' },
    false,
    2,
  ],
  ['an empty FORCE_COLOR, which is none', true, { FORCE_COLOR: '' }, false, 1],
  ['--no-color before everything', true, { FORCE_COLOR: '3', COLORTERM: 'truecolor' }, true, 0],
];

for (const [what, isTerminal, env, isRefused, level] of cases) {
  const chalk = chalkFor({ stdout: { isTerminal }, env }, { color: isRefused ? false : undefined });
  test(`${what}: level ${level}`, () => assert.equal(chalk.level, level));
}
