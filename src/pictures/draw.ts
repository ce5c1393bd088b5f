/** Drawing a screenshot in a terminal: as half blocks, or by the kitty or iTerm2 protocol. */
import type { ChalkInstance } from 'chalk';
import type { Sharp } from './load-sharp.js';
import type { Graphics } from './terminal-graphics.js';

/** A picture as the terminal takes it. */
export interface DrawnPicture {
  readonly columns: number;
  readonly rows: number;
  /**
   * `rows` lines of `columns` cells; or one sequence that puts the picture below and to the right of the cursor and
   * leaves the cursor anywhere.
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

/** A cell is taken for twice as high as it is wide. */
const cellShape = 2;
/** Pixels sent for the width of a cell: enough for a dense screen. */
const pixelsPerColumn = 16;

/** The picture at `path`, as large as its room allows; undefined where it cannot be read. */
export async function drawPicture(path: string, options: DrawOptions): Promise<DrawnPicture | undefined> {
  const { graphics, sharp, chalk } = options;
  const picture = sharp(path).autoOrient();
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

/** What sharp rejects with is of the picture; what it throws is of how it was called. */
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
  const colourAt = (x: number, y: number): [number, number, number] => {
    const at = (y * columns + x) * 3;
    return [pixels[at], pixels[at + 1], pixels[at + 2]];
  };
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, x) =>
      chalk.rgb(...colourAt(x, row * 2)).bgRgb(...colourAt(x, row * 2 + 1))('▀'),
    ).join(''),
  );
}

/** Bytes of base64 that the protocol allows in one piece. */
const kittyPiece = 4096;

/**
 * The kitty graphics protocol: transmit a PNG (f=100) and show it (a=T) in `c` columns and `r` rows (older
 * versions keep no shape where one of them is left out); q=2 keeps the terminal from answering into the reader's shell.
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
