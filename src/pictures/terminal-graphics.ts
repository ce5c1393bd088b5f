/** What a terminal can show of a picture. */
import { createSupportsTerminalGraphics } from 'supports-terminal-graphics';

/** A protocol of the terminal's own, half blocks in colour, or nothing at all. */
export type Graphics = 'iterm2' | 'kitty' | 'blocks' | 'none';

export interface TerminalFacts {
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** As chalk counts: 0 none, 1 sixteen, 2 256 colours, 3 true colour. */
  readonly colourLevel: number;
}

/**
 * How to draw on a terminal. Multiplexers inherit the variables of the terminal around them but pass no pictures
 * through, VS Code announces a protocol that its settings leave off: both get half blocks, which need 256 colours.
 */
export function graphicsOf({ isTerminal, env, colourLevel }: TerminalFacts): Graphics {
  if (!isTerminal || env.TERM === 'dumb' || env.CI) return 'none';
  const blocks = colourLevel >= 2 ? 'blocks' : 'none';
  const isMultiplexed = env.TMUX || env.STY || env.ZELLIJ || /^(tmux|screen)/.test(env.TERM ?? '');
  if (isMultiplexed || env.TERM_PROGRAM === 'vscode') return blocks;
  // The library takes no environment: it reads the process's own, which `env` is but in tests.
  const { iterm2, kitty } = createSupportsTerminalGraphics({ isTTY: true });
  if (iterm2) return 'iterm2';
  return kitty ? 'kitty' : blocks;
}

/** Why nothing can be drawn where `graphicsOf` says `none`. */
export function whyNoPictures({ isTerminal, env }: TerminalFacts, isColourRefused: boolean): string {
  if (!isTerminal) return 'stdout is not a terminal';
  if (env.TERM === 'dumb') return 'TERM=dumb names a terminal that shows no pictures';
  if (env.CI) return 'CI is set, and its logs show no pictures';
  if (isColourRefused) return '--no-color leaves no colours to draw with';
  if (env.FORCE_COLOR) return `FORCE_COLOR=${env.FORCE_COLOR} leaves too few colours to draw with`;
  if (env.NO_COLOR) return 'NO_COLOR is set, and leaves no colours to draw with';
  return 'this terminal has too few colours; it needs 256';
}
