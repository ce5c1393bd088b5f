/** SECURITY.md names tests that exist. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'SECURITY.md'), 'utf8').replace(/\s+/g, ' ');

/** A file of tests in backticks, and the names of tests that follow it in quotes. */
const cited = /`((?:test|\.ci)\/[\w./-]+)`((?:[:,]? "[^"]+")*)/g;

test('SECURITY.md names tests that exist', () => {
  const titles: string[] = [];
  for (const [, file, quoted] of page.matchAll(cited)) {
    assert.ok(existsSync(join(root, file)), file);
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, title] of quoted.matchAll(/"([^"]+)"/g)) {
      assert.ok(text.includes(`${title}'`) || text.includes(`${title}\``), `${file}: ${title}`);
      titles.push(title);
    }
  }
  assert.ok(titles.length > 15, `${titles.length} titles`);
});
