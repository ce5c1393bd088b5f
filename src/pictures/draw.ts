/** Drawing a screenshot in a terminal: as half blocks, or by the kitty or iTerm2 protocol. */
import type { ChalkInstance } from 'chalk';
import { createSupportsTerminalGraphics } from 'supports-terminal-graphics';
import type { Environment } from '../user-folders.js';
import type { Sharp } from './load-sharp.js';
import { readPicture } from './picture-folder.js';

/** A picture as text for the terminal. */
export interface DrawnPicture {
  readonly columns: number;
  readonly rows: number;
  /**
   * `rows` lines of `columns` cells; or one sequence that puts the picture below and to the right of the cursor, after
   * which the cursor may be anywhere.
   */
  readonly drawing: { readonly lines: readonly string[] } | { readonly sequence: string };
}

export interface DrawOptions {
  /** Room for the picture, in cells. */
  readonly columns: number;
  readonly rows: number;
  readonly graphics: Exclude<Graphics, 'none'>;
  readonly chalk: ChalkInstance;
  readonly sharp: Sharp;
}

/** The height of a cell divided by its width, as most terminals have it. */
const cellShape = 2;
/** Pixels sent for the width of a cell: enough for a dense screen. */
const pixelsPerColumn = 16;

/** The picture at `path`, as large as its room allows; undefined if it cannot be read. */
export async function drawPicture(path: string, options: DrawOptions): Promise<DrawnPicture | undefined> {
  const { graphics, sharp, chalk } = options;
  const original = await readPicture(path);
  if (original === undefined) return undefined;
  const picture = sharp(original).autoOrient();
  const metadata = await picture.metadata().catch(unreadable);
  if (metadata === undefined) return undefined;
  const size = fit(metadata.autoOrient.width / metadata.autoOrient.height, options);
  if (graphics === 'blocks') {
    const pixels = await pixelsOf(picture, size).catch(unreadable);
    return pixels && { ...size, drawing: { lines: halfBlocks(pixels, size, chalk) } };
  }
  const shrunk = picture.resize({ width: size.columns * pixelsPerColumn, withoutEnlargement: true });
  const encoded = graphics === 'kitty' ? shrunk.png() : shrunk.jpeg({ quality: 85 });
  const bytes = await encoded.toBuffer().catch(unreadable);
  if (bytes === undefined) return undefined;
  const sequence = graphics === 'kitty' ? kittySequence(bytes, size) : iterm2Sequence(bytes, size.columns);
  return { ...size, drawing: { sequence: await sequence } };
}

/** A rejection by sharp is a fault of the picture. An error that it throws at once is a bug here. */
const unreadable = () => undefined;

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The largest size of a shape (width by height) within a room. */
function fit(shape: number, room: Size): Size {
  const columns = Math.max(1, Math.min(room.columns, Math.floor(room.rows * cellShape * shape)));
  return { columns, rows: Math.min(room.rows, Math.max(1, Math.round(columns / shape / cellShape))) };
}

/** Two pixels a cell, [2 x rows x columns] of 3 bytes each. */
function pixelsOf(picture: ReturnType<Sharp>, { columns, rows }: Size): Promise<Buffer> {
  return picture
    .resize({ width: columns, height: rows * 2, fit: 'fill' })
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw()
    .toBuffer();
}

/** Each cell is `▀` in the colour of its upper pixel on the colour of the lower one. */
function halfBlocks(pixels: Buffer, { columns, rows }: Size, chalk: ChalkInstance): string[] {
  const colourAt = (x: number, y: number): Rgb => {
    const at = (y * columns + x) * 3;
    return [pixels[at], pixels[at + 1], pixels[at + 2]];
  };
  const dither = chalk.level === 2 ? createDither() : undefined;
  const cell = (x: number, y: number) => {
    const above = colourAt(x, y);
    const below = colourAt(x, y + 1);
    if (!dither) return chalk.rgb(...above).bgRgb(...below)('▀');
    return chalk.ansi256(dither(above, x, y)).bgAnsi256(dither(below, x, y + 1))('▀');
  };
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, x) => cell(x, row * 2)).join(''),
  );
}

type Rgb = [red: number, green: number, blue: number];

/** Thresholds of an ordered dither (Bayer 1973), from 1/32 to 31/32. */
const bayer = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5].map((level) => (level + 0.5) / 16);

/** The colours from 16 on, the same on all terminals: a cube of 6 x 6 x 6 levels, and 24 greys. */
function palette(): { readonly index: number; readonly lab: Rgb }[] {
  const levels = [0, 95, 135, 175, 215, 255];
  const cube = Array.from(
    { length: 216 },
    (_, i): Rgb => [levels[Math.floor(i / 36)], levels[Math.floor(i / 6) % 6], levels[i % 6]],
  );
  const greys = Array.from({ length: 24 }, (_, i): Rgb => [8 + 10 * i, 8 + 10 * i, 8 + 10 * i]);
  return [...cube, ...greys].map((rgb, i) => ({ index: 16 + i, lab: oklab(rgb) }));
}

/**
 * Chooses one of 256 colours for a pixel, by its colour and its place. A colour lies between the nearest colour of the
 * palette and the nearest one on the other side. The distances to the two decide how many pixels of a pattern get
 * which. Distances are measured in Oklab, where equal distances look equally different, so that greys stay grey.
 */
function createDither(): (rgb: Rgb, x: number, y: number) => number {
  const colours = palette();
  const nearest = (lab: Rgb) =>
    colours.reduce((best, colour) => (distance(colour.lab, lab) < distance(best.lab, lab) ? colour : best));
  const mixes = new Map<number, { readonly near: number; readonly other: number; readonly share: number }>();
  const mixOf = (rgb: Rgb) => {
    const key = rgb.reduce((sum, value) => sum * 256 + value, 0);
    const known = mixes.get(key);
    if (known) return known;
    const lab = oklab(rgb);
    const near = nearest(lab);
    const other = nearest(lab.map((value, i) => 2 * value - near.lab[i]) as Rgb);
    const [toNear, toOther] = [near, other].map((colour) => Math.sqrt(distance(colour.lab, lab)));
    const share = toNear === 0 ? 0 : toNear / (toNear + toOther);
    const mix = { near: near.index, other: other.index, share };
    mixes.set(key, mix);
    return mix;
  };
  return (rgb, x, y) => {
    const { near, other, share } = mixOf(rgb);
    return share > bayer[(y % 4) * 4 + (x % 4)] ? other : near;
  };
}

function distance(a: Rgb, b: Rgb): number {
  return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
}

/** sRGB to Oklab (Ottosson 2020). */
function oklab(rgb: Rgb): Rgb {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** The most bytes of base64 that the protocol allows in one piece. */
const kittyPiece = 4096;

/**
 * The kitty graphics protocol: transmits a PNG (f=100) and shows it (a=T) in `c` columns and `r` rows. (Older versions
 * distort the picture if one of them is left out.) With q=2 the terminal does not answer, which would appear in the
 * shell.
 */
function kittySequence(png: Buffer, { columns, rows }: Size): string {
  const text = png.toString('base64');
  const pieces = text.match(new RegExp(`.{1,${kittyPiece}}`, 'g')) ?? [];
  return pieces
    .map((piece, i) => {
      const more = i < pieces.length - 1 ? 1 : 0;
      const keys = i === 0 ? `a=T,f=100,q=2,c=${columns},r=${rows},m=${more}` : `m=${more}`;
      return `\u001b_G${keys};${piece}\u001b\\`;
    })
    .join('');
}

async function iterm2Sequence(jpeg: Buffer, columns: number): Promise<string> {
  const { image } = await import('ansi-escapes');
  return image(jpeg, { width: columns, preserveAspectRatio: true });
}

/** How to draw: by a protocol of the terminal, by half blocks in colour, or not at all (`none`). */
export type Graphics = 'iterm2' | 'kitty' | 'blocks' | 'none';

interface TerminalFacts {
  readonly isTerminal: boolean;
  readonly env: Environment;
  /** As chalk counts: 0 for none, 1 for 16 colours, 2 for 256, 3 for true colour. */
  readonly colourLevel: number;
}

/**
 * How to draw on a terminal. Multiplexers inherit the variables of the terminal around them, but do not pass pictures
 * through. VS Code announces a protocol that is off by default. So both get half blocks, which need 256 colours.
 */
export function graphicsOf({ isTerminal, env, colourLevel }: TerminalFacts): Graphics {
  if (!isTerminal || env.TERM === 'dumb' || env.CI) return 'none';
  const blocks = colourLevel >= 2 ? 'blocks' : 'none';
  const isMultiplexed = env.TMUX || env.STY || env.ZELLIJ || /^(tmux|screen)/.test(env.TERM ?? '');
  if (isMultiplexed || env.TERM_PROGRAM === 'vscode') return blocks;
  // The library reads the environment of the process. Except in tests, that is `env`.
  const { iterm2, kitty } = createSupportsTerminalGraphics({ isTTY: true });
  if (iterm2) return 'iterm2';
  return kitty ? 'kitty' : blocks;
}

/** Why nothing can be drawn, if `graphicsOf` returned `none`. */
export function whyNoPictures({ isTerminal, env }: TerminalFacts, isColourRefused: boolean): string {
  if (!isTerminal) return 'stdout is not a terminal';
  if (env.TERM === 'dumb') return 'TERM=dumb names a terminal that shows no pictures';
  if (env.CI) return 'CI is set, and its logs show no pictures';
  if (isColourRefused) return 'cannot draw without colours (--no-color)';
  if (env.FORCE_COLOR) return `cannot draw with so few colours (FORCE_COLOR=${env.FORCE_COLOR})`;
  if (env.NO_COLOR) return 'cannot draw without colours (NO_COLOR is set)';
  return 'this terminal has too few colours; it needs 256';
}
