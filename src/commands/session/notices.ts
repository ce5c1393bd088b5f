/** What giallo prints on stderr: warnings, hints and progress. Each is one line, with control characters escaped. */
import type { FilmWarning } from '../../collection/film-warning.js';
import type { GialloError } from '../../errors.js';
import { escapeForTerminal } from '../../escape.js';
import type { Io } from '../../io.js';
import type { Progress } from '../../progress.js';
import { counted, grouped, humanBytes } from '../../render/tabular.js';
import type { EngineUse, IndexUse, PairCounts } from '../../search/context.js';

export interface Notices {
  /** A part of the work failed, and the rest continues. A hint is printed once, for all parts that have the same. */
  fail(error: GialloError): Promise<void>;
  /** Something is odd, so the answer may not be the expected one. `--quiet` does not hide it. */
  warn(text: string): Promise<void>;
  /** Something worth knowing, said once; hidden by `--quiet`. */
  hint(text: string): Promise<void>;
  /** What `--explain` asked for; `--quiet` does not hide it. */
  explain(text: string): Promise<void>;
  /** Shown on a terminal once the work has taken half a second; hidden by `--quiet`. */
  progress(progress: Progress): void;
  /** Removes the progress bar, before anything else is printed. */
  endProgress(): Promise<void>;
}

const patienceMs = 500;
const redrawMs = 100;
const eraseLine = '\r\u001b[K';

/** `completeHint` adds the options that name the collection to the command lines in a hint. */
export function openNotices(
  io: Io,
  isQuiet: boolean,
  completeHint: (hint: string) => Promise<string> = async (hint) => hint,
): Notices {
  const startedMs = process.uptime() * 1000;
  /** The unit that is counted now, and when its count began: each kind of work has its own rate. */
  let work = { unit: '', sinceMs: 0 };
  let drawnMs = Number.NEGATIVE_INFINITY;
  let isShown = false;
  // A dumb terminal prints the sequence that erases the line. Asked late, since opening stderr takes milliseconds.
  const isDrawable = () => io.stderr.isTerminal && io.env.TERM !== 'dumb';
  const hinted = new Set<string>();
  // If stderr cannot be written to, the answer is still printed.
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
    fail: async ({ message, hint }) => {
      await say(message);
      if (hint === undefined || hinted.has(hint)) return;
      hinted.add(hint);
      await write(`hint: ${escapeForTerminal(await completeHint(hint))}\n`);
    },
    warn: (text) => say(`warning: ${text}`),
    explain: say,
    hint: async (text) => {
      if (isQuiet || hinted.has(text)) return;
      hinted.add(text);
      await say(await completeHint(text));
    },
    progress(progress) {
      const nowMs = process.uptime() * 1000;
      if (progress.unit !== work.unit) {
        work = { unit: progress.unit, sinceMs: work.unit === '' ? startedMs : nowMs };
      }
      if (isQuiet || nowMs - startedMs < patienceMs || nowMs - drawnMs < redrawMs) return;
      // After Ctrl-C some work still ends, and must not draw the bar again.
      if (io.signal.aborted) return;
      if (!isDrawable() || nowMs === work.sinceMs) return;
      drawnMs = nowMs;
      isShown = true;
      const bar = progressBar(progress, nowMs - work.sinceMs, io.stderr.columns);
      void write(`${eraseLine}${bar}`);
    },
    endProgress: erase,
  };
}

/**
 * Prints warnings about films with `notices`. Often all films of a collection have the same one: the first is printed,
 * the others are counted.
 */
export function groupWarnings(notices: Pick<Notices, 'warn'>) {
  /** By the text of a warning without its film: the warnings of the films after the first. */
  const groups = new Map<string, string[]>();
  return {
    /** Prints the warning of a film, or counts it if another film had the same one. */
    add(film: string, { message, hint }: FilmWarning): void {
      const kind = message.startsWith(`${film}: `)
        ? message.slice(film.length)
        : message.replace(/^.*?\.np[yz](?=: )/is, '');
      const more = groups.get(kind);
      if (more) {
        more.push(message);
      } else {
        groups.set(kind, []);
        void notices.warn(hint === undefined ? message : `${message}; giallo verify shows how to mend it`);
      }
    },
    /** Prints for how many more films each warning was. */
    async end(): Promise<void> {
      for (const [kind, more] of groups) {
        const same = kind.replace(/^: /, '');
        if (more.length === 1) await notices.warn(more[0] as string);
        else if (more.length > 1) await notices.warn(`${more.length} more films: ${same}`);
        groups.set(kind, []);
      }
    },
  };
}

/** How many films make an index worth its disk space. */
const manyFilms = 10;

/** The hint to build or update the index; undefined if the search used it, or the films are few. */
export function indexHint({ hasIndex, indexed, archives, passedOver }: IndexUse): string | undefined {
  if (!hasIndex) {
    if (archives < manyFilms) return undefined;
    return `${archives} films were read from their archives; \`giallo index build\` makes such searches faster`;
  }
  const words = { missing: 'not in it', changed: 'changed since', damaged: 'damaged or unreadable in it' };
  const reasons = Object.entries(passedOver).map(
    ([why, count]) => `${count} ${words[why as keyof typeof words]}`,
  );
  if (reasons.length === 0) return undefined;
  const over = Object.values(passedOver).reduce((sum, count) => sum + count, 0);
  return `the search index answered for ${indexed} of ${counted(indexed + over, 'film')} (${reasons.join(', ')}); \`giallo index build\` brings it up to date`;
}

/** What a search read, and how many rows the bounds left to score. */
export function explanation(use: IndexUse): string {
  const { indexed, archives, bytesRead, rowsScanned, rowsLeft, rowsScored } = use;
  const films = `${counted(indexed, 'film')} by the search index, ${grouped(archives)} from archives`;
  const rows = `${counted(rowsScanned, 'row')} scanned`;
  const bounds = `${counted(rowsLeft, 'candidate')}, ${grouped(rowsScored)} scored`;
  return `${films}; ${humanBytes(bytesRead)} read; ${rows}${indexed > 0 ? `; ${bounds}` : ''}`;
}

/** How many pairs of frames the bounds left to score. */
export function pairExplanation({ bounded, left, scored }: PairCounts): string {
  return `${counted(bounded, 'pair')} of frames bounded; ${counted(left, 'candidate')}, ${grouped(scored)} scored`;
}

/** What a search asked of an engine, and how many rows the bounds left to score. */
export function engineExplanation({ engine, rowsScanned, rowsLeft, rowsScored }: EngineUse): string {
  const left = counted(rowsLeft, 'candidate');
  const scored = `${grouped(rowsScored)} fetched and scored`;
  return `by ${engine}; ${counted(rowsScanned, 'row')} scanned; ${left}, ${scored}`;
}

/** `[#####.....] 12 of 20 films, 8.1 a second, 1 s left`, at most `width` - 1 columns wide. */
export function progressBar({ done, total, unit }: Progress, elapsedMs: number, width: number): string {
  const share = total === 0 ? 1 : done / total;
  const perSecond = (done / elapsedMs) * 1000;
  const left = done === 0 ? '' : `, ${duration((total - done) / perSecond)} left`;
  const text = ` ${grouped(done)} of ${grouped(total)} ${unit}, ${rate(perSecond)} a second${left}`;
  const cells = Math.min(30, width - text.length - 3);
  if (cells < 5) return text.trim().slice(0, width - 1);
  const filled = Math.round(share * cells);
  return `[${'#'.repeat(filled)}${'.'.repeat(cells - filled)}]${text}`;
}

function rate(perSecond: number): string {
  return perSecond >= 100 ? grouped(Math.round(perSecond)) : perSecond.toFixed(1);
}

function duration(seconds: number): string {
  if (seconds < 99.5) return `${Math.ceil(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
