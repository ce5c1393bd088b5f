import assert from 'node:assert/strict';
import test from 'node:test';
import { type MergedFilm, mergeFrames } from '../../src/convert/convert-file.js';
import type { Frames } from '../../src/convert/frames.js';
import { blocksOf, type Held, hold } from './frames-in-memory.js';

interface Watched extends MergedFilm {
  isOpen: boolean;
}

function film(name: string, held: Held, warnings: readonly string[] = []): Watched {
  const watched: Watched = {
    name,
    path: `${name}.npz`,
    isOpen: false,
    open: async (): Promise<Frames> => {
      watched.isOpen = true;
      return {
        dim: held.dim,
        warnings,
        async *blocks() {
          let bytes = 0;
          for await (const block of blocksOf(held)) {
            bytes += 10;
            yield { ...block, sourceBytes: bytes };
          }
        },
        close: async () => {
          watched.isOpen = false;
        },
      };
    },
  };
  return watched;
}

const empty: Held = { filenames: [], dim: 0, values: new Float32Array() };
const two: Held = { filenames: ['x', 'y', 'z'], dim: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) };
const one: Held = { filenames: ['x'], dim: 2, values: Float32Array.of(7, 8) };

test('films follow each other, their names before the filenames', async () => {
  const frames = await mergeFrames([film('a', two), film('b:c', one)]);
  assert.equal(frames.dim, 2);
  assert.deepEqual(await hold(frames), {
    filenames: ['a:x', 'a:y', 'a:z', 'b:c:x'],
    dim: 2,
    values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  });
});

test('one film is open at a time, none in the end', async () => {
  const films = [film('a', two), film('b', one), film('c', two)];
  const frames = await mergeFrames(films);
  for await (const _ of frames.blocks()) assert.equal(films.filter(({ isOpen }) => isOpen).length, 1);
  await frames.close();
  assert.equal(films.filter(({ isOpen }) => isOpen).length, 0);
});

test('films without frames fit everywhere', async () => {
  const names = (films: MergedFilm[]) => mergeFrames(films).then(hold);
  assert.deepEqual((await names([film('a', empty), film('b', one), film('c', empty)])).filenames, ['b:x']);
  assert.deepEqual(await names([film('a', empty)]), empty);
  assert.deepEqual(await names([]), empty);
});

test('warnings and bytes of all films are told', async () => {
  const frames = await mergeFrames([film('a', two, ['first']), film('b', one, ['second'])]);
  const bytes: number[] = [];
  for await (const block of frames.blocks()) bytes.push(block.sourceBytes);
  assert.deepEqual(bytes, [10, 20, 30]);
  assert.deepEqual(frames.warnings, ['first', 'second']);
});

test('a film of another dim is refused by its path', async () => {
  const three: Held = { filenames: ['x'], dim: 3, values: Float32Array.of(1, 2, 3) };
  await assert.rejects(mergeFrames([film('a', two), film('b', three)]).then(hold), {
    code: 'dim-mismatch',
    message: 'b.npz: vectors of 3 numbers, but a.npz has 2',
  });
});
