import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { addressFrom, safeFileName, shortFileName } from '../../src/files/file-names.js';

describe('the file of a film', () => {
  test('is named after the film, with characters escaped that some file system forbids', () => {
    assert.equal(safeFileName('Film 1', '.csv'), 'Film 1.csv');
    assert.equal(safeFileName('a/b:c%\u0001?*', '.csv'), 'a%2Fb%3Ac%25%01%3F%2A.csv');
    assert.equal(safeFileName('con', '.csv'), '%63on.csv');
    assert.equal(safeFileName('context', '.csv'), 'context.csv');
    assert.equal(safeFileName('../a.b/c.npz', '.csv'), '%2E.%2Fa.b%2Fc.npz.csv');
  });

  test('is never too long for file systems, and differs for different films', () => {
    const name = fc.string({ unit: fc.constantFrom('%', 'x', 'ä', '🎞', '~', '0'), maxLength: 300 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [one, other] = [a, b].map((film) => safeFileName(film, '.ndjson'));
        assert.ok(Buffer.byteLength(one) <= 255);
        assert.ok(one.endsWith('.ndjson'));
        assert.equal(safeFileName(a, '.ndjson'), one);
        if (a !== b) assert.notEqual(one, other);
      }),
    );
  });

  test('is cut between characters, with a hash after it', () => {
    const long = 'ä'.repeat(130);
    const cut = shortFileName(long, '.csv');
    assert.match(cut, /^ä+~[0-9a-f]{16}\.csv$/);
    // A film with the name to which another film's name was cut has a different file.
    const alike = cut.slice(0, -'.csv'.length);
    assert.notEqual(shortFileName(alike, '.csv'), cut);
  });
});

describe('the address of a file for a page', () => {
  const page = '/look/it';
  for (const [path, address] of [
    ['/look/it/film.mp4', 'film.mp4'],
    ['/look/films/a b #1?.mp4', '../films/a%20b%20%231%3F.mp4'],
    ['/look/it/javascript:alert(1)', 'javascript%3Aalert(1)'],
    ['/look/it/http://x/"><b>', 'http%3A/x/%22%3E%3Cb%3E'],
    ['/look/100%\\', '../100%25%5C'],
    ['/look/it/\ud800', '%EF%BF%BD'],
  ]) {
    test(`${JSON.stringify(path)} from ${page}`, () => {
      assert.equal(addressFrom(page, path), address);
      if (!path.includes('\ud800')) {
        const { protocol, pathname } = new URL(address, `file://${page}/`);
        assert.equal(protocol, 'file:');
        assert.equal(decodeURIComponent(pathname), path.replace('//', '/'));
      }
    });
  }
});
