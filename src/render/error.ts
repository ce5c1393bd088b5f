/** An error as it goes to stderr. */
import type { GialloError } from '../errors.js';
import { escapeForTerminal, escapeJsonForTerminal } from './escape.js';

/** `giallo: <message>` and, where there is one, a `hint:` line; with `--json` one object. */
export function errorLines({ code, message, hint }: GialloError, isJson: boolean): string {
  if (isJson) return `${escapeJsonForTerminal(JSON.stringify({ v: 1, error: { code, message, hint } }))}\n`;
  const hintLine = hint === undefined ? '' : `hint: ${escapeForTerminal(hint)}\n`;
  return `giallo: ${escapeForTerminal(message)}\n${hintLine}`;
}
