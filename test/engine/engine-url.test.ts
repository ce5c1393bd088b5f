import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseEngineUrl } from '../../src/engine/engine-url.js';
import { GialloError } from '../../src/errors.js';
import { rejects } from '../rejects.js';

describe('parseEngineUrl', () => {
  test('parses an address', () => {
    assert.deepEqual(parseEngineUrl('clickhouse://anna@archive:9123/films?cluster=studio-1&timeout=20'), {
      endpoint: 'http://archive:9123',
      user: 'anna',
      database: 'films',
      cluster: 'studio-1',
      timeoutMs: 20_000,
      label: 'clickhouse://archive:9123/films',
    });
  });

  test('has defaults for missing parts', () => {
    assert.deepEqual(parseEngineUrl('clickhouses://archive'), {
      endpoint: 'https://archive:8443',
      user: 'default',
      database: 'default',
      cluster: undefined,
      timeoutMs: 300_000,
      label: 'clickhouses://archive:8443/default',
    });
    assert.equal(parseEngineUrl('clickhouse://archive/').endpoint, 'http://archive:8123');
    assert.equal(parseEngineUrl('clickhouse://[::1]:9000/a').endpoint, 'http://[::1]:9000');
    assert.equal(parseEngineUrl('clickhouse://a%40b@archive/f%20m').user, 'a@b');
    assert.equal(parseEngineUrl('clickhouse://a%40b@archive/f%20m').database, 'f m');
  });

  for (const [url, message] of [
    ['archive:8123', /found archive:/],
    ['http://archive', /found http:/],
    ['clickhouse://', /not an address|no host/],
    ['', /not an address/],
    ['clickhouse://archive/films/more', /one database/],
    ['clickhouse://archive/films?replica=1', /found \?replica/],
    ["clickhouse://archive/films?cluster=a'b", /cluster's name/],
    ['clickhouse://archive/films?cluster=', /cluster's name/],
    ['clickhouse://archive/films?timeout=0', /timeout/],
    ['clickhouse://archive/%', /%/],
  ] as const) {
    test(`refuses ${url}`, () => rejects(() => parseEngineUrl(url), { code: 'usage', message }));
  }

  test('refuses a password, without printing it', () => {
    for (const url of ['clickhouse://anna:s3cret@archive/films', 'clickhouse://:s3cret@archive?cluster=x']) {
      assert.throws(
        () => parseEngineUrl(url),
        (error) =>
          error instanceof GialloError &&
          error.code === 'usage' &&
          /GIALLO_ENGINE_PASSWORD/.test(error.hint ?? '') &&
          !`${error.message}${error.hint}${error.stack}`.includes('s3cret'),
      );
    }
  });
});
