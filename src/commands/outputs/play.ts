/** `--play`: a moment of a film, or a reel, in the player that the user has. */
import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { GialloError } from '../../errors.js';
import type { Io } from '../../io.js';
import { type Clip, requireVideo, secondsRange } from '../../times/clips.js';
import { splitWords } from '../inputs/run-program.js';

/** How players are told where to begin. */
const startFlags: Readonly<Record<string, string>> = {
  mpv: '--start=',
  vlc: '--start-time=',
  cvlc: '--start-time=',
};

/** Plays a reel by its path, or a clip from its first moment, and waits until the player ends. Errors: `usage`. */
export async function play(io: Io, what: string | Clip): Promise<void> {
  const chosen = io.env.GIALLO_PLAYER;
  // vlc knows no reels.
  const usual = typeof what === 'string' ? [['mpv']] : [['mpv'], ['vlc']];
  const players = chosen ? [splitWords(chosen)] : usual;
  for (const [program = '', ...args] of players) {
    if (await ran(io, program, [...args, ...wordsFor(program, what)])) return;
  }
  const names = players.map(([program]) => program).join(' and ');
  throw new GialloError('usage', `--play: no player was found; looked for ${names}`, {
    hint: 'install mpv, or name a player in $GIALLO_PLAYER',
  });
}

function wordsFor(program: string, what: string | Clip): string[] {
  // A name that begins with - would be an option.
  if (typeof what === 'string') return [what.startsWith('-') ? `./${what}` : what];
  const flag = startFlags[basename(program)];
  return [...(flag === undefined ? [] : [`${flag}${secondsRange(what).start}`]), requireVideo(what)];
}

/** False where there is no such program. */
function ran({ signal, env }: Io, program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      signal,
      env: { ...process.env, ...env },
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') resolve(false);
      else reject(signal.aborted ? signal.reason : error);
    });
    child.once('close', (code) => {
      if (code === 0 || code === null) resolve(true);
      else reject(new GialloError('file-unreadable', `--play: ${basename(program)} ended with ${code}`));
    });
  });
}
