import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { safeFileName, shortFileName } from '../../src/files/file-names.js';

describe('the file of a film', () => {
  test('is named by the film, with what some file system forbids written out', () => {
    assert.equal(safeFileName('Film 1', '.csv'), 'Film 1.csv');
    assert.equal(safeFileName('a/b:c%\u0001?*', '.csv'), 'a%2Fb%3Ac%25%01%3F%2A.csv');
    assert.equal(safeFileName('con', '.csv'), '%63on.csv');
    assert.equal(safeFileName('context', '.csv'), 'context.csv');
  });

  test('is never longer than file systems allow, and apart for films that are apart', () => {
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

  test('is cut with a hash behind it, between characters', () => {
    const long = 'ä'.repeat(130);
    const cut = shortFileName(long, '.csv');
    assert.match(cut, /^ä+~[0-9a-f]{16}\.csv$/);
    // A film that is called what another was cut to has another file.
    const alike = cut.slice(0, -'.csv'.length);
    assert.notEqual(shortFileName(alike, '.csv'), cut);
  });
});
