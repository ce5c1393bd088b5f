/**
 * Changes to a JSON text that leave the rest of it as it is: its layout, the order of its keys, and how its numbers are
 * written. The text is known to be JSON. Where an object has a key twice the last one counts, as for `JSON.parse`.
 */

/** A member of an object by its places in the text. */
interface Member {
  readonly key: string;
  readonly keyStart: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/**
 * The text with `value` at the path of keys; objects on the way are made where they are missing, and are no other
 * values.
 */
export function setInJson(text: string, path: readonly string[], value: unknown): string {
  let open = openingOf(text);
  for (const [depth, key] of path.entries()) {
    const member = lastMember(text, open, key);
    const rest = path.slice(depth + 1);
    if (!member)
      return insert(text, open, `${JSON.stringify(key)}: ${written(rest.reduceRight(nested, value))}`);
    if (rest.length === 0)
      return text.slice(0, member.valueStart) + written(value) + text.slice(member.valueEnd);
    open = member.valueStart;
  }
  return text;
}

/** The text without the members at the path of keys. */
export function removeFromJson(text: string, path: readonly string[]): string {
  let open = openingOf(text);
  for (const key of path.slice(0, -1)) {
    const member = lastMember(text, open, key);
    if (!member) return text;
    open = member.valueStart;
  }
  let rest = text;
  for (;;) {
    const members = membersOf(rest, open);
    const at = members.findIndex(({ key }) => key === path.at(-1));
    const member = members[at];
    if (!member) return rest;
    const next = members[at + 1];
    const start = next || at === 0 ? member.keyStart : members[at - 1].valueEnd;
    rest = rest.slice(0, start) + rest.slice(next ? next.keyStart : member.valueEnd);
  }
}

function lastMember(text: string, open: number, key: string): Member | undefined {
  return membersOf(text, open).findLast((one) => one.key === key);
}

function nested(value: unknown, key: string): unknown {
  return { [key]: value };
}

/** On one line, with a space after each colon and comma. */
function written(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${written(member)}`);
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

/** A new last member, spaced as the last one is. */
function insert(text: string, open: number, member: string): string {
  const last = membersOf(text, open).at(-1);
  if (last) {
    const before = /\s*$/.exec(text.slice(0, last.keyStart))?.[0] ?? '';
    return `${text.slice(0, last.valueEnd)},${before}${member}${text.slice(last.valueEnd)}`;
  }
  const lineStart = text.lastIndexOf('\n', open) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? '';
  const end = text.indexOf('}', open);
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text.slice(0, open + 1)}${eol}${indent}  ${member}${eol}${indent}${text.slice(end)}`;
}

function openingOf(text: string): number {
  return text.indexOf('{');
}

/** The members of the object that begins at `open`. */
function membersOf(text: string, open: number): Member[] {
  const members: Member[] = [];
  let at = skipSpace(text, open + 1);
  while (text[at] === '"') {
    const keyStart = at;
    const keyEnd = endOfValue(text, at);
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    members.push({ key: JSON.parse(text.slice(keyStart, keyEnd)), keyStart, valueStart, valueEnd });
    at = skipSpace(text, valueEnd);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return members;
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (/\s/.test(text[end] ?? '')) end++;
  return end;
}

/** A string, or a piece without strings and brackets. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\]]|[^"{}[\],:\s]+|[,:\s]+/sy;

function endOfValue(text: string, start: number): number {
  let depth = 0;
  token.lastIndex = start;
  for (let found = token.exec(text); found; found = token.exec(text)) {
    if (/^[{[]/.test(found[0])) depth++;
    if (/^[}\]]/.test(found[0])) depth--;
    if (depth === 0) return token.lastIndex;
  }
  return text.length;
}
