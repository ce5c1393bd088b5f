/** The view of `giallo verify`. */
import type { Finding } from '../reports/finding.js';
import type { VerifyReport } from '../reports/verify.js';
import { wrapped } from './help.js';
import { counted, humanBytes } from './tabular.js';
import type { View } from './view.js';

export function verifyView(report: VerifyReport): View {
  const { findings } = report;
  return {
    report,
    records: findings,
    table: {
      caption: [],
      columns: [
        { key: 'severity' },
        { key: 'code' },
        { key: 'film', cuttable: true },
        { key: 'path', isHidden: true },
        { key: 'count', isHidden: true },
        { key: 'message', cuttable: true },
        { key: 'advice', isHidden: true },
      ],
      rows: findings.map(({ severity, code, film, path, count, message, advice }) => [
        severity,
        code,
        film,
        path,
        count,
        withoutPath(message, path),
        advice,
      ]),
      footer: [...adviceLines(findings), verifySummary(report)],
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

/** The film's column has said where. */
function withoutPath(message: string, path: string): string {
  return message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
}

/** What to do, each advice once, in lines that any terminal has room for; a command to run is a line of its own. */
function adviceLines(findings: readonly Finding[]): string[] {
  const lines = [...new Set(findings.map(({ code, advice }) => `${code}: ${advice}`))].flatMap((advice) => {
    const [words, command] = advice.split(/(?<= run:) /);
    return [...wrapped(words, lineWidth, 2), ...(command === undefined ? [] : [command])];
  });
  return lines.length === 0 ? [] : ['', ...lines, ''];
}

const lineWidth = 78;
