import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openFilm } from '../../src/collection/film.js';
import { openByteSource } from '../../src/npz/byte-source.js';
import { freePiece, giveSpare, takeSpare } from '../../src/npz/spare-memory.js';
import { readDirectory } from '../../src/npz/zip-directory.js';
import { openMember, readMember } from '../../src/npz/zip-member.js';
import { seededNumbers } from '../seeded-numbers.js';
import { temporaryFolder } from '../temporary-folder.js';
import { buildNpy, buildZip } from './build-zip.js';

describe('memory that was returned', () => {
  test('is reused once, by a request of exactly its size', () => {
    const memory = new Uint8Array(12_345);
    giveSpare(memory);
    assert.equal(takeSpare(12_344), undefined);
    assert.equal(takeSpare(12_345), memory);
    assert.equal(takeSpare(12_345), undefined);
  });

  test('is kept for a few films, but not if rows are very long', () => {
    for (let i = 0; i < 100; i++) giveSpare(new Uint8Array(100 + i));
    assert.equal(takeSpare(100), undefined);
    assert.ok(takeSpare(199));
    giveSpare(new Uint8Array(1 << 23));
    assert.equal(takeSpare(1 << 23), undefined);
  });
});

test('a piece is freed at once if nothing follows it in its memory', () => {
  const memory = new Uint8Array(1 << 20);
  freePiece(memory.subarray(0, 1 << 19));
  freePiece(memory.subarray(memory.length - 100));
  assert.equal(memory.length, 1 << 20);
  freePiece(memory.subarray(1 << 19));
  assert.equal(memory.length, 0);
});

test('a piece followed by others is freed when zlib has ended', () => {
  const memory = new Uint8Array(1 << 20);
  const piece = memory.subarray(0, 1 << 19);
  freePiece(piece);
  assert.equal(memory.length, 1 << 20);
  freePiece(piece, 'zlib has ended');
  assert.equal(memory.length, 0);
  freePiece(piece, 'zlib has ended');
});

test('all large pieces of a member are freed when the next one is requested', async () => {
  const raw = buildNpy('<f4', [1800, 1024], new Uint8Array(1800 * 4096).fill(7));
  const path = join(temporaryFolder(), 'a.npz');
  writeFileSync(path, buildZip([{ name: 'embeddings.npy', raw, method: 8 }]));
  const source = await openByteSource(path);
  const [entry] = await readDirectory(source);
  const pieces: Uint8Array[] = [];
  const member = await openMember(source, entry, () => true);
  for await (const piece of readMember(source, member)) {
    assert.ok(pieces.every(({ length }) => length === 0));
    assert.ok(piece.length > 0);
    pieces.push(piece);
  }
  assert.ok(pieces.length > 2);
  assert.ok(pieces.every(({ length }) => length === 0));
  await source.close();
});

test('films that are read at the same time do not share their pieces', async () => {
  const [frames, dim] = [700, 1024];
  const folder = temporaryFolder();
  const films = ['a', 'b', 'c', 'd'].map((name, i) => {
    const values = Float32Array.from({ length: frames * dim }, seededNumbers(i));
    const raw = buildNpy('<f4', [frames, dim], new Uint8Array(values.buffer));
    const path = join(folder, `${name}.npz`);
    writeFileSync(path, buildZip([{ name: 'embeddings.npy', raw, method: i % 3 === 2 ? 0 : 8 }]));
    return { entry: { name, path }, values };
  });
  const readAll = async ({ entry, values }: (typeof films)[number]) => {
    const film = await openFilm(entry);
    let first = 0;
    for await (const block of film.readBlocks()) {
      await new Promise(setImmediate);
      const expected = values.subarray(first, first + block.values.length);
      assert.ok(
        Buffer.compare(bytesOf(block.values), bytesOf(expected)) === 0,
        `${entry.name} from ${first}`,
      );
      first += block.values.length;
    }
    assert.equal(first, values.length);
    await film.close();
  };
  await Promise.all([...films, films[0], films[3]].map(readAll));
  for (const film of films) await readAll(film);
});

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
