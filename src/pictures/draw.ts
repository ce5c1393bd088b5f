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
  const { graphics, sharp } = options;
  try {
    const picture = sharp(path).autoOrient();
    const { autoOrient } = await picture.metadata();
    const size = fit(autoOrient.width / autoOrient.height, options);
    if (graphics === 'blocks')
      return { ...size, drawing: { lines: await halfBlocks(picture, size, options.chalk) } };
    const shrunk = picture.resize({ width: size.columns * pixelsPerColumn, withoutEnlargement: true });
    const sequence =
      graphics === 'kitty'
        ? kittySequence(await shrunk.png().toBuffer(), size)
        : await iterm2Sequence(await shrunk.jpeg({ quality: 85 }).toBuffer(), size.columns);
    return { ...size, drawing: { sequence } };
  } catch {
    return undefined;
  }
}

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The largest size of a shape (width by height) within a room. */
function fit(shape: number, room: Size): Size {
  const columns = Math.max(1, Math.min(room.columns, Math.floor(room.rows * cellShape * shape)));
  return { columns, rows: Math.min(room.rows, Math.max(1, Math.round(columns / shape / cellShape))) };
}

/** Two pixels a cell: `▀` in the colour of the upper one on the colour of the lower one. */
async function halfBlocks(
  picture: ReturnType<Sharp>,
  { columns, rows }: Size,
  chalk: ChalkInstance,
): Promise<string[]> {
  const pixels = await picture
    .resize({ width: columns, height: rows * 2, fit: 'fill' })
    .flatten({ background: '#000' })
    .toColourspace('srgb')
    .raw()
    .toBuffer();
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
