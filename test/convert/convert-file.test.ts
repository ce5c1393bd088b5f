import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import test from 'node:test';
import {
  type Conversion,
  convertFile,
  type MergedFilm,
  mergeFrames,
} from '../../src/convert/convert-file.js';
import { type FormName, formNames, forms } from '../../src/convert/forms.js';
import type { Frames } from '../../src/convert/frames.js';
import { GialloError } from '../../src/errors.js';
import { withOutputs } from '../../src/files/outputs.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { blocksOf, type Held, hold, plainOptions } from './frames-in-memory.js';

function conversion(source: string, target: string): Conversion {
  const form = (path: string) => path.split('.').at(-1) as FormName;
  return { sources: [{ path: source, form: form(source) }], isMerge: false, target, to: form(target) };
}

const vectors = { 'a.jpg': [0.1, -2], 'b,"c"': [3e-7, 4] };

test('a film is the same after converting it from any format to any other', async () => {
  const folder = temporaryFolder();
  const json = join(folder, 'film.json');
  await writeFile(json, JSON.stringify(vectors));
  for (const from of formNames) {
    const source = from === 'json' ? json : join(folder, `from.${from}`);
    if (from !== 'json') await convertFile(conversion(json, source), plainOptions);
    for (const to of formNames) {
      const target = join(folder, `${from}-to.${to}`);
      const converted = await convertFile(conversion(source, target), plainOptions);
      const names = to === 'npy' ? [join(folder, `${from}-to.txt`)] : [];
      assert.deepEqual(converted, { paths: [target, ...names], frames: 2, dim: 2, warnings: [] });
      const held = await hold(await forms[to].read(target, plainOptions));
      assert.deepEqual(held.filenames, Object.keys(vectors));
      assert.deepEqual(held.values, Float32Array.from(Object.values(vectors).flat()));
    }
  }
});

for (const to of formNames) {
  test(`a source that fails halfway leaves no .${to}, and leaves an existing one unchanged`, async () => {
    const folder = temporaryFolder();
    const source = join(folder, 'film.json');
    const frames = Array.from({ length: 1000 }, (_, i) => `"${i}":[${Array(400).fill(i / 7)}]`);
    await writeFile(source, `{${frames.join(',')}`); // 3 MB, cut off
    const target = join(folder, `out.${to}`);
    await assert.rejects(convertFile(conversion(source, target), plainOptions), { code: 'input-malformed' });
    assert.deepEqual(await readdir(folder), ['film.json']);
    await writeFile(target, 'old');
    await assert.rejects(
      convertFile(conversion(source, target), { ...plainOptions, force: true }),
      GialloError,
    );
    assert.deepEqual((await readdir(folder)).sort(), ['film.json', `out.${to}`]);
    assert.equal(await readFile(target, 'utf8'), 'old');
  });
}

test('an existing target is an error without force', async () => {
  const folder = temporaryFolder();
  const source = join(folder, 'film.json');
  const target = join(folder, 'film.npz');
  await writeFile(source, JSON.stringify(vectors));
  await writeFile(target, 'old');
  await assert.rejects(convertFile(conversion(source, target), plainOptions), { code: 'output-exists' });
  assert.equal(await readFile(target, 'utf8'), 'old');
  await convertFile(conversion(source, target), { ...plainOptions, force: true });
  assert.equal((await hold(await forms.npz.read(target, plainOptions))).filenames.length, 2);
});

test('an aborted conversion throws the reason and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const source = join(folder, 'film.json');
  const frames = Array.from({ length: 1000 }, (_, i) => `"${i}":[${Array(1000).fill(i / 7)}]`);
  await writeFile(source, `{${frames.join(',')}}`);
  const aborting = new AbortController();
  const reason = new Error('enough');
  let blocks = 0;
  const onProgress = () => {
    blocks++;
    aborting.abort(reason);
  };
  await assert.rejects(
    convertFile(conversion(source, join(folder, 'film.npz')), plainOptions, {
      signal: aborting.signal,
      onProgress,
    }),
    (error) => error === reason,
  );
  assert.equal(blocks, 1);
  assert.deepEqual(await readdir(folder), ['film.json']);
});

for (const from of formNames) {
  test(`progress ends at the size of a .${from}`, async () => {
    const folder = temporaryFolder();
    const json = join(folder, 'film.json');
    const frames = Array.from({ length: 400 }, (_, i) => `"${i}":[${Array(2000).fill(i / 7)}]`);
    await writeFile(json, `{${frames.join(',')}}`);
    const source = from === 'json' ? json : join(folder, `source.${from}`);
    if (from !== 'json') await convertFile(conversion(json, source), plainOptions);
    const seen: number[] = [];
    await convertFile(conversion(source, join(folder, 'out.npy')), plainOptions, {
      onProgress: (bytes) => seen.push(bytes),
    });
    const { size } = await stat(source);
    assert.ok(seen.length > 2);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    assert.ok(
      (seen.at(-1) as number) <= size && (seen.at(-1) as number) >= size - 2,
      `${seen.at(-1)} of ${size}`,
    );
  });
}

test('warnings about a film are reported', async () => {
  const folder = temporaryFolder();
  const corpus = join(import.meta.dirname, '../fixtures/npz-corpus');
  const { warnings } = await convertFile(
    conversion(join(corpus, 'float64.npz'), join(folder, 'out.npy')),
    plainOptions,
  );
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /float64 is read as float32/);
});

test('dtype and stored have their effect', async () => {
  const folder = temporaryFolder();
  const source = join(folder, 'film.json');
  await writeFile(source, JSON.stringify({ a: Array(1000).fill(0.1) }));
  const half = { ...plainOptions, dtype: 'float16' } as const;
  await convertFile(conversion(source, join(folder, 'half.npy')), half);
  assert.equal((await stat(join(folder, 'half.npy'))).size, 128 + 2000);
  await convertFile(conversion(source, join(folder, 'stored.npz')), {
    ...plainOptions,
    compression: 'stored',
  });
  assert.ok((await stat(join(folder, 'stored.npz'))).size > 4000);
});

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

test('joined films follow each other, with film names before the filenames', async () => {
  const frames = await mergeFrames([film('a', two), film('b:c', one)]);
  assert.equal(frames.dim, 2);
  assert.deepEqual(await hold(frames), {
    filenames: ['a:x', 'a:y', 'a:z', 'b:c:x'],
    dim: 2,
    values: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  });
});

test('joined films of the same name go by their paths', async () => {
  const folder = temporaryFolder({
    'one/film.json': '{"x":[1]}',
    'two/film.csv': 'filename,v0\nx,2\n',
    'two/other.json': '{"x":[3]}',
  });
  const [one, two, other] = ['one/film.json', 'two/film.csv', 'two/other.json'].map((name) =>
    join(folder, name),
  );
  const target = join(folder, 'all.npz');
  const sources = [one, two, other].flatMap((path) => conversion(path, target).sources);
  await convertFile({ sources, isMerge: true, target, to: 'npz' }, plainOptions);
  const held = await hold(await forms.npz.read(target, plainOptions));
  assert.deepEqual(held.filenames, [`${one}:x`, `${two}:x`, 'other:x']);
});

test('joining opens one film at a time, and closes all', async () => {
  const films = [film('a', two), film('b', one), film('c', two)];
  const frames = await mergeFrames(films);
  for await (const _ of frames.blocks()) assert.equal(films.filter(({ isOpen }) => isOpen).length, 1);
  await frames.close();
  assert.equal(films.filter(({ isOpen }) => isOpen).length, 0);
});

test('films without frames can be joined with any others', async () => {
  const names = (films: MergedFilm[]) => mergeFrames(films).then(hold);
  assert.deepEqual((await names([film('a', empty), film('b', one), film('c', empty)])).filenames, ['b:x']);
  assert.deepEqual(await names([film('a', empty)]), empty);
  assert.deepEqual(await names([]), empty);
});

test('warnings and progress of all joined films are reported', async () => {
  const frames = await mergeFrames([film('a', two, ['first']), film('b', one, ['second'])]);
  const bytes: number[] = [];
  for await (const block of frames.blocks()) bytes.push(block.sourceBytes);
  assert.deepEqual(bytes, [10, 20, 30]);
  assert.deepEqual(frames.warnings, ['first', 'second']);
});

test('a joined film of another dim is an error that names its path', async () => {
  const three: Held = { filenames: ['x'], dim: 3, values: Float32Array.of(1, 2, 3) };
  await assert.rejects(mergeFrames([film('a', two), film('b', three)]).then(hold), {
    code: 'dim-mismatch',
    message: 'b.npz: vectors of 3 numbers, but a.npz has 2',
  });
});

test('an archive with more frames than are read is refused, and none is left', async () => {
  const path = join(temporaryFolder(), 'film.npz');
  const filenames = new Array<string>(2 ** 24 + 1);
  const block = { filenames, values: new Float32Array(), sourceBytes: 0 };
  const write = () =>
    withOutputs({ force: false, sources: [] }, (outputs) =>
      forms.npz.write(
        { path, place: path, outputs, dim: 1, blocks: Readable.from([block]) as AsyncIterable<typeof block> },
        plainOptions,
      ),
    );
  await rejects(write, {
    code: 'size-absurd',
    message: `${path}: 16777217 frames; at most 16777216 are read`,
    hint: 'save them as several films',
  });
  assert.deepEqual(await readdir(join(path, '..')), []);
});
