import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Chalk } from 'chalk';
import sharp from 'sharp';
import {
  type DrawnPicture,
  type DrawOptions,
  drawPicture,
  type Graphics,
  graphicsOf,
} from '../../src/pictures/draw.js';
import { loadSharp } from '../../src/pictures/load-sharp.js';
import { temporaryFolder } from '../temporary-folder.js';
import { noise, picture } from './make-picture.js';

const red: [number, number, number] = [255, 0, 0];
const blue: [number, number, number] = [0, 0, 255];
const folder = temporaryFolder({
  'flag.png': await picture([
    [red, red, red, red],
    [blue, blue, blue, blue],
    [blue, blue, blue, blue],
    [red, red, red, red],
  ]),
  'noise.png': await noise(400, 200),
  'broken.png': 'not a picture',
  'drawing.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>',
});

test('half blocks have two pixels per cell, the upper one in the foreground colour', async () => {
  const drawn = await draw('flag.png', { columns: 4, rows: 2 });
  const above = '\u001b[38;2;255;0;0m\u001b[48;2;0;0;255m▀\u001b[49m\u001b[39m'.repeat(4);
  const below = '\u001b[38;2;0;0;255m\u001b[48;2;255;0;0m▀\u001b[49m\u001b[39m'.repeat(4);
  assert.deepEqual(drawn, { columns: 4, rows: 2, drawing: { lines: [above, below] } });
});

test('half blocks can have 256 colours', async () => {
  const drawn = await draw('flag.png', { columns: 1, rows: 1, chalk: new Chalk({ level: 2 }) });
  assert.match(linesOf(drawn)[0].replaceAll('\u001b', ''), /^\[38;5;\d+m\[48;5;\d+m▀/);
});

test('with 256 colours, greys are dithered in greys, and colours of the palette are unchanged', async () => {
  const indices = async (colour: [number, number, number]) => {
    const name = `${colour.join('-')}.png`;
    await sharp({
      create: { width: 8, height: 8, channels: 3, background: { r: colour[0], g: colour[1], b: colour[2] } },
    })
      .png()
      .toFile(join(folder, name));
    const drawn = await draw(name, { columns: 8, rows: 4, chalk: new Chalk({ level: 2 }) });
    return new Set(
      [
        ...linesOf(drawn)
          .join('')
          .matchAll(/8;5;(\d+)m/g),
      ].map(([, index]) => Number(index)),
    );
  };
  const isGrey = (index: number) => index >= 232 || (index - 16) % 43 === 0;
  for (const level of [3, 60, 61, 100, 123, 200, 250]) {
    const found = await indices([level, level, level]);
    assert.ok([...found].every(isGrey), `${level}: ${[...found]}`);
  }
  assert.equal((await indices([123, 123, 123])).size, 2);
  assert.deepEqual(await indices([255, 0, 0]), new Set([196]));
  assert.deepEqual(await indices([95, 135, 175]), new Set([67]));
});

test('a picture fills its room and keeps its shape', async () => {
  const wide = await draw('noise.png', { columns: 40, rows: 40 });
  assert.deepEqual([wide?.columns, wide?.rows], [40, 10]);
  const low = await draw('noise.png', { columns: 40, rows: 5 });
  assert.deepEqual([low?.columns, low?.rows], [20, 5]);
});

test('kitty gets a PNG in pieces of 4,096 characters, with the last marked, and sends no answer', async () => {
  const drawn = await draw('noise.png', { columns: 30, rows: 30, graphics: 'kitty' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is read
  const pieces = [...sequenceOf(drawn).matchAll(/\u001b_G(.*?);(.*?)\u001b\\/gs)];
  assert.ok(pieces.length > 2);
  assert.equal(pieces[0][1], 'a=T,f=100,q=2,c=30,r=8,m=1');
  assert.ok(pieces.slice(1, -1).every(([, keys, data]) => keys === 'm=1' && data.length === 4096));
  assert.equal(pieces.at(-1)?.[1], 'm=0');
  const png = Buffer.from(pieces.map(([, , data]) => data).join(''), 'base64');
  assert.equal((await sharp(png).metadata()).format, 'png');
  assert.equal(pieces.map(([whole]) => whole).join(''), sequenceOf(drawn), 'nothing but the pieces');
});

test('iTerm2 gets a JPEG with a width in columns', async () => {
  const drawn = await draw('noise.png', { columns: 30, rows: 30, graphics: 'iterm2' });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is read
  const [, data] = /^\u001b]1337;File=inline=1;width=30;size=\d+:(.*)\u0007$/.exec(sequenceOf(drawn)) ?? [];
  assert.equal((await sharp(Buffer.from(data, 'base64')).metadata()).format, 'jpeg');
});

test('files that are not pictures, or may refer to other files, are not drawn', async () => {
  assert.equal(await draw('broken.png', {}), undefined);
  assert.equal(await draw('drawing.svg', {}), undefined);
  assert.equal(await draw('missing.png', {}), undefined);
});

test('errors that are not the picture’s fault are thrown', async () => {
  await assert.rejects(draw('flag.png', { chalk: {} as DrawOptions['chalk'] }), TypeError);
  await assert.rejects(draw('flag.png', { columns: Number.NaN, graphics: 'kitty' }), /width/);
});

async function draw(file: string, options: Partial<DrawOptions>): Promise<DrawnPicture | undefined> {
  const loaded = await loadSharp();
  assert.ok(loaded);
  const defaults = {
    columns: 4,
    rows: 2,
    graphics: 'blocks' as const,
    chalk: new Chalk({ level: 3 }),
    sharp: loaded,
  };
  return drawPicture(join(folder, file), { ...defaults, ...options });
}

function linesOf(drawn: DrawnPicture | undefined): readonly string[] {
  return drawn && 'lines' in drawn.drawing ? drawn.drawing.lines : [];
}

function sequenceOf(drawn: DrawnPicture | undefined): string {
  return drawn && 'sequence' in drawn.drawing ? drawn.drawing.sequence : '';
}

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

test('with fewer colours no half blocks are drawn, but the terminal’s own protocol is used', () => {
  assert.equal(inEnvironment({ TERM: 'xterm' }, { isTerminal: true, colourLevel: 1 }), 'none');
  assert.equal(inEnvironment(kitty, { isTerminal: true, colourLevel: 0 }), 'kitty');
});

test('a pipe gets no pictures, whatever the terminal', () => {
  assert.equal(inEnvironment(kitty, { isTerminal: false, colourLevel: 3 }), 'none');
});

/** The library reads the environment of the real process, which is set during the question. */
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
