import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { filmFileStem, indexFolder } from '../../src/search-index/index-folder.js';
import { temporaryFolder } from '../temporary-folder.js';

test('a collection has the same folder by any path or link', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'films'));
  mkdirSync(join(folder, 'others'));
  symlinkSync('films', join(folder, 'link'));
  const of = (path: string) => indexFolder('root', join(folder, path));
  assert.equal(of('link'), of('films'));
  assert.equal(of('others/../films/'), of('films'));
  assert.notEqual(of('others'), of('films'));
});

test('files of films have readable, short names that differ for similar film names', () => {
  assert.match(filmFileStem('Big.Buck Bunny'), /^Big\.Buck_Bunny-[0-9a-f]{16}$/);
  const names = ['a b', 'a_b', 'a/b', 'ä', 'ö', '../a', 'x'.repeat(300), `${'x'.repeat(300)}y`];
  const stems = names.map(filmFileStem);
  assert.equal(new Set(stems).size, names.length);
  for (const stem of stems) assert.match(stem, /^[A-Za-z0-9._-]{1,110}$/);
});
