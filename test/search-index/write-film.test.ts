import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openFilm } from '../../src/collection/film.js';
import { readAllRows } from '../../src/collection/held-rows.js';
import { paddedDim, squaredNorm } from '../../src/kernel/scalar.js';
import { profileFilm } from '../../src/search/film-profile.js';
import { computeBasis, readSample } from '../../src/search-index/basis.js';
import { openFilmRows } from '../../src/search-index/film-rows.js';
import { openFilmSketches } from '../../src/search-index/film-sketches.js';
import { projectedRows } from '../../src/search-index/projector.js';
import { createRowSketcher } from '../../src/search-index/sketch.js';
import { writeFilmRows, writeFilmSketches } from '../../src/search-index/write-film.js';
import { rejects } from '../rejects.js';
import { temporaryFolder } from '../temporary-folder.js';
import { archiveOf, bareArrayOf, type FilmRowsMade } from './indexed-films.js';
import { filmLikeRows, seededKinds, seededRows } from './seeded-rows.js';

const dim = 300;
const odd = seededRows('rows that are not finite among others', 8);
const films: Record<string, Buffer> = {
  'like a film.npz': archiveOf({ dim, values: filmLikeRows(70, dim, 1) }),
  'float16.npz': archiveOf({ dim, values: filmLikeRows(9, dim, 2) }, '<f2'),
  'odd.npz': archiveOf(odd as FilmRowsMade),
  'bare.npy': bareArrayOf({ dim: 13, values: filmLikeRows(4, 13, 3) }),
  'empty.npz': archiveOf({ dim, values: new Float32Array() }),
};

describe('the rows file of a film', () => {
  for (const file of Object.keys(films)) {
    test(`has everything that is known about the film: ${file}`, async () => {
      const { entry, path } = await written(file);
      const film = await openFilm(entry);
      const [values, profile, names] = [
        await readAllRows(film),
        await profileFilm(film),
        await film.readFilenames(),
      ];
      await film.close();
      const rows = openFilmRows(path);
      assert.ok(rows);
      const { frames, warnings } = rows.meta;
      assert.equal(frames, film.frames);
      const found = new Float32Array(values.length);
      if (frames > 0) rows.readRows(0, found);
      assert.deepEqual(new Uint8Array(found.buffer), new Uint8Array(values.slice().buffer));
      if (frames > 1) {
        const last = new Float32Array(film.dim);
        rows.readRows(frames - 1, last);
        assert.deepEqual(last, values.slice(-film.dim));
      }
      const { checksum: _, warnings: ofVectors, ...expected } = profile;
      assert.deepEqual(rows.profile(), expected);
      assert.deepEqual(rows.squaredNorms(), profile.squaredNorms);
      assert.deepEqual(rows.filenames(), names.filenames);
      assert.deepEqual(
        warnings.map(({ message }) => entry.path + message),
        [...film.warnings, ...names.warnings, ...ofVectors].map(({ message }) => message),
      );
      rows.check();
      rows.close();
    });
  }

  test('is not written for a film that cannot be read to its end', async () => {
    const folder = temporaryFolder({ 'a.npz': Buffer.from('PK') });
    const path = join(folder, 'a.rows');
    await rejects(() => writeFilmRows({ name: 'a', path: join(folder, 'a.npz') }, path, undefined), {
      code: 'not-an-archive',
    });
    assert.ok(!existsSync(path));
  });
});

describe('the sketch file of a film', () => {
  test('has what a search must know before it reads a sketch', async () => {
    const { path } = await written('odd.npz');
    const basis = computeBasis(readSample([path], dim), dim);
    writeFilmSketches(path, `${path}.sketches`, createRowSketcher('id', basis));
    const sketches = openFilmSketches(`${path}.sketches`);
    assert.ok(sketches);
    const rows = openFilmRows(path);
    const norms = rows?.squaredNorms().filter(Number.isFinite) ?? new Float64Array();
    const { meta } = sketches;
    assert.deepEqual(
      { basis: meta.basis, width: meta.width, frames: meta.frames, nonFinite: meta.nonFinite },
      { basis: 'id', width: basis.vectors.rows, frames: 40, nonFinite: 40 - norms.length },
    );
    assert.deepEqual(meta.squaredNorms, { least: Math.min(...norms), most: Math.max(...norms) });
    assert.ok(meta.coding > 0 && meta.coding < 0.001 && meta.leftover < 0.01);
    assert.deepEqual(
      [...sketches.remainders()].map(Number.isNaN),
      [...(rows?.squaredNorms() ?? [])].map((norm) => !Number.isFinite(norm)),
    );
    sketches.check();
    sketches.close();
    rows?.close();
  });

  test('is made from rows with checksums, or from rows written just before', async () => {
    const { path } = await written('odd.npz');
    const sketcher = createRowSketcher('id', computeBasis(readSample([path], dim), dim));
    const bytes = readFileSync(path);
    bytes[5 * dim * 4] ^= 1;
    writeFileSync(path, bytes);
    await rejects(() => writeFilmSketches(path, `${path}.sketches`, sketcher), {
      code: 'index-damaged',
      message: /row 5/,
    });
    assert.ok(!existsSync(`${path}.sketches`));
    writeFilmSketches(path, `${path}.sketches`, sketcher, 'unchecked');
    openFilmSketches(`${path}.sketches`)?.check();
  });

  test('is the same for rows read into the sketcher’s memory and for others', () => {
    for (const what of seededKinds) {
      const { dim, values } = seededRows(what, 3);
      if (paddedDim(dim) !== dim) continue;
      const rows = Math.min(projectedRows, values.length / dim);
      const block = values.slice(0, rows * dim);
      const basis = computeBasis({ rows, columns: dim, values: block.slice() }, dim);
      const sketcher = createRowSketcher('id', basis);
      assert.ok(sketcher.memory.buffer instanceof SharedArrayBuffer, 'the kernel has it');
      const norms = Float64Array.from({ length: rows }, (_, row) =>
        squaredNorm(block.subarray(row * dim, (row + 1) * dim)),
      );
      const sketch = (of: Float32Array) => {
        const { codes, remainders, checks, coding } = sketcher.sketch(of, norms);
        return [codes.slice(), remainders.slice(), checks.slice(), coding];
      };
      const copied = sketch(block);
      sketcher.memory.set(block);
      assert.deepEqual(sketch(sketcher.memory.subarray(0, block.length)), copied, what);
    }
  });

  test('cannot be made without the rows', async () => {
    const folder = temporaryFolder();
    await rejects(() => writeFilmSketches(join(folder, 'rows'), join(folder, 'sketches'), undefined), {
      code: 'index-damaged',
    });
  });
});

async function written(file: string) {
  const folder = temporaryFolder();
  const entry = { name: file.slice(0, -'.npz'.length), path: join(folder, file) };
  writeFileSync(entry.path, films[file]);
  const path = join(folder, 'rows');
  await writeFilmRows(entry, path, undefined);
  return { entry, path };
}
