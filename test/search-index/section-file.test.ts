import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { GialloError } from '../../src/errors.js';
import { openSectionFile } from '../../src/search-index/section-file.js';
import { createSectionFile } from '../../src/search-index/section-writer.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';

interface Meta {
  readonly note: string;
}

describe('an index file', () => {
  test('is read back with its sections, aligned, and its description', () => {
    const path = written();
    const file = openSectionFile<Meta>(path, 'kind');
    assert.ok(file);
    assert.deepEqual(file.meta, { note: 'größe' });
    assert.deepEqual([...file.read('first')], [1, 2, 3, 4, 5]);
    assert.deepEqual([...file.read('empty')], []);
    const part = new Uint8Array(2);
    file.readInto('own', 1, part);
    assert.deepEqual([...part], [8, 9]);
    assert.equal(file.byteLength, readFileSync(path).length);
    file.close();
  });

  test('may be missing', () => {
    assert.equal(openSectionFile(join(temporaryFolder(), 'none'), 'kind'), undefined);
  });

  test('of another kind, or without a section, is damaged', async () => {
    const path = written();
    await rejects(() => openSectionFile(path, 'other'), {
      code: 'index-damaged',
      message: /it holds kind/,
    });
    const file = openSectionFile<Meta>(path, 'kind');
    await rejects(() => file?.read('second'), { code: 'index-damaged', message: /second is missing/ });
    await rejects(() => file?.readInto('own', 2, new Uint8Array(2)), {
      code: 'index-damaged',
      message: /own is short/,
    });
    file?.close();
  });

  test('of an older format counts as missing, of an unknown format as damaged', async () => {
    const path = written();
    const bytes = readFileSync(path);
    const last = bytes.length - 1;
    const format = bytes[last];
    for (const older of [1, format - 1]) {
      bytes[last] = older;
      writeFileSync(path, bytes);
      assert.equal(openSectionFile(path, 'kind'), undefined);
    }
    for (const other of [0, format + 1]) {
      bytes[last] = other;
      writeFileSync(path, bytes);
      await rejects(() => openSectionFile(path, 'kind'), {
        code: 'index-damaged',
        message: /the index file is damaged: it does not end as an index file of this version/,
      });
    }
  });

  test('with any change or cut is damaged or gives the right bytes', () => {
    const path = written();
    const whole = readFileSync(path);
    const expected = contentOf(path);
    assert.notEqual(expected, 'damaged');
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at] ^= 1 << (at % 8);
      writeFileSync(path, changed);
      const found = contentOf(path);
      if (found !== 'damaged') assert.deepEqual(found, expected, `byte ${at}`);
      writeFileSync(path, whole.subarray(0, at));
      assert.equal(contentOf(path), 'damaged', `cut at ${at}`);
    }
    writeFileSync(path, Buffer.concat([whole, whole]));
    assert.equal(contentOf(path), 'damaged', 'twice over');
  });

  test('that is given up leaves no files, and a finished one is kept', () => {
    const folder = temporaryFolder();
    const writer = createSectionFile<Meta>(join(folder, 'file'), 'kind');
    writer.append('first', Buffer.from('abc'));
    assert.equal(readdirSync(folder).length, 1);
    writer.abandon();
    assert.deepEqual(readdirSync(folder), []);
    const other = createSectionFile<Meta>(join(folder, 'file'), 'kind');
    other.finish({ note: '' });
    other.abandon();
    assert.deepEqual(readdirSync(folder), ['file']);
  });

  test('cannot be written without its folder', async () => {
    await rejects(() => createSectionFile(join(temporaryFolder(), 'none', 'file'), 'kind'), {
      code: 'file-unwritable',
    });
  });
});

function written(): string {
  const path = join(temporaryFolder(), 'file');
  const writer = createSectionFile<Meta>(path, 'kind');
  writer.append('first', Uint8Array.of(1, 2, 3));
  writer.append('first', Uint8Array.of(4, 5));
  writer.append('empty', Uint8Array.of());
  writer.append('own', Uint8Array.of(7, 8, 9), 'unchecked');
  writer.finish({ note: 'größe' });
  return path;
}

/** The bytes of a file that are checked: all except the section that has its own checks. */
function contentOf(path: string): unknown {
  try {
    const file = openSectionFile<Meta>(path, 'kind');
    const content = file && [file.meta, [...file.read('first')], [...file.read('empty')]];
    file?.close();
    return content;
  } catch (error) {
    if (error instanceof GialloError && error.code === 'index-damaged') return 'damaged';
    throw error;
  }
}
