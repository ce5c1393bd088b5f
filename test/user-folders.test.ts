import assert from 'node:assert/strict';
import { syncBuiltinESMExports } from 'node:module';
import os, { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { test } from 'node:test';
import { cacheRoot, homeFolder } from '../src/user-folders.js';

test('the cache folder is $GIALLO_CACHE, else the platform’s own', () => {
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

test('a $HOME that is empty or a relative path counts as unset', () => {
  const { HOME } = process.env;
  try {
    for (const home of ['', 'relative']) {
      process.env.HOME = home;
      assert.ok(isAbsolute(cacheRoot({}, 'linux')));
      assert.ok(isAbsolute(homeFolder()));
    }
  } finally {
    if (HOME === undefined) delete process.env.HOME;
    else process.env.HOME = HOME;
  }
});

test('a user whom the system does not know has the root folder for a home', ({ mock }) => {
  const unknown = () => {
    throw new Error('uv_os_homedir returned ENOENT');
  };
  mock.method(os, 'homedir', unknown);
  mock.method(os, 'userInfo', unknown);
  syncBuiltinESMExports();
  try {
    assert.equal(homeFolder(), '/');
    assert.equal(cacheRoot({}, 'linux'), '/.cache/giallo');
  } finally {
    mock.reset();
    syncBuiltinESMExports();
  }
});
