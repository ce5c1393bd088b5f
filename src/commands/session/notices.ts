/** What goes to stderr: warnings, hints, progress; one line each, and nothing that a terminal would obey. */
import type { Io } from '../../io.js';
import type { Progress } from '../../progress.js';
import { escapeForTerminal } from '../../render/escape.js';
import { progressBar } from '../../render/progress-bar.js';

export interface Notices {
  /** A part of the work failed, and the rest goes on. */
  fail(text: string): Promise<void>;
  /** Something is odd, and the answer may not be what was expected; `--quiet` does not hide it. */
  warn(text: string): Promise<void>;
  /** Something worth knowing; hidden by `--quiet`. */
  hint(text: string): Promise<void>;
  /** What was asked for by an option of its own; `--quiet` does not hide it. */
  explain(text: string): Promise<void>;
  /** Shown on a terminal once the work has taken half a second; hidden by `--quiet`. */
  progress(progress: Progress): void;
  /** Takes the progress bar away, before anything else is printed. */
  endProgress(): Promise<void>;
}

const patienceMs = 500;
const redrawMs = 100;
const eraseLine = '\r\u001b[K';

export function openNotices(io: Io, isQuiet: boolean): Notices {
  const startedMs = performance.now();
  /** What is counted now, and since when: a rate is that of one kind of work. */
  let counted = { unit: '', sinceMs: 0 };
  let drawnMs = Number.NEGATIVE_INFINITY;
  let isShown = false;
  // A stderr that takes nothing is no reason to withhold the answer.
  const write = (text: string) => io.stderr.write(text).catch(() => undefined);
  const erase = async () => {
    if (!isShown) return;
    isShown = false;
    await write(eraseLine);
  };
  const say = async (text: string) => {
    await erase();
    await write(`giallo: ${escapeForTerminal(text)}\n`);
  };
  return {
    fail: say,
    warn: (text) => say(`warning: ${text}`),
    explain: say,
    hint: async (text) => {
      if (!isQuiet) await say(text);
    },
    progress(progress) {
      const nowMs = performance.now();
      if (progress.unit !== counted.unit) {
        counted = { unit: progress.unit, sinceMs: counted.unit === '' ? startedMs : nowMs };
      }
      if (isQuiet || nowMs - startedMs < patienceMs || nowMs - drawnMs < redrawMs) return;
      if (!io.stderr.isTerminal || nowMs === counted.sinceMs) return;
      drawnMs = nowMs;
      isShown = true;
      const bar = progressBar(progress, nowMs - counted.sinceMs, io.stderr.columns);
      void write(`${eraseLine}${bar}`);
    },
    endProgress: erase,
  };
}
