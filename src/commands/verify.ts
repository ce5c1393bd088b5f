/** `giallo verify`: the command and its view. */
import { GialloError } from '../errors.js';
import { wrapped } from '../render/help.js';
import { counted, humanBytes, tableOf } from '../render/tabular.js';
import type { View } from '../render/view.js';
import type { Finding } from '../reports/finding.js';
import type { VerifyReport } from '../reports/verify.js';
import { defineCommand } from './command.js';
import { optionSets } from './options/taken-options.js';

export const verifyCommand = defineCommand({
  name: 'verify',
  description:
    'Reads films to the last byte: those named, or the whole collection. An error means that a film cannot be used (exit 1): it is unreadable, damaged, or of a wrong shape or dtype. A warning means that it can be used, but something is odd: NaN, Inf, all-zero rows, duplicate or pickled names, mixed dims, numbers too large for float32.',
  arguments: [{ flags: '[film...]', help: 'names, parts of names, or paths (default: all films)' }],
  options: [...optionSets.collection, ...optionSets.formats, 'jobs'],
  examples: [
    ['giallo verify', 'every film of the collection'],
    ['giallo verify Sintel ./new/Opera.1987.mkv.npz', 'two films, one of them elsewhere'],
    ["giallo verify --json | jq '.totals'", 'how many errors and warnings'],
    ['giallo verify --quiet > findings.tsv || echo broken', 'in scripts'],
  ],
  async run({ session, words }) {
    const { verify } = await import('../reports/verify.js');
    const report = await verify(await session.open({ films: words }), words, session.context);
    const { errors, brokenFilms } = report.totals;
    const view = verifyView(report);
    if (errors === 0) return { view, note: verifySummary(report) };
    const found = `${counted(errors, 'error')} in ${counted(brokenFilms, 'film')}`;
    const broken = new Set(
      report.findings.filter(({ severity }) => severity === 'error').map(({ path }) => path),
    );
    // A film that is named by its path may be in any folder.
    const [place = report.data] = broken.size === 1 ? broken : [];
    return { view, failure: new GialloError('films-broken', `${place}: found ${found}`) };
  },
});

export function verifyView(report: VerifyReport): View {
  const { findings } = report;
  const footerOf = (width: number) => [...adviceLines(findings, width), verifySummary(report)];
  const table = tableOf(
    findings.map((finding) => ({ ...finding, message: withoutPath(finding.message, finding.path) })),
    [
      { key: 'severity' },
      { key: 'code' },
      { key: 'film', cuttable: true },
      { key: 'path', isHidden: true },
      { key: 'count', isHidden: true },
      { key: 'message', cuttable: true },
      { key: 'advice', isHidden: true },
    ],
    { footer: footerOf(mostWidth) },
  );
  return {
    report,
    records: findings,
    table,
    terminalTables: (width) => {
      const footer = footerOf(Math.min(width, mostWidth));
      const isTable = width >= leastTableWidth;
      return [
        isTable
          ? { ...table, footer }
          : { ...table, rows: [], footer: [...findingLines(findings, width), ...footer] },
      ];
    },
  };
}

/** One line: `read 3 films, 262 frames, 1.1 MB: no findings`. */
export function verifySummary({ totals, verified }: VerifyReport): string {
  const { errors, warnings, brokenFilms } = totals;
  const read = [
    counted(verified.films, 'film'),
    counted(verified.frames, 'frame'),
    humanBytes(verified.bytes),
  ];
  const found = [
    ...(errors > 0 ? [`${counted(errors, 'error')} in ${counted(brokenFilms, 'film')}`] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  return `read ${read.join(', ')}: ${found.length === 0 ? 'no findings' : found.join(', ')}`;
}

/** The message without the place, which the film's column shows. */
function withoutPath(message: string, path: string): string {
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
}

/** `error: Opera: it was cut off (archive-truncated)`, in lines of this width. */
function findingLines(findings: readonly Finding[], width: number): string[] {
  return findings.flatMap(({ severity, code, film, path, message }) =>
    wrapped(`${severity}: ${film}: ${withoutPath(message, path)} (${code})`, width, 2),
  );
}

/** The advice, each once, in lines of this width. A command is on a line of its own. */
function adviceLines(findings: readonly Finding[], width: number): string[] {
  const lines = [...new Set(findings.map(({ code, advice }) => `${code}: ${advice}`))].flatMap((advice) => {
    const [words, command] = advice.split(/(?<= run:) /);
    return [...wrapped(words, width, 2), ...(command === undefined ? [] : [command])];
  });
  return lines.length === 0 ? [] : ['', ...lines, ''];
}

/** In a narrower table hardly any room would be left for the messages. */
const leastTableWidth = 80;
/** Longer lines are hard to read. */
const mostWidth = 78;
