import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { test } from 'node:test';
import { cacheRoot, filmFileStem, homeFolder, indexFolder } from '../../src/search-index/cache-folder.js';
import { temporaryFolder } from '../temporary-folder.js';

test('indexes lie where $GIALLO_CACHE says, else in the place of the platform', () => {
  const home = homedir();
  const places: readonly (readonly [NodeJS.Platform, Record<string, string>, string])[] = [
    ['linux', { GIALLO_CACHE: '/x', XDG_CACHE_HOME: '/y' }, '/x'],
    ['linux', { XDG_CACHE_HOME: '/y' }, join('/y', 'giallo')],
    ['linux', { XDG_CACHE_HOME: 'y' }, join(home, '.cache', 'giallo')],
    ['linux', { GIALLO_CACHE: '' }, join(home, '.cache', 'giallo')],
    ['darwin', {}, join(home, 'Library', 'Caches', 'giallo')],
    ['win32', { LOCALAPPDATA: 'C:\\Cache' }, join('C:\\Cache', 'giallo')],
  ];
  for (const [platform, env, expected] of places) assert.equal(cacheRoot(env, platform), expected);
});

test('an empty $HOME is none', () => {
  const { HOME } = process.env;
  process.env.HOME = '';
  try {
    assert.ok(isAbsolute(cacheRoot({}, 'linux')));
    assert.ok(isAbsolute(homeFolder()));
  } finally {
    if (HOME === undefined) delete process.env.HOME;
    else process.env.HOME = HOME;
  }
});

test('a collection has one folder, by whatever path or link it is named', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'films'));
  mkdirSync(join(folder, 'others'));
  symlinkSync('films', join(folder, 'link'));
  const of = (path: string) => indexFolder('root', join(folder, path));
  assert.equal(of('link'), of('films'));
  assert.equal(of('others/../films/'), of('films'));
  assert.notEqual(of('others'), of('films'));
});

test('files of films are readable, short, and apart for names that look the same', () => {
  assert.match(filmFileStem('Big.Buck Bunny'), /^Big\.Buck_Bunny-[0-9a-f]{16}$/);
  const names = ['a b', 'a_b', 'a/b', 'ä', 'ö', '../a', 'x'.repeat(300), `${'x'.repeat(300)}y`];
  const stems = names.map(filmFileStem);
  assert.equal(new Set(stems).size, names.length);
  for (const stem of stems) assert.match(stem, /^[A-Za-z0-9._-]{1,110}$/);
});
